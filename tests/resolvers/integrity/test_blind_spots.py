"""Blind spots and coverage, against the raw rows; everybody may read them."""

from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.clients import Client, client_of
from tests.oracle import Country
from tests.oracle_blind_spots import judged
from tests.oracle_findings import Evidence
from tests.resolvers.lists import backward, forward

SPOT = """organization { code } reason raters submissions services units size peers usualRaters expectedRaters
    missingRaters"""
COVERAGE = "organizations withoutRaters tooFewRaters fewForSize shareWithoutRaters shareNotRanked"
Judged = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def expected(seeded_url: str, country: Country) -> Judged:
    return judged(country, Evidence(seeded_url).peers, 5)


@pytest.fixture(scope="module")
def expected_of_suspects(suspects_url: str) -> Judged:
    return judged(Country(suspects_url), Evidence(suspects_url).peers, 1)


@pytest.fixture(scope="module")
async def suspecting(suspects_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    async with client_of(suspects_url, tmp_path_factory.mktemp("home")) as client:
        yield client


async def spots(client: Client, arguments: str = "") -> list[Any]:
    """All blind spots, in the answer's order."""
    answer = await client.data(f"{{ blindSpots({arguments} first: 100) {{ totalCount nodes {{ {SPOT} }} }} }}")
    page = answer["blindSpots"]
    assert len(page["nodes"]) == page["totalCount"]
    return list(page["nodes"])


def blind(expected: Judged, codes: set[str] | None = None) -> list[Any]:
    """The blind spots among those with some codes, those that lack most raters first."""
    chosen = [each for code, each in expected.items() if each["reason"] and (codes is None or code in codes)]
    return sorted(chosen, key=by_code)


def by_code(spot: Any) -> str:
    return str(spot["organization"]["code"])


async def test_blind_spots_are_those_of_the_raw_rows(client: Client, expected: Judged) -> None:
    found = await spots(client)
    assert sorted(found, key=by_code) == blind(expected)
    missing = [each["missingRaters"] for each in found]
    assert missing == sorted(missing, reverse=True)
    assert {each["reason"] for each in found} >= {"NO_RATERS", "TOO_FEW_RATERS"}


async def test_few_for_the_size_are_those_far_below_their_peers(
    suspecting: Client, expected_of_suspects: Judged
) -> None:
    """Where one rater makes a rank: organizations with few raters beside peers with many."""
    found = await spots(suspecting)
    assert sorted(found, key=by_code) == blind(expected_of_suspects)
    few = {by_code(each): each for each in found if each["reason"] == "FEW_FOR_SIZE"}
    assert all(4 * each["raters"] < each["expectedRaters"] for each in few.values())
    assert few


async def test_size_counts_services_and_what_stands_below(suspecting: Client, expected_of_suspects: Judged) -> None:
    clinic, region = expected_of_suspects["CLINIC"], expected_of_suspects["REGION"]
    assert (clinic["services"], clinic["units"], clinic["size"]) == (2, 0, 2)
    below = sum(each["organization"]["code"] not in OUTSIDE for each in expected_of_suspects.values())
    assert (region["services"], region["units"], region["size"]) == (0, below, below)
    found = {by_code(each): each for each in await spots(suspecting)}
    assert found["REGION"] == region


OUTSIDE = {"MINISTRY", "REGION", "WARD", "SCHOOL", "INSPECTORATE", "LONER"}


@pytest.mark.parametrize(
    ("reason", "top", "hierarchy"),
    [("NO_RATERS", "BY-GOV", "SUBORDINATION"), ("TOO_FEW_RATERS", "BY-GOV-HEALTH", "SUPERVISION")],
)
async def test_one_can_ask_for_a_reason_and_a_part_of_the_country(
    client: Client, country: Country, expected: Judged, reason: str, top: str, hierarchy: str
) -> None:
    below = country.subordinates(top, hierarchy)
    among = f'among: {{subordinateTo: {{code: "{top}"}}, hierarchy: {hierarchy}}}'
    found = await spots(client, f"{among} reasons: [{reason}]")
    wanted = [each for each in blind(expected, below) if each["reason"] == reason]
    assert sorted(found, key=by_code) == wanted
    assert wanted


async def test_no_reason_at_all_is_refused(client: Client) -> None:
    assert (await client.query("{ blindSpots(reasons: []) { totalCount } }")).refusal == ("BAD_USER_INPUT", "reasons")


@pytest.mark.parametrize("size", [7, 100])
async def test_paging_both_ways_shows_every_blind_spot_once(client: Client, expected: Judged, size: int) -> None:
    there = await forward(client, "blindSpots", "", size, "organization { code }")
    assert sorted(there) == [by_code(each) for each in blind(expected)]
    assert await backward(client, "blindSpots", "", size, "organization { code }") == there


@pytest.mark.parametrize("hierarchy", ["SUBORDINATION", "SUPERVISION"])
async def test_coverage_counts_the_open_organizations_of_a_subtree(
    client: Client, country: Country, expected: Judged, hierarchy: str
) -> None:
    query = f"""query($codes: [String!]!) {{ organizationsByCode(codes: $codes) {{
        code coverage(hierarchy: {hierarchy}) {{ {COVERAGE} }} }} }}"""
    codes = sorted(country.organizations)
    for each in (await client.data(query, codes=codes))["organizationsByCode"]:
        subtree = {each["code"], *country.subordinates(each["code"], hierarchy)}
        assert each["coverage"] == covered([expected[code] for code in subtree if code in expected])


def covered(organizations: list[dict[str, Any]]) -> dict[str, Any]:
    """The coverage of some organizations."""
    reasons, number = Counter(each["reason"] for each in organizations), len(organizations)
    without, few = reasons["NO_RATERS"], reasons["TOO_FEW_RATERS"]
    return {
        "organizations": number,
        "withoutRaters": without,
        "tooFewRaters": few,
        "fewForSize": reasons["FEW_FOR_SIZE"],
        "shareWithoutRaters": share(without, number),
        "shareNotRanked": share(without + few, number),
    }


def share(part: int, whole: int) -> str | None:
    """Four decimals, rounded half up; nothing of nothing."""
    if not whole:
        return None
    rounded = (20_000 * part + whole) // (2 * whole)
    return f"{rounded // 10_000}.{rounded % 10_000:04}"
