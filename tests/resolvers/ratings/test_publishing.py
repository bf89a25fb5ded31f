"""publishEdition: by operators, once, of a period of whole months that is over; a refusal leaves nothing behind."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString

import psycopg
import pytest

from portal.scratch import ScratchServer
from tests.citizens import PROBLEM, Citizen, result
from tests.clients import client_of
from tests.digests import digests
from tests.officials import Official, appointed
from tests.resolvers.submissions.test_writers_at_once import together

NewCitizen = Callable[[str | None], Citizen]
PUBLISH = f"""mutation($input: PublishEditionInput!) {{ publishEdition(input: $input) {{
    __typename {PROBLEM} ... on PublishEditionPayload {{ edition {{ id code digest }} }} }} }}"""
YEAR = {"code": "2025", "titles": {"en": "Year"}, "from": "2025-01-01", "to": "2025-12-31"}
TRAIL: LiteralString = """SELECT account.code, action::text, subject::text, subject_id, organization_id, details
    FROM audit_event LEFT JOIN account ON account.id = account_id ORDER BY audit_event.id"""
EDITIONS: LiteralString = (
    "SELECT edition.id, edition.digest, account.code FROM edition LEFT JOIN account ON account.id = account_id"
)


@pytest.fixture
def operator(new_citizen: NewCitizen) -> Official:
    return appointed(new_citizen("citizen-9"), "citizen-20", "OPERATOR", "MINISTRY")


@pytest.fixture(scope="module")
async def shared(
    scratch: ScratchServer, stage_template: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Official]:
    """One for all refusals: none of them changes anything."""
    with scratch.temporary(stage_template.replace("stage", f"publishing_{worker_id}"), stage_template) as url:
        async with client_of(url, tmp_path_factory.mktemp("home")) as client:
            yield appointed(Citizen(client, url, "citizen-9"), "citizen-20", "OPERATOR", "MINISTRY")


async def publish(official: Official, **changes: Any) -> Any:
    """The result of publishing an edition, as it is or with other values."""
    return result(await official.ask(PUBLISH, input=YEAR | changes))


def rows(official: Official, query: LiteralString) -> list[Any]:
    with psycopg.connect(official.url) as connection:
        return connection.execute(query).fetchall()


def month(days: int) -> dict[str, str]:
    """The month of a day that is so many days ahead."""
    day = (datetime.now(UTC) + timedelta(days=days)).date()
    following = (day.replace(day=1) + timedelta(days=31)).replace(day=1)
    return {"from": day.replace(day=1).isoformat(), "to": (following - timedelta(days=1)).isoformat()}


async def test_it_is_published_and_on_the_trail(operator: Official) -> None:
    edition = (await publish(operator))["edition"]
    ((key, stored, account),) = rows(operator, EDITIONS)
    assert (edition["code"], edition["digest"], account) == ("2025", stored, "citizen-20")
    details = {"code": "2025", "from": "2025-01-01", "to": "2025-12-31", "digest": stored}
    assert rows(operator, TRAIL) == [("citizen-20", "EDITION_PUBLISHED", "EDITION", key, None, details)]


async def test_publishing_takes_seven_statements(operator: Official) -> None:
    """The snapshot, its time, the table's lock, the role, what is there, the edition, the trail; then its answer."""
    await publish(operator)
    assert len(operator.client.statements) == 8


async def test_the_same_again_is_the_same(operator: Official) -> None:
    first = await publish(operator)
    before = digests(operator.url)
    assert await publish(operator) == first
    assert digests(operator.url) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"titles": {"en": "Other"}},
        {"titles": {"en": "Year", "ru": "Год"}},
        {"from": "2025-02-01"},
        {"to": "2025-11-30"},
    ],
    ids=str,
)
async def test_a_code_is_of_one_edition(operator: Official, changes: dict[str, Any]) -> None:
    await publish(operator)
    before = digests(operator.url)
    found = await publish(operator, **changes)
    assert (found["__typename"], found["code"], found["path"]) == ("ConflictProblem", "CODE_TAKEN", ["input", "code"])
    assert digests(operator.url) == before


async def test_periods_may_overlap(operator: Official) -> None:
    assert (await publish(operator))["__typename"] == "PublishEditionPayload"
    assert (await publish(operator, code="2025-2"))["__typename"] == "PublishEditionPayload"
    assert (await publish(operator, code="month", to="2025-01-31"))["__typename"] == "PublishEditionPayload"


async def test_of_several_at_once_one_is_made(operator: Official) -> None:
    found = await together(publish(operator) for _ in range(4))
    assert len({each["edition"]["id"] for each in found}) == 1
    assert len(rows(operator, EDITIONS)) == len(rows(operator, TRAIL)) == 1


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"code": ""}, "CODE_INVALID", ["code"]),
        ({"code": "-1"}, "CODE_INVALID", ["code"]),
        ({"code": "a b"}, "CODE_INVALID", ["code"]),
        ({"code": "x" * 65}, "TEXT_TOO_LONG", ["code"]),
        ({"code": "a\0"}, "TEXT_INVALID", ["code"]),
        ({"titles": {}}, "TITLE_MISSING", ["titles"]),
        ({"titles": {"be": None}}, "TITLE_MISSING", ["titles"]),
        ({"titles": {"en": "Year", "ru": " "}}, "TEXT_BLANK", ["titles", "ru"]),
        ({"titles": {"en": "x" * 501}}, "TEXT_TOO_LONG", ["titles", "en"]),
        ({"titles": {"en": "a\0"}}, "TEXT_INVALID", ["titles", "en"]),
        ({"from": "2025-01-02"}, "NOT_WHOLE_MONTHS", ["from"]),
        ({"to": "2025-12-30"}, "NOT_WHOLE_MONTHS", ["to"]),
        ({"to": "2024-02-28"}, "NOT_WHOLE_MONTHS", ["to"]),
        ({"from": "2026-01-01"}, "PERIOD_BACKWARDS", ["from"]),
        (month(0), "PERIOD_NOT_OVER", ["to"]),
        (month(40), "PERIOD_NOT_OVER", ["to"]),
        ({"to": "9999-12-31"}, "PERIOD_NOT_OVER", ["to"]),
    ],
)
async def test_what_no_edition_can_be_is_refused(
    shared: Official, changes: dict[str, Any], code: str, path: list[str]
) -> None:
    before = digests(shared.url)
    found = await publish(shared, **changes)
    assert (found["__typename"], found["code"], found["path"]) == ("InvalidInputProblem", code, ["input", *path])
    assert digests(shared.url) == before


@pytest.mark.parametrize("role", ["STAFF", "HEAD", "SUPERVISOR", "MODERATOR", "REGISTRAR", None])
async def test_everybody_but_operators_is_forbidden(new_citizen: NewCitizen, role: str | None) -> None:
    citizen = new_citizen("citizen-9")
    official = (
        appointed(citizen, "citizen-20", role, "MINISTRY")
        if role
        else Official(citizen.client, citizen.url, "citizen-20")
    )
    before = digests(citizen.url)
    answer = await official.ask(PUBLISH, input=YEAR)
    assert (answer.data, answer.refusal) == (None, ("FORBIDDEN", None))
    nobody = Official(citizen.client, citizen.url, None)
    assert (await nobody.ask(PUBLISH, input=YEAR)).refusal == ("UNAUTHENTICATED", None)
    assert digests(citizen.url) == before
