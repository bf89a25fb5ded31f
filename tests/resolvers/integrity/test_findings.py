"""Integrity findings: each rule finds what is just over its thresholds, and nothing just under; for whom, in which order."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from tests import suspects
from tests.citizens import Citizen
from tests.clients import Answer, Client, client_of
from tests.officials import Official, appointed
from tests.oracle_findings import RULES, Evidence

LIST = """query($among: OrganizationFilter, $rules: [IntegrityRule!], $from: Date, $to: Date,
        $first: Int, $after: String, $last: Int, $before: String) {
    integrityFindings(among: $among, rules: $rules, from: $from, to: $to,
                      first: $first, after: $after, last: $last, before: $before) {
        totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes {
            key rule organization { code } from to channel hour score numbers { name value threshold } } } }"""
OFFICIALS = {
    "citizen-11": ("OPERATOR", "SCHOOL"),
    "citizen-12": ("SUPERVISOR", "MINISTRY"),
    "citizen-13": ("SUPERVISOR", "BURST-10"),
    "citizen-14": ("SUPERVISOR", "SCHOOL"),
    "citizen-15": ("MODERATOR", "MINISTRY"),
    "citizen-16": ("HEAD", "BURST-10"),
}
OPERATOR, SUPERVISOR = "citizen-11", "citizen-12"
DEMO_PERIODS = [("2020-11-16", "2026-11-15"), ("2025-11-16", "2026-11-15"), ("2023-02-03", "2024-05-06")]


@pytest.fixture(scope="module")
async def citizen(suspects_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Citizen]:
    """In a country with the suspects and some officials, which are the same for all tests here."""
    async with client_of(suspects_url, tmp_path_factory.mktemp("home")) as client:
        citizen = Citizen(client, suspects_url, "citizen-1")
        for account, (role, place) in OFFICIALS.items():
            appointed(citizen, account, role, place)
        yield citizen


@pytest.fixture(scope="module")
def evidence(citizen: Citizen) -> Evidence:
    return Evidence(citizen.url)


@pytest.fixture(scope="module")
def demo_evidence(seeded_url: str) -> Evidence:
    return Evidence(seeded_url)


async def answer(citizen: Citizen, account: str | None, **variables: Any) -> Answer:
    """The answer to the list of findings as somebody asks for it."""
    return await Official(citizen.client, citizen.url, account).ask(LIST, **variables)


async def found(citizen: Citizen, account: str | None, **variables: Any) -> list[Any]:
    """All findings, on one page, as somebody sees them."""
    answered = await answer(citizen, account, first=100, **variables)
    assert not answered.errors, answered.errors
    return whole(answered)


def whole(answered: Answer) -> list[Any]:
    """The findings of an answer that has them all."""
    page = answered.data["integrityFindings"]
    assert len(page["nodes"]) == page["totalCount"]
    return list(page["nodes"])


def whom(findings: Sequence[Any]) -> dict[str, set[str]]:
    """By rule, the organizations."""
    by_rule: dict[str, set[str]] = {}
    for each in findings:
        by_rule.setdefault(each["rule"], set()).add(each["organization"]["code"])
    return by_rule


def plain(findings: Sequence[Any]) -> list[Any]:
    """Findings without their keys, in an order that needs none."""
    return sorted(({name: each[name] for name in each if name != "key"} for each in findings), key=repr)


def ago(days: int) -> date:
    return datetime.now(suspects.ZONE).date() - timedelta(days=days)


@pytest.mark.parametrize("rule", suspects.GUILTY)
async def test_a_rule_finds_who_is_over_its_thresholds_and_nobody_under_them(citizen: Citizen, rule: str) -> None:
    findings = await found(citizen, OPERATOR, rules=[rule])
    assert whom(findings) == {rule: suspects.GUILTY[rule]}
    assert len(findings) == len(suspects.GUILTY[rule])


async def test_unless_told_all_rules_look_and_what_happened_last_comes_first(citizen: Citizen) -> None:
    findings = await found(citizen, OPERATOR)
    assert whom(findings) == suspects.GUILTY
    last = [each["to"] for each in findings]
    assert last == sorted(last, reverse=True)
    assert len({each["key"] for each in findings}) == len(findings)


@pytest.mark.parametrize("rule", RULES)
async def test_numbers_and_verdicts_are_those_of_the_raw_rows(citizen: Citizen, evidence: Evidence, rule: str) -> None:
    expected = plain(evidence.findings(rule, evidence.peers, ago(363), ago(0)))
    assert plain(await found(citizen, OPERATOR, rules=[rule])) == expected
    # Long times are looked at in another way, to the same effect.
    assert plain(await found(citizen, OPERATOR, rules=[rule], **{"from": ago(363).isoformat()})) == expected


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("first", "last"), DEMO_PERIODS)
async def test_so_they_are_in_the_demo(
    client: Client, demo_evidence: Evidence, rule: str, first: str, last: str
) -> None:
    variables = {"among": {"closed": None}, "rules": [rule], "from": first, "to": last, "first": 100}
    findings = whole(await client.query(LIST, variables, token=client.token_for("user-000003")))
    dates = date.fromisoformat(first), date.fromisoformat(last)
    assert plain(findings) == plain(demo_evidence.findings(rule, demo_evidence.peers, *dates))


async def test_the_demo_has_something_to_find(demo_evidence: Evidence) -> None:
    dates = date(2020, 11, 16), date(2026, 11, 15)
    found = {rule for rule in RULES if demo_evidence.findings(rule, demo_evidence.peers, *dates)}
    assert found >= {"BURST", "IDENTICAL_TEXTS", "COPIED_TEXTS", "NEW_ACCOUNTS"}


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        (OPERATOR, suspects.GUILTY),
        (SUPERVISOR, {rule: codes for rule, codes in suspects.GUILTY.items() if rule != "NEW_ACCOUNTS"}),
        ("citizen-13", {"BURST": {"BURST-10"}}),
        ("citizen-14", {}),
        ("citizen-15", {}),
        ("citizen-16", {}),
        ("citizen-1", {}),
        (None, {}),
    ],
    ids=["operator", "supervisor", "supervisor of one", "supervisor elsewhere", "moderator", "head", "rater", "nobody"],
)
async def test_the_operator_sees_all_and_supervisors_what_is_theirs_without_accounts(
    citizen: Citizen, account: str | None, expected: dict[str, set[str]]
) -> None:
    assert whom(await found(citizen, account)) == expected
    for rule in RULES:
        alone = {rule: expected[rule]} if rule in expected else {}
        assert whom(await found(citizen, account, rules=[rule])) == alone


async def test_a_supervisor_reads_the_same_numbers_as_the_operator(citizen: Citizen) -> None:
    """Whom an organization is compared with does not depend on who looks."""
    theirs = {each["key"]: each for each in await found(citizen, OPERATOR)}
    assert all(each == theirs[each["key"]] for each in await found(citizen, SUPERVISOR))
    assert [theirs[each["key"]] for each in await found(citizen, "citizen-13")]


async def test_a_role_that_is_over_shows_nothing(citizen: Citizen) -> None:
    with psycopg.connect(citizen.url) as connection:
        connection.execute(
            """INSERT INTO role_grant (account_id, role, organization_id, hierarchy, valid_from, valid_to)
               SELECT account.id, 'OPERATOR', organization.id, 'SUBORDINATION', '2015-01-01', current_date - 2
               FROM account, organization WHERE account.code = 'citizen-20' AND organization.code = 'MINISTRY'"""
        )
    assert await found(citizen, "citizen-20") == []


async def test_nothing_tells_who_rated(citizen: Citizen) -> None:
    answered = await answer(citizen, OPERATOR, first=100)
    assert whole(answered)
    with psycopg.connect(citizen.url) as connection:
        rows = connection.execute("SELECT pseudonym::text, code, email FROM rater JOIN account ON rater_id = rater.id")
        secrets = {secret for row in rows for secret in row if secret}
    assert len(secrets) > 1000
    assert not {secret for secret in secrets if f'"{secret}"' in answered.response.text}
    assert suspects.TEXT.lower() not in answered.response.text.lower()


@pytest.mark.parametrize(
    ("among", "expected"),
    [
        ({"codes": ["HOUR-15", "EVERYDAY"]}, {"ONE_HOUR": {"HOUR-15"}}),
        ({"subordinateTo": {"code": "MINISTRY"}}, suspects.GUILTY),
        ({"subordinateTo": {"code": "SCHOOL"}}, {}),
        ({"closed": True}, {}),
    ],
)
async def test_one_can_look_at_a_part_of_the_country_with_peers_everywhere(
    citizen: Citizen, among: dict[str, Any], expected: dict[str, set[str]]
) -> None:
    assert whom(await found(citizen, OPERATOR, among=among)) == expected


async def test_only_the_dates_asked_for_are_looked_at(citizen: Citizen) -> None:
    async def bursts(**dates: date) -> set[str]:
        asked = {name.rstrip("_"): day.isoformat() for name, day in dates.items()}
        return whom(await found(citizen, OPERATOR, rules=["BURST"], **asked)).get("BURST", set())

    assert await bursts(from_=ago(5), to=ago(5)) == {"BURST-10"}
    assert await bursts(from_=ago(4)) == {"BURST-12"}
    assert await bursts(to=ago(1)) == {"BURST-10"}
    assert await bursts(from_=ago(900), to=ago(6)) == set()


async def test_what_was_dealt_with_is_gone(citizen: Citizen) -> None:
    """A rejected submission is no evidence any more: of twelve in a day three were, and nine are no burst."""
    with psycopg.connect(citizen.url) as connection:
        counts = connection.execute(
            """SELECT status::text, count(*) FROM submission JOIN organization ON organization.id = organization_id
               WHERE organization.code = 'BURST-REJECTED' GROUP BY 1"""
        ).fetchall()
    assert dict(counts) == {"COUNTED": 9, "REJECTED": 3}
    assert await found(citizen, OPERATOR, among={"codes": ["BURST-REJECTED"]}) == []


@pytest.mark.parametrize("size", [1, 2, 100])
async def test_pages_both_ways_show_every_finding_once(citizen: Citizen, size: int) -> None:
    whole_list = [each["key"] for each in await found(citizen, OPERATOR)]
    there = await paged(citizen, {"first": size}, "after", "endCursor", "hasNextPage")
    back = await paged(citizen, {"last": size}, "before", "startCursor", "hasPreviousPage")
    assert [key for page in there for key in page] == whole_list
    assert [key for page in reversed(back) for key in page] == whole_list


async def paged(citizen: Citizen, size: dict[str, int], turn: str, cursor: str, more: str) -> list[list[str]]:
    """The keys of each page, in the order in which the pages were turned."""
    pages: list[list[str]] = []
    turned: dict[str, str] = {}
    while True:
        page = (await answer(citizen, OPERATOR, **size, **turned)).data["integrityFindings"]
        pages.append([each["key"] for each in page["nodes"]])
        if not page["pageInfo"][more]:
            return pages
        turned = {turn: page["pageInfo"][cursor]}


@pytest.mark.parametrize(
    ("variables", "argument"),
    [
        ({"from": "2026-02-01", "to": "2026-01-31"}, "from"),
        ({"from": "1999-01-01"}, "from"),
        ({"from": "2020-01-01", "to": "2025-12-31", "rules": [*RULES][:4]}, "from"),
        ({"rules": []}, "rules"),
        ({"first": 101}, "first"),
        ({"after": "WzFd"}, "after"),
        ({"among": {"subordinateTo": {"code": "NOWHERE"}}}, "among.subordinateTo"),
    ],
)
async def test_what_cannot_be_asked_is_refused(citizen: Citizen, variables: dict[str, Any], argument: str) -> None:
    assert (await answer(citizen, OPERATOR, **variables)).refusal == ("BAD_USER_INPUT", argument)


@pytest.mark.parametrize(
    "variables",
    [
        {"from": "1999-01-01", "among": {"closed": False}},
        {"from": "2020-01-01", "to": "2025-12-31", "rules": [*RULES][:3]},
        {"from": "2021-01-01", "to": "2023-12-31"},
    ],
)
async def test_the_fewer_rules_or_organizations_the_longer_a_time(citizen: Citizen, variables: dict[str, Any]) -> None:
    assert (await answer(citizen, OPERATOR, **variables)).errors == []


@pytest.mark.parametrize("account", [OPERATOR, SUPERVISOR, None])
async def test_all_rules_are_one_statement(citizen: Citizen, account: str | None) -> None:
    await answer(citizen, account, first=20)
    assert len(citizen.client.statements) == 1


async def test_units_and_only_what_a_rule_is_about_are_told(citizen: Citizen) -> None:
    query = """{ integrityFindings(rules: [ONE_CHANNEL, ONE_HOUR, EXTREME_SCORES, BURST], first: 100) {
        nodes { rule channel hour score numbers { name unit } } } }"""
    answered = await Official(citizen.client, citizen.url, OPERATOR).ask(query)
    nodes = answered.data["integrityFindings"]["nodes"]
    assert {(each["rule"], each["channel"], each["hour"], each["score"]) for each in nodes} == {
        ("ONE_CHANNEL", "PHONE", None, None),
        ("ONE_HOUR", None, 21, None),
        ("EXTREME_SCORES", None, None, 1),
        ("BURST", None, None, None),
    }
    units = {number["name"]: number["unit"] for each in nodes for number in each["numbers"]}
    assert units == {
        "SUBMISSIONS": "COUNT",
        "CONCERNED": "COUNT",
        "SHARE": "SHARE",
        "EXPECTED": "COUNT",
        "TIMES": "TIMES",
        "DEVIATIONS": "DEVIATIONS",
        "PEER_SUBMISSIONS": "COUNT",
        "PEER_CONCERNED": "COUNT",
        "HABIT_SUBMISSIONS": "COUNT",
        "HABIT_DAYS": "DAYS",
    }
