"""Submissions that another system makes on somebody's behalf: the same rules, and nobody is known by them."""

from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest

from portal.scratch import ScratchServer
from tests.citizens import Citizen, result, scored
from tests.clients import Client, client_of
from tests.digests import digests
from tests.systems import System, registered

MINE = '{ viewer { kind } organization(by: {code: "HOSPITAL"}) { eligibility { reason } } }'
SEEN = "query($id: ID!) { node(id: $id) { id } }"


@pytest.fixture
async def client(stage_url: str, tmp_path: Any) -> AsyncIterator[Client]:
    async with client_of(stage_url, tmp_path) as client:
        yield client


@pytest.fixture
async def system(client: Client, stage_url: str) -> System:
    return await registered(client, stage_url)


@pytest.fixture(scope="module")
async def refusing(
    scratch: ScratchServer, stage_template: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[System]:
    """One for all refusals: none of them changes anything."""
    with scratch.temporary(stage_template.replace("stage", f"representing_{worker_id}"), stage_template) as url:
        async with client_of(url, tmp_path_factory.mktemp("home")) as client:
            yield await registered(client, url, "bounded", organization="REGION", sphere="HEALTH")


def raters(url: str) -> list[Any]:
    """The raters of submissions that no account is of."""
    with psycopg.connect(url) as connection:
        return connection.execute(
            """SELECT rater_id, rater_kind::text, verified FROM submission
            WHERE NOT EXISTS (SELECT FROM account WHERE account.rater_id = submission.rater_id) ORDER BY id"""
        ).fetchall()


async def test_a_submission_counts_at_once_and_its_answer_tells_it(system: System) -> None:
    done = await system.submit("HOSPITAL", onBehalfOf="person-1", caseReference="case-1")
    assert done["__typename"] == "SubmitQuestionnairePayload"
    assert (done["submission"]["status"], done["submission"]["mark"]) == ("COUNTED", "4.500000")
    told = await system.client.data('{ organization(by: {code: "HOSPITAL"}) { rating { submissions raters } } }')
    assert told["organization"]["rating"] == {"submissions": 2, "raters": 2}
    # Never again: neither by the system nor by anybody else.
    assert (await system.ask(SEEN, id=done["submission"]["id"])).data["node"] is None
    assert (await system.client.query(SEEN, {"id": done["submission"]["id"]})).data["node"] is None


async def test_the_same_reference_is_the_same_rater_of_one_system_only(system: System) -> None:
    other = await registered(system.client, system.url, "another")
    await system.submit("HOSPITAL", onBehalfOf="person-1")
    again = await system.submit("HOSPITAL", onBehalfOf="person-1")
    assert (again["__typename"], again["reason"]) == ("NotEligibleProblem", "TOO_SOON")
    assert (await system.submit("CLINIC", onBehalfOf="person-1"))["__typename"] == "SubmitQuestionnairePayload"
    assert (await other.submit("HOSPITAL", onBehalfOf="person-1"))["__typename"] == "SubmitQuestionnairePayload"
    business = await system.submit("HOSPITAL", onBehalfOf="person-1", raterKind="BUSINESS")
    assert business["__typename"] == "SubmitQuestionnairePayload"
    found = raters(system.url)
    assert [kind for _, kind, _ in found] == ["PERSON", "PERSON", "PERSON", "BUSINESS"]
    ids = [rater for rater, _, _ in found]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3
    assert {verified for _, _, verified in found} == {False}


async def test_a_case_is_rated_once_by_each_system(system: System) -> None:
    other = await registered(system.client, system.url, "another")
    await system.submit("HOSPITAL", onBehalfOf="person-1", caseReference="case-1")
    before = digests(system.url)
    again = await system.submit("CLINIC", onBehalfOf="person-2", caseReference="case-1")
    assert (again["__typename"], again["code"], again["path"]) == (
        "ConflictProblem",
        "CASE_TAKEN",
        ["input", "caseReference"],
    )
    assert digests(system.url) == before
    done = await other.submit("CLINIC", onBehalfOf="person-2", caseReference="case-1")
    assert done["__typename"] == "SubmitQuestionnairePayload"


async def test_a_retry_answers_the_same(system: System) -> None:
    draft = system.draft("HOSPITAL", onBehalfOf="person-1", caseReference="case-1")
    assert result(await system.send(draft)) == result(await system.send(draft))
    assert len(raters(system.url)) == 1
    changed = result(await system.send(draft | {"scores": scored(PLAIN=1, POLITE=1)}))
    assert changed["code"] == "IDEMPOTENCY_KEY_REUSED"


async def test_no_reference_is_kept(system: System) -> None:
    await system.submit("HOSPITAL", onBehalfOf="3010190A001PB7", caseReference="DOSSIER-2026-17")
    with psycopg.connect(system.url) as connection:
        for (table,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
            for (row,) in connection.execute(f"SELECT t::text FROM {table} AS t".encode()).fetchall():  # noqa: S608
                assert "3010190A001PB7" not in row
                assert "DOSSIER-2026-17" not in row


@pytest.mark.parametrize(
    ("organization", "allowed"),
    [("REGION", False), ("HOSPITAL", True), ("WARD", True), ("MINISTRY", False), ("SCHOOL", False)],
)
async def test_a_system_submits_within_its_bounds(refusing: System, organization: str, allowed: bool) -> None:
    """In its subtree, and of that only for who works in its sphere, which the region itself does not."""
    answers = [{"question": "solved", "values": ["true"]}] if organization == "WARD" else []
    draft = refusing.draft(organization, onBehalfOf=f"person-{organization}", answers=answers)
    if allowed:
        assert result(await refusing.send(draft))["__typename"] == "SubmitQuestionnairePayload"
        return
    before = digests(refusing.url)
    assert (await refusing.send(draft)).refusal[0] == "FORBIDDEN"
    assert digests(refusing.url) == before


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"onBehalfOf": " "}, "TEXT_BLANK", "onBehalfOf"),
        ({"onBehalfOf": "x" * 201}, "TEXT_TOO_LONG", "onBehalfOf"),
        ({"caseReference": ""}, "TEXT_BLANK", "caseReference"),
        ({"caseReference": "nul\0"}, "TEXT_INVALID", "caseReference"),
        ({"invitation": "token"}, "ONE_RATER_ONLY", "invitation"),
        ({"organization": {"code": "NOWHERE"}}, "ORGANIZATION_UNKNOWN", "organization"),
        ({"organization": {"code": "CLOSED"}}, "ORGANIZATION_CLOSED", "organization"),
    ],
)
async def test_what_a_system_cannot_submit(refusing: System, changes: dict[str, Any], code: str, path: str) -> None:
    before = digests(refusing.url)
    refused = await refusing.submit("HOSPITAL", **{"onBehalfOf": "person-1"} | changes)
    assert (refused["code"], refused["path"]) == (code, ["input", path])
    assert digests(refusing.url) == before


