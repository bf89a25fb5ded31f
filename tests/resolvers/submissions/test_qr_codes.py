"""QR codes: where they lead, whom there is none of, and what those who came by them are counted for."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any, LiteralString
from zoneinfo import ZoneInfo

import psycopg
import pytest

from tests.citizens import Citizen
from tests.clients import Client, client_of
from tests.digests import digests
from tests.officials import appointed

CODE = """query($code: String!, $service: String, $placement: String) { organization(by: {code: $code}) {
    code qrCode(service: $service, placement: $placement) { link svg png } } }"""
FIGURES = """query($code: String!, $from: Date, $to: Date, $scope: Scope) { organization(by: {code: $code}) {
    placements(from: $from, to: $to, scope: $scope) { placement submissions raters value } } }"""
MERGE: LiteralString = """UPDATE organization SET closed_on = current_date, merged_into_id = other.id
    FROM organization AS other WHERE organization.code = %s AND other.code = %s"""
MERGED = """{ organization(by: {code: "CLINIC"}) { mergedFrom { code qrCode { link } } } }"""
PORTAL = "https://rating.example/portal"


@pytest.fixture
async def client(stage_url: str, tmp_path: Path) -> AsyncIterator[Client]:
    async with client_of(stage_url, tmp_path, public_url=PORTAL) as client:
        yield client


async def code(client: Client, code: str, **asked: str) -> Any:
    return (await client.data(CODE, code=code, **asked))["organization"]["qrCode"]


async def test_it_leads_to_the_form_below_the_portals_address(client: Client) -> None:
    assert await code(client, "HOSPITAL") == {
        "link": f"{PORTAL}/rate?organization=HOSPITAL",
        "svg": "/qr-codes/svg?organization=HOSPITAL",
        "png": "/qr-codes/png?organization=HOSPITAL",
    }
    assert len(client.statements) == 1
    whole = await code(client, "CLINIC", service="VACCINE", placement="Desk_1.a-b")
    assert whole["link"] == f"{PORTAL}/rate?organization=CLINIC&service=VACCINE&placement=Desk_1.a-b"


async def test_letters_that_addresses_have_not_are_encoded(client: Client, stage_url: str) -> None:
    with psycopg.connect(stage_url) as connection:
        connection.execute("UPDATE organization SET code = 'Школа-1/a' WHERE code = 'SCHOOL'")
    found = await code(client, "Школа-1/a")
    assert found["link"] == f"{PORTAL}/rate?organization=%D0%A8%D0%BA%D0%BE%D0%BB%D0%B0-1/a"


@pytest.mark.parametrize(
    ("asked", "argument"),
    [
        ({"code": "CLOSED"}, "organization"),
        ({"code": "HOSPITAL", "service": "VACCINE"}, "service"),
        ({"code": "HOSPITAL", "service": "NOWHERE"}, "service"),
        ({"code": "HOSPITAL", "placement": "столик"}, "placement"),
        ({"code": "HOSPITAL", "placement": "a b"}, "placement"),
        ({"code": "HOSPITAL", "placement": "a\n"}, "placement"),
        ({"code": "HOSPITAL", "placement": ""}, "placement"),
        ({"code": "HOSPITAL", "placement": "a" * 33}, "placement"),
        ({"code": "HOSPITAL", "placement": "'><script>"}, "placement"),
    ],
)
async def test_what_cannot_be_rated_has_none(client: Client, asked: dict[str, str], argument: str) -> None:
    assert (await client.query(CODE, asked)).refusal == ("BAD_USER_INPUT", argument)


async def test_one_refused_code_leaves_the_others(client: Client) -> None:
    text = '{ organizationsByCode(codes: ["CLOSED", "CLINIC"]) { code qrCode { link } } }'
    answer = await client.query(text)
    assert answer.refusal == ("BAD_USER_INPUT", "organization")
    closed, clinic = answer.data["organizationsByCode"]
    assert (closed, clinic["qrCode"]) == (
        {"code": "CLOSED", "qrCode": None},
        {"link": f"{PORTAL}/rate?organization=CLINIC"},
    )


async def test_a_merged_ones_code_leads_to_who_took_it_over(client: Client, stage_url: str) -> None:
    with psycopg.connect(stage_url) as connection:
        connection.execute(MERGE, ["LONER", "CLINIC"])
    link = f"{PORTAL}/rate?organization=CLINIC"
    assert (await code(client, "LONER"))["link"] == link
    assert (await client.data(MERGED))["organization"]["mergedFrom"] == [{"code": "LONER", "qrCode": {"link": link}}]


async def test_a_submission_keeps_its_placement_to_itself(client: Client, stage_url: str) -> None:
    citizen = Citizen(client, stage_url, "citizen-9")
    draft = citizen.draft("HOSPITAL", placement="counter-1")
    done = await citizen.send(draft)
    assert (await citizen.send(draft)).data == done.data
    reused = (await citizen.send(draft | {"placement": "counter-2"})).data["submitQuestionnaire"]
    assert reused["__typename"] == "IdempotencyKeyProblem"
    with psycopg.connect(stage_url) as connection:
        kept = connection.execute("SELECT placement FROM submission WHERE placement IS NOT NULL").fetchall()
    assert kept == [("counter-1",)]
    mine = await client.query("{ viewer { myData } }", token=client.token_for("citizen-9"))
    assert [each["placement"] for each in mine.data["viewer"]["myData"]["submissions"]] == ["counter-1"]


@pytest.mark.parametrize("placement", ["", "a b", "-a", "стол", "a" * 33, "=1+1", "a\0"])
async def test_a_wrong_placement_is_refused(client: Client, stage_url: str, placement: str) -> None:
    before = digests(stage_url)
    found = await Citizen(client, stage_url, "citizen-9").submit("HOSPITAL", placement=placement)
    assert (found["code"], found["path"]) == ("PLACEMENT_INVALID", ["input", "placement"])
    assert digests(stage_url) == before


async def test_a_head_sees_which_code_works(client: Client, stage_url: str) -> None:
    """Five came by one tag, four by another: that one could be somebody's own."""
    for number in range(6, 15):
        tag, score = ("desk", 5) if number < 11 else ("poster", 1)
        scores = [{"criterion": each, "score": score} for each in ("PLAIN", "POLITE")]
        await Citizen(client, stage_url, f"citizen-{number}").submit("HOSPITAL", placement=tag, scores=scores)
    desk = {"placement": "desk", "submissions": 5, "raters": 5, "value": "5.00"}
    head, minister = (Citizen(client, stage_url, name) for name in ("head", "minister"))
    for asked in ({}, {"scope": "SUBTREE"}):
        assert await figures(head, **asked) == [desk]
    for _ in range(2):  # once an hour the trail is told
        assert await figures(minister) == [desk]
    assert len(client.statements) == 1
    await Citizen(client, stage_url, "citizen-15").submit("HOSPITAL", placement="poster")
    poster = {"placement": "poster", "submissions": 5, "raters": 5, "value": "1.70"}
    assert await figures(head) == [desk, poster]
    assert await figures(minister, code="REGION", scope="SUBTREE") == [desk, poster]
    month = datetime.now(ZoneInfo("Europe/Minsk")).date().replace(day=1).isoformat()
    assert await figures(head, **{"from": month}) == [desk, poster]
    assert await figures(head, **{"from": "2999-01-01"}) == []


async def test_nobody_else_sees_it(client: Client, stage_url: str) -> None:
    for number in range(6, 11):
        await Citizen(client, stage_url, f"citizen-{number}").submit("HOSPITAL", placement="desk")
    supervisor = appointed(Citizen(client, stage_url, "company"), "company", "SUPERVISOR", "REGION")
    for account in (None, "citizen-6", "nurse", "overseen", supervisor.account):
        assert await figures(Citizen(client, stage_url, account)) == []


@pytest.mark.parametrize("asked", [{"from": "2026-01-02"}, {"to": "2026-01-01"}])
async def test_it_is_told_by_whole_months_only(client: Client, asked: dict[str, str]) -> None:
    answer = await client.query(FIGURES, {"code": "HOSPITAL", **asked}, token=client.token_for("head"))
    assert answer.refusal == ("BAD_USER_INPUT", *asked)


async def figures(who: Citizen, code: str = "HOSPITAL", **asked: str) -> Any:
    answer = await who._ask(FIGURES, {"code": code, **asked})
    assert not answer.errors, answer.errors
    return answer.data["organization"]["placements"]
