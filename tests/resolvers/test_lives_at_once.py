"""Citizens write while organizations move, merge, close and open: nothing is lost, doubled, or waits in a circle."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import psycopg
import pytest

from tests.citizens import Citizen
from tests.clients import client_of
from tests.exactness import hold_totals
from tests.registrars import Registrar, registrar_of

WRITERS = 12
# Nothing here waits for longer than that, unless it waits in a circle.
PATIENCE = 60
BODIES = ("HOSPITAL", "CLINIC", "SCHOOL", "REGION", "INSPECTORATE", "MINISTRY")
STATUSES = "SELECT status::text, count(*) FROM submission GROUP BY status"

NewCitizen = Callable[[str], Citizen]


@pytest.fixture
async def busy(stage_url: str, tmp_path: Path) -> AsyncIterator[NewCitizen]:
    """People of an application that has a connection for each of them."""
    async with client_of(stage_url, tmp_path, pool_size=WRITERS + 2) as client:
        yield partial(Citizen, client, stage_url)


@pytest.fixture
def operator(busy: NewCitizen) -> Registrar:
    return registrar_of(busy("citizen-24"), "citizen-24", "OPERATOR", "LONER")


def statuses(url: str) -> Counter[str]:
    """How many submissions have each status."""
    with psycopg.connect(url) as connection:
        return Counter(dict(connection.execute(STATUSES).fetchall()))


async def write(citizen: Citizen) -> Counter[str]:
    """Rate all bodies and take every second rating back; what that must add to the statuses."""
    added: Counter[str] = Counter()
    for number, body in enumerate(BODIES):
        found = await citizen.submit(body)
        # Who rated a clinic has just rated the hospital that takes it over.
        assert found["__typename"] == "SubmitQuestionnairePayload" or found["code"] == "TOO_SOON", found
        if found["__typename"] == "SubmitQuestionnairePayload":
            taken_back = number % 2 == 1
            if taken_back:
                await citizen.withdraw(found["submission"]["id"])
            added["WITHDRAWN" if taken_back else "COUNTED"] += 1
    return added


async def move_about(operator: Registrar) -> None:
    """Give bodies other places in both trees, again and again."""
    for _ in range(2):
        for code, below, tree in (
            ("HOSPITAL", "SCHOOL", "SUBORDINATION"),
            ("SCHOOL", "REGION", "SUBORDINATION"),
            ("HOSPITAL", None, "SUPERVISION"),
            ("HOSPITAL", "MINISTRY", "SUBORDINATION"),
            ("SCHOOL", None, "SUBORDINATION"),
            ("HOSPITAL", "INSPECTORATE", "SUPERVISION"),
        ):
            found = await operator.move(code, below, tree)
            assert found["__typename"] == "MoveOrganizationPayload", found


async def open_and_close(operator: Registrar) -> None:
    """Close a ward, open it again, merge new ones into it; in the middle the hospital takes the clinic over."""
    for number in range(4):
        new = {"code": f"W{number}", "kind": "BODY", "names": {"en": "Ward"}, "area": "BY"}
        await operator.change("createOrganization", **new, subordination={"below": {"code": "HOSPITAL"}})
        await operator.merge(f"W{number}", "WARD")
        assert (await operator.close("WARD"))["__typename"] == "CloseOrganizationPayload"
        assert (await operator.reopen("WARD"))["__typename"] == "ReopenOrganizationPayload"
        assert (await operator.merge("CLINIC", "HOSPITAL"))["__typename"] == "MergeOrganizationPayload"


async def test_everybody_writes_while_everything_moves(busy: NewCitizen, operator: Registrar) -> None:
    people = [busy(f"citizen-{number}") for number in range(6, 6 + WRITERS)]
    before = statuses(operator.url)
    async with asyncio.timeout(PATIENCE):
        changing = asyncio.gather(move_about(operator), open_and_close(operator))
        _, added = await asyncio.gather(changing, asyncio.gather(*(write(each) for each in people)))
    assert statuses(operator.url) == sum(added, before)
    hold_totals(operator.url)


async def test_two_merges_of_one_at_once_are_one(operator: Registrar) -> None:
    results = await asyncio.gather(*(operator.merge("CLINIC", into) for into in ("HOSPITAL", "SCHOOL", "HOSPITAL")))
    kinds = Counter(each.get("code") or each["__typename"] for each in results)
    assert kinds in (
        {"MergeOrganizationPayload": 2, "ORGANIZATION_MERGED": 1},
        {"MergeOrganizationPayload": 1, "ORGANIZATION_MERGED": 2},
    )
    hold_totals(operator.url)


async def test_two_of_one_code_at_once_are_one_organization(operator: Registrar) -> None:
    new = {"code": "NEW", "kind": "BODY", "names": {"en": "New"}, "area": "BY"}
    results = await asyncio.gather(*(operator.change("createOrganization", **new) for _ in range(4)))
    kinds = Counter(each.get("code") or each["__typename"] for each in results)
    assert kinds == {"CreateOrganizationPayload": 1, "CODE_TAKEN": 3}
    hold_totals(operator.url)


async def test_two_cannot_come_to_stand_below_each_other(operator: Registrar) -> None:
    results = await asyncio.gather(operator.move("HOSPITAL", "CLINIC"), operator.move("CLINIC", "HOSPITAL"))
    assert Counter(each.get("code") or each["__typename"] for each in results) == {
        "MoveOrganizationPayload": 1,
        "BELOW_ITSELF": 1,
    }
    hold_totals(operator.url)


async def test_one_application_handed_in_and_accepted_many_times_is_one(operator: Registrar) -> None:
    asked = {"kind": "BODY", "names": {"en": "New"}, "idempotencyKey": "once", "area": "BY"}
    results = await asyncio.gather(*(operator.change("applyForRegistration", **asked) for _ in range(4)))
    (id_,) = {each["application"]["id"] for each in results}
    accept = [operator.change("acceptApplication", application=id_, code=f"NEW-{number % 2}") for number in range(4)]
    kinds = Counter(each.get("code") or each["__typename"] for each in await asyncio.gather(*accept))
    assert kinds == {"AcceptApplicationPayload": 2, "APPLICATION_DECIDED": 2}
    hold_totals(operator.url)