async def test_who_may_not_speak_for_others(refusing: System) -> None:
    before = digests(refusing.url)
    assert (await refusing.send(refusing.draft("HOSPITAL"))).refusal[0] == "FORBIDDEN"
    weak = System(refusing.client, refusing.url, "bounded", refusing.secret, scope="invitations:write")
    assert (await weak.send(weak.draft("HOSPITAL", onBehalfOf="person-1"))).refusal[0] == "FORBIDDEN"
    citizen, nobody = (Citizen(refusing.client, refusing.url, account) for account in ("citizen-9", None))
    for field in ("onBehalfOf", "caseReference"):
        refused = await citizen.submit("HOSPITAL", **{field: "x"})
        assert (refused["code"], refused["path"]) == ("ONLY_FOR_SYSTEMS", ["input", field])
    assert (await nobody.send(nobody.draft("HOSPITAL", onBehalfOf="x"))).refusal[0] == "UNAUTHENTICATED"
    assert digests(refusing.url) == before


async def test_a_system_is_nobody_where_people_are_asked_for(system: System) -> None:
    told = (await system.ask(MINE)).data
    assert told == {"viewer": None, "organization": {"eligibility": {"reason": "SIGN_IN_REQUIRED"}}}
    withdrawn = await system.ask('mutation { withdrawSubmission(input: {submission: "x"}) { __typename } }')
    assert withdrawn.refusal[0] == "FORBIDDEN"
