"""What is filled in is kept for a day for nobody else, and is gone when it is submitted."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest

from engine.meanings.global_ids import encode
from events import housekeeping
from models.database import Database
from tests.citizens import PROBLEM, Citizen, answered, result, scored
from tests.leavings import left
from tests.officials import Official

NewCitizen = Callable[[str | None], Citizen]
SEEN = """draft { questionnaire { code version } service visitedOn channel scores { criterion score }
    answers { question values } comment publishComment placement employeeMention savedAt expiresAt }"""
SAVE = f"""mutation($input: SaveDraftInput!) {{ saveDraft(input: $input) {{ __typename {PROBLEM}
    ... on SaveDraftPayload {{ organization {{ code {SEEN} }} }} }} }}"""
DELETE = f"""mutation($input: DeleteDraftInput!) {{ deleteDraft(input: $input) {{ __typename {PROBLEM}
    ... on DeleteDraftPayload {{ organization {{ code {SEEN} }} }} }} }}"""
READ = f"query($code: String!) {{ organization(by: {{code: $code}}) {{ {SEEN} }} }}"
FILLED: dict[str, Any] = {
    "service": "VISIT",
    "visitedOn": "2025-01-02",
    "channel": "PHONE",
    "scores": scored(POLITE=5, PLAIN=9),
    "answers": answered(solved=["true", "<b>"]),
    "comment": "So f",
    "publishComment": False,
    "placement": "counter-7",
    "employeeMention": "PRAISE",
}


@pytest.fixture
def me(new_citizen: NewCitizen) -> Official:
    citizen = new_citizen("citizen-7")
    return Official(citizen.client, citizen.url, "citizen-7")


async def save(who: Official, organization: str = "HOSPITAL", /, **changes: Any) -> Any:
    """The result of saving a draft: a payload or a problem."""
    valid = who.draft(organization)
    given = {"organization": valid["organization"], "questionnaire": valid["questionnaire"], **FILLED, **changes}
    return result(await who.ask(SAVE, input=given))


async def read(who: Official, organization: str = "HOSPITAL") -> Any:
    return (await who.ask(READ, code=organization)).data["organization"]["draft"]


def stored(url: str) -> int:
    """How many there are."""
    with psycopg.connect(url) as connection:
        ((number,),) = connection.execute("SELECT count(*) FROM unfinished_submission").fetchall()
    return int(number)


async def test_it_is_read_as_it_was_saved_by_nobody_else_for_a_day(me: Official) -> None:
    before = set(map(id, left()))
    saved = (await save(me))["organization"]["draft"]
    assert {name: saved[name] for name in FILLED} == FILLED
    assert saved["questionnaire"] == {"code": "HEALTH", "version": 1}
    saved_at, expires_at = (datetime.fromisoformat(saved[name]) for name in ("savedAt", "expiresAt"))
    assert expires_at - saved_at == timedelta(days=1)
    assert await read(me) == saved
    assert len(me.client.statements) == 1
    for other in ("citizen-8", "head", None):
        assert await read(Official(me.client, me.url, other)) is None
    assert await read(me, "CLINIC") is None
    assert [each for each in left() if id(each) not in before] == []
    again = (await save(me, scores=[], answers=[], comment=None))["organization"]["draft"]
    assert (again["scores"], again["answers"], again["comment"], stored(me.url)) == ([], [], None, 1)


async def test_it_is_gone_when_it_is_submitted_or_deleted_or_its_day_is_over(me: Official) -> None:
    for organization in ("HOSPITAL", "CLINIC", "SCHOOL", "WARD"):
        assert (await save(me, organization))["__typename"] == "SaveDraftPayload"
    assert (await me.submit("HOSPITAL"))["__typename"] == "SubmitQuestionnairePayload"
    assert (await read(me), stored(me.url)) == (None, 3)
    refused = await me.submit("CLINIC", scores=scored(PLAIN=9))
    assert (refused["code"], stored(me.url)) == ("SCORE_OUT_OF_RANGE", 3)
    for _ in range(2):
        deleted = result(await me.ask(DELETE, input={"organization": {"code": "CLINIC"}}))
        assert deleted["organization"] == {"code": "CLINIC", "draft": None}
    with psycopg.connect(me.url) as connection:
        connection.execute(
            "UPDATE unfinished_submission SET expires_at = now() FROM organization WHERE organization.id = organization_id AND code = %s",
            ["SCHOOL"],
        )
    assert (await read(me, "SCHOOL"), stored(me.url)) == (None, 2)
    database = Database(me.url)
    await database.open()
    await housekeeping.tidy(database)
    await database.close()
    assert (stored(me.url), (await read(me, "WARD"))["comment"]) == (1, "So f")


async def test_what_can_never_be_submitted_is_not_kept(me: Official) -> None:
    head = Official(me.client, me.url, "head")
    cases: list[tuple[Official, str, dict[str, Any], str]] = [
        (me, "CLOSED", {}, "ORGANIZATION_CLOSED"),
        (head, "HOSPITAL", {}, "CONFLICT_OF_INTEREST"),
        (me, "NOBODY", {}, "ORGANIZATION_UNKNOWN"),
        (me, "HOSPITAL", {"questionnaire": encode("Questionnaire", 999)}, "QUESTIONNAIRE_UNKNOWN"),
        (me, "HOSPITAL", {"questionnaire": "?"}, "ID_INVALID"),
        (me, "HOSPITAL", {"scores": scored(PLAIN=1) * 17}, "TOO_MANY"),
        (me, "HOSPITAL", {"answers": answered(a=["x"]) * 101}, "TOO_MANY"),
        (me, "HOSPITAL", {"answers": answered(a=["x"] * 101)}, "TOO_MANY"),
        (me, "HOSPITAL", {"answers": answered(a=["x" * 2001])}, "TEXT_TOO_LONG"),
        (me, "HOSPITAL", {"comment": "x" * 10001}, "TEXT_TOO_LONG"),
        (me, "HOSPITAL", {"comment": "a\0b"}, "TEXT_INVALID"),
        (me, "HOSPITAL", {"placement": "x" * 201}, "TEXT_TOO_LONG"),
    ]
    for who, organization, changes, code in cases:
        assert (await save(who, organization, **changes)).get("code") == code
    assert stored(me.url) == 0
    assert (await me.submit("HOSPITAL"))["__typename"] == "SubmitQuestionnairePayload"
    # That it is too soon for another is over before the draft is.
    assert (await save(me))["__typename"] == "SaveDraftPayload"
