"""Verified visits: links for what was rendered, each good for one rating; what they answer is told apart, protected."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, LiteralString
from zoneinfo import ZoneInfo

import psycopg
import pytest

from portal.scratch import ScratchServer
from tests.citizens import PROBLEM, Citizen, result
from tests.clients import Client, client_of
from tests.digests import digests
from tests.systems import System, registered

INVITE = f"""mutation($input: InviteToRateInput!) {{ inviteToRate(input: $input) {{
    __typename {PROBLEM} ... on InviteToRatePayload {{ token expiresAt }} }} }}"""
LINK = """query($token: String!) { invitation(token: $token) {
    organization { code } service { code } visitedOn raterKind isOpen } }"""
RATED = """query($slice: RatingSlice) { organization(by: {code: "HOSPITAL"}) { rating(slice: $slice) {
    submissions withheld value } } }"""
PLACES = """{ organization(by: {code: "HOSPITAL"}) {
    rank(slice: {verified: true}) { position notRanked value }
    history(interval: YEAR, slice: {verified: true}) { rating { submissions withheld value } }
    breakdown(by: [CHANNEL], slice: {verified: true}) { rating { withheld value } } } }"""
CELLS = """{ organization(by: {code: "HOSPITAL"}) { breakdown(by: [VERIFIED]) {
    keys { code label(language: EN) } rating { submissions withheld } } } }"""
RESPONSES = """query($code: String!, $from: Date, $to: Date, $scope: Scope) { organization(by: {code: $code}) {
    invitations(from: $from, to: $to, scope: $scope) { sent answered rate withheld } } }"""
ENDED: LiteralString = "UPDATE invitation SET expires_at = now() - interval '1 second'"
TODAY = datetime.now(ZoneInfo("Europe/Minsk")).date()


@pytest.fixture
async def client(stage_url: str, tmp_path: Path) -> AsyncIterator[Client]:
    async with client_of(stage_url, tmp_path) as client:
        yield client


@pytest.fixture
async def system(client: Client, stage_url: str) -> System:
    return await registered(client, stage_url)


@pytest.fixture
def guest(client: Client, stage_url: str) -> Citizen:
    """Whoever holds a link: nobody in particular."""
    return Citizen(client, stage_url, None)


@pytest.fixture(scope="module")
async def refusing(
    scratch: ScratchServer, stage_template: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[System]:
    """One for all refusals: none of them changes anything."""
    with scratch.temporary(stage_template.replace("stage", f"inviting_{worker_id}"), stage_template) as url:
        async with client_of(url, tmp_path_factory.mktemp("home")) as client:
            yield await registered(client, url, "bounded", organization="REGION", sphere="HEALTH")


def visit(case: str = "case-1", **changes: Any) -> dict[str, Any]:
    """An input that nothing is wrong with."""
    valid = {"organization": {"code": "HOSPITAL"}, "service": "VISIT", "caseReference": case}
    return valid | {"visitedOn": (TODAY - timedelta(days=2)).isoformat()} | changes


async def invited(system: System, case: str = "case-1", **changes: Any) -> str:
    """The token of a new link."""
    return str(result(await system.ask(INVITE, input=visit(case, **changes)))["token"])


async def rated(guest: Citizen, token: str, organization: str = "HOSPITAL", **changes: Any) -> Any:
    return await guest.submit(organization, invitation=token, **changes)


async def test_a_link_is_rated_by_without_an_account(system: System, guest: Citizen) -> None:
    token = await invited(system, raterKind="BUSINESS")
    link = {"organization": {"code": "HOSPITAL"}, "service": {"code": "VISIT"}, "raterKind": "BUSINESS"}
    link |= {"visitedOn": (TODAY - timedelta(days=2)).isoformat()}
    assert (await guest.client.data(LINK, token=token))["invitation"] == link | {"isOpen": True}
    done = await rated(guest, token)
    assert (done["__typename"], done["submission"]["status"]) == ("SubmitQuestionnairePayload", "COUNTED")
    assert (await guest.client.data(LINK, token=token))["invitation"] == link | {"isOpen": False}
    with psycopg.connect(guest.url) as connection:
        kept = connection.execute(
            """SELECT verified, rater_kind::text, service.code, visited_on, count(account.id) FROM submission
            JOIN service ON service.id = service_id LEFT JOIN account USING (rater_id) WHERE verified GROUP BY 1, 2, 3, 4"""
        ).fetchall()
    assert kept == [(True, "BUSINESS", "VISIT", TODAY - timedelta(days=2), 0)]


async def test_a_link_is_good_for_one_rating(system: System, guest: Citizen) -> None:
    token = await invited(system)
    draft = guest.draft("HOSPITAL", invitation=token)
    first = result(await guest.send(draft))
    assert result(await guest.send(draft)) == first
    before = digests(guest.url)
    again = await rated(guest, token)
    assert (again["__typename"], again["code"]) == ("ConflictProblem", "INVITATION_USED")
    assert digests(guest.url) == before


async def test_of_two_at_once_one_wins(system: System, guest: Citizen) -> None:
    token = await invited(system)
    found = await asyncio.gather(*(rated(guest, token) for _ in range(4)))
    assert sorted(each["__typename"] for each in found) == [*["ConflictProblem"] * 3, "SubmitQuestionnairePayload"]
    assert {each["code"] for each in found if "code" in each} == {"INVITATION_USED"}


async def test_a_refused_rating_leaves_the_link_as_it_was(system: System, guest: Citizen) -> None:
    token = await invited(system)
    before = digests(guest.url)
    wrongs: tuple[dict[str, Any], ...] = ({"scores": []}, {"service": "VACCINE"}, {"visitedOn": "2020-01-01"})
    for changes in wrongs:
        assert (await rated(guest, token, **changes))["__typename"] == "InvalidInputProblem"
    wrong = await rated(guest, token, "CLINIC")
    assert (wrong["code"], wrong["path"]) == ("INVITATION_FOR_ANOTHER", ["input", "organization"])
    assert (await rated(guest, "no such token"))["code"] == "INVITATION_UNKNOWN"
    citizen = Citizen(guest.client, guest.url, "citizen-9")
    assert (await rated(citizen, token))["code"] == "ONE_RATER_ONLY"
    assert digests(guest.url) == before
    assert (await rated(guest, token))["__typename"] == "SubmitQuestionnairePayload"


async def test_a_link_expires(system: System, guest: Citizen) -> None:
    token = await invited(system)
    with psycopg.connect(guest.url) as connection:
        connection.execute(ENDED)
    before = digests(guest.url)
    assert (await rated(guest, token))["code"] == "INVITATION_EXPIRED"
    assert (await guest.client.data(LINK, token=token))["invitation"]["isOpen"] is False
    assert digests(guest.url) == before


async def test_another_link_takes_the_place_of_one_that_was_not_used(system: System, guest: Citizen) -> None:
    lost, token = await invited(system), await invited(system)
    assert (await rated(guest, lost))["code"] == "INVITATION_UNKNOWN"
    assert (await rated(guest, token))["__typename"] == "SubmitQuestionnairePayload"
    before = digests(guest.url)
    refused = result(await system.ask(INVITE, input=visit()))
    assert (refused["__typename"], refused["code"]) == ("ConflictProblem", "CASE_TAKEN")
    on_behalf = await system.submit("HOSPITAL", onBehalfOf="person-1", caseReference="case-1")
    assert on_behalf["code"] == "CASE_TAKEN"
    assert digests(guest.url) == before


async def test_a_merged_organizations_link_is_its_successors(system: System, guest: Citizen) -> None:
    token = await invited(system)
    with psycopg.connect(guest.url) as connection:
        connection.execute("UPDATE organization SET merged_into_id = (SELECT id FROM organization WHERE code = 'CLINIC'), closed_on = current_date WHERE code = 'HOSPITAL'")  # fmt: skip
        connection.execute(
            "UPDATE invitation SET organization_id = (SELECT id FROM organization WHERE code = 'CLINIC')"
        )
    assert (await rated(guest, token))["organization"] == {"code": "CLINIC"}


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"service": "NOTHING"}, "SERVICE_UNKNOWN", ["input", "service"]),
        ({"service": "VACCINE"}, "SERVICE_NOT_RENDERED", ["input", "service"]),
        ({"visitedOn": (TODAY + timedelta(days=2)).isoformat()}, "VISIT_IN_FUTURE", ["input", "visitedOn"]),
        ({"caseReference": " "}, "TEXT_BLANK", ["input", "caseReference"]),
        ({"caseReference": "x" * 201}, "TEXT_TOO_LONG", ["input", "caseReference"]),
        ({"organization": {"code": "NOWHERE"}}, "ORGANIZATION_UNKNOWN", ["input", "organization"]),
        ({"organization": {"code": "CLOSED"}}, "ORGANIZATION_CLOSED", ["input", "organization"]),
    ],
)
async def test_what_there_is_no_link_for(refusing: System, changes: dict[str, Any], code: str, path: list[str]) -> None:
    before = digests(refusing.url)
    refused = result(await refusing.ask(INVITE, input=visit(**changes)))
    assert (refused["code"], refused["path"]) == (code, path)
    assert digests(refusing.url) == before


async def test_who_may_not_invite(refusing: System) -> None:
    before = digests(refusing.url)
    outside = visit(organization={"code": "SCHOOL"}, service="LESSON")
    assert (await refusing.ask(INVITE, input=outside)).refusal[0] == "FORBIDDEN"
    weak = System(refusing.client, refusing.url, "bounded", refusing.secret, scope="submissions:write")
    assert (await weak.ask(INVITE, input=visit())).refusal[0] == "FORBIDDEN"
    citizen = refusing.client.token_for("citizen-9")
    assert (await refusing.client.query(INVITE, {"input": visit()}, citizen)).refusal[0] == "FORBIDDEN"
    assert (await refusing.client.query(INVITE, {"input": visit()})).refusal[0] == "UNAUTHENTICATED"
    assert digests(refusing.url) == before


async def test_no_token_and_no_case_is_kept(system: System) -> None:
    token = await invited(system, "DOSSIER-2026-17")
    with psycopg.connect(system.url) as connection:
        for table in ("invitation", "service_case"):
            for (row,) in connection.execute(f"SELECT t::text FROM {table} AS t".encode()).fetchall():  # noqa: S608
                assert token not in row
                assert "DOSSIER" not in row
                assert token.encode().hex() not in row


async def test_verified_visits_are_told_apart_and_few_are_withheld(system: System, guest: Citizen) -> None:
    """One citizen has rated without a link: as long as either side has few raters, both are withheld."""

    async def slice_of(*, verified: bool) -> Any:
        return (await guest.client.data(RATED, slice={"verified": verified}))["organization"]["rating"]

    for number in range(5):
        assert await slice_of(verified=True) == {"submissions": number, "withheld": number > 0, "value": None}
        await rated(guest, await invited(system, f"case-{number}"))
    told = (await guest.client.data(PLACES))["organization"]
    assert told["rank"] == {"position": None, "notRanked": "TOO_FEW_RATERS", "value": None}
    assert [(each["rating"]["withheld"], each["rating"]["value"]) for each in told["history"]][-1] == (True, None)
    assert [each["rating"] for each in told["breakdown"]] == [{"withheld": True, "value": None}]
    # Five by links are enough, but the one without would be told by subtraction.
    assert (await slice_of(verified=True))["withheld"] is True
    assert (await slice_of(verified=False)) == {"submissions": 1, "withheld": True, "value": None}
    for number in range(10, 14):
        await Citizen(guest.client, guest.url, f"citizen-{number}").submit("HOSPITAL")
    assert await slice_of(verified=True) == {"submissions": 5, "withheld": False, "value": "4.50"}
    assert (await slice_of(verified=False))["withheld"] is False
    cells = (await guest.client.data(CELLS))["organization"]["breakdown"]
    assert [(cell["keys"][0]["code"], cell["rating"]["submissions"]) for cell in cells] == [
        ("VERIFIED", 5),
        ("UNVERIFIED", 5),
    ]
    assert [cell["keys"][0]["label"] for cell in cells] == ["Verified visits", "Other visits"]


async def test_how_many_have_answered_is_told_of_enough(system: System, guest: Citizen) -> None:
    async def responses(code: str = "HOSPITAL", **given: Any) -> Any:
        return (await guest.client.data(RESPONSES, code=code, **given))["organization"]["invitations"]

    assert await responses() == {"sent": 0, "answered": 0, "rate": None, "withheld": False}
    tokens = [await invited(system, f"case-{number}") for number in range(4)]
    await rated(guest, tokens[0])
    assert await responses() == {"sent": 4, "answered": None, "rate": None, "withheld": True}
    tokens += [await invited(system, f"case-{number}") for number in (4, 5)]
    await rated(guest, tokens[1])
    told = {"sent": 6, "answered": 2, "rate": "0.3333", "withheld": False}
    assert await responses() == told
    assert await responses("REGION") == {"sent": 0, "answered": 0, "rate": None, "withheld": False}
    assert await responses("REGION", scope="SUBTREE") == told
    first = TODAY.replace(day=1)
    assert await responses(**{"from": first.isoformat()}) == told
    earlier = (first - timedelta(days=1)).isoformat()
    assert (await responses(to=earlier))["sent"] == 0


@pytest.mark.parametrize(("name", "day"), [("from", "2026-01-02"), ("to", "2026-01-30")])
async def test_links_are_counted_by_whole_months(client: Client, name: str, day: str) -> None:
    answer = await client.query(RESPONSES, {"code": "HOSPITAL", name: day})
    assert answer.refusal == ("BAD_USER_INPUT", name)
