"""Citizens write while organizations move, merge, close and open: nothing is lost, doubled, or waits in a circle."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from exchange.verification import verify
from tests.citizens import Citizen
from tests.clients import client_of
from tests.exactness import hold_totals
from tests.officials import Official, appointed
from tests.registrars import Registrar, registrar_of

WRITERS = 16
# Nothing here waits for longer than that, unless it waits in a circle.
PATIENCE = 60
# One organization that everybody rates, and many of its ministry, among which there are offices for this test alone.
OFFICES = tuple(f"OFFICE-{number}" for number in range(4))
BODIES = ("CLINIC", "SCHOOL", "REGION", "MINISTRY", *OFFICES)
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


@dataclass
class Writer:
    """Somebody who rates bodies, some of whose ratings are taken back, rejected, or rejected and restored.

    `ended` says what has become of each submission that was counted, by its id.
    """

    citizen: Citizen
    moderator: Official
    number: int
    ended: dict[str, str] = field(default_factory=dict)

    async def write(self) -> None:
        """Half of all begin where everybody does; the others come by there later, each from elsewhere."""
        ahead = self.number // 2 % len(BODIES)
        others = [*BODIES[ahead:], *BODIES[:ahead]][:5]
        for place, body in enumerate([*others, "HOSPITAL"] if self.number % 2 else ["HOSPITAL", *others]):
            found = await self.citizen.submit(body)
            if found["__typename"] == "SubmitQuestionnairePayload":
                id_ = found["submission"]["id"]
                assert id_ not in self.ended
                self.ended[id_] = await self.end(id_, (self.number + place) % 4)
            else:
                # Who rated the clinic or the hospital has rated both of them, once they are one.
                assert (found["code"], body in ("CLINIC", "HOSPITAL")) == ("TOO_SOON", True), found

    async def end(self, id_: str, fate: int) -> str:
        """Do with a submission what chance would; its status after that."""
        changes: tuple[Callable[[str], Awaitable[Any]], ...] = (
            (),
            (self.citizen.withdraw,),
            (self.moderator.reject,),
            (self.moderator.reject, self.moderator.restore),
        )[fate]
        status = "COUNTED"
        for change in changes:
            found = await change(id_)
            assert found["__typename"].endswith("Payload"), found
            status = found["submission"]["status"]
        assert status == ("COUNTED", "WITHDRAWN", "REJECTED", "COUNTED")[fate]
        return status


async def move_about(operator: Registrar) -> None:
    """Give bodies other places in both trees, again and again."""
    for _ in range(2):
        for code, below, tree in (
            ("HOSPITAL", "SCHOOL", "SUBORDINATION"),
            ("SCHOOL", "REGION", "SUBORDINATION"),
            ("HOSPITAL", None, "SUPERVISION"),
            ("HOSPITAL", "MINISTRY", "SUBORDINATION"),
            ("SCHOOL", None, "SUBORDINATION"),
            (OFFICES[0], OFFICES[1], "SUBORDINATION"),
            ("HOSPITAL", "INSPECTORATE", "SUPERVISION"),
            (OFFICES[0], "REGION", "SUBORDINATION"),
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
    for office in OFFICES:
        new = {"code": office, "kind": "BODY", "names": {"en": office}, "area": "BY"}
        await operator.change("createOrganization", **new, subordination={"below": {"code": "MINISTRY"}})
    # Wherever the hospital stands.
    for top in ("MINISTRY", "SCHOOL"):
        moderator = appointed(operator, "citizen-22", "MODERATOR", top)
    writers = [Writer(busy(f"citizen-{number}"), moderator, number) for number in range(6, 6 + WRITERS)]
    before = statuses(operator.url)
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(move_about(operator), open_and_close(operator), *(each.write() for each in writers))
    ended = [status for each in writers for status in each.ended.values()]
    # Of what each began with nothing was too soon, and nobody was given what another was.
    assert len(ended) >= 5 * WRITERS
    assert len({id_ for each in writers for id_ in each.ended}) == len(ended)
    assert statuses(operator.url) == before + Counter(ended)
    assert verify(operator.url).agrees
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
