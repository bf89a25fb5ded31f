"""Histories of ratings, against plain fractions over the raw scores, for intervals of every length."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.clients import Client
from tests.histories import history
from tests.oracle import RATING, Country
from tests.slices import Slice

POINT = f"from to rating {{ {RATING} }}"
SLICES = {
    "all time": Slice(),
    "a year": Slice(date(2024, 1, 1), date(2024, 12, 31)),
    "days": Slice(date(2024, 2, 7), date(2024, 2, 20)),
    "months and days": Slice(date(2024, 2, 7), date(2024, 9, 20)),
    "from a day on": Slice(first=date(2025, 11, 20)),
    "to a day": Slice(last=date(2021, 3, 10)),
    "a channel": Slice(date(2024, 2, 7), date(2024, 9, 20), channels=("ONLINE",)),
    "a kind of rater": Slice(date(2024, 2, 1), date(2024, 9, 30), kinds=("BUSINESS",)),
    "criteria": Slice(date(2024, 2, 7), date(2024, 9, 20), criteria=("COURTESY", "ATTENTION")),
    "before the first": Slice(last=date(2001, 1, 1)),
    "nothing for long": Slice(date(2001, 1, 1), date(2001, 12, 31)),
    "the other way round": Slice(first=date(2100, 1, 1)),
}
# All time has too many days.
CASES = [
    (name, interval)
    for name in SLICES
    for interval in ("DAY", "WEEK", "MONTH", "QUARTER", "YEAR")
    if (name, interval) != ("all time", "DAY")
]


def some_of(country: Country) -> list[str]:
    """The organization with most submissions, and the three that most stand below."""
    rated = sorted(country.organizations, key=lambda code: -len(country.submissions[code]))
    wide = sorted(country.organizations, key=lambda code: -len(country.subordinates(code)))
    return [rated[0], *wide[:3]]


@pytest.fixture(scope="module")
def today() -> date:
    """The date where the portal is."""
    return datetime.now(UTC).astimezone(ZoneInfo("Europe/Minsk")).date()


@pytest.mark.parametrize(("name", "interval"), CASES)
async def test_histories_are_what_the_scores_give(
    client: Client, country: Country, today: date, name: str, interval: str
) -> None:
    slice_ = SLICES[name]
    query = f"""query($codes: [String!]!, $slice: RatingSlice) {{
        organizationsByCode(codes: $codes) {{ code
            own: history(interval: {interval}, slice: $slice) {{ {POINT} }}
            subtree: history(interval: {interval}, slice: $slice, scope: SUBTREE) {{ {POINT} }} }}
        summary(among: {{spheres: ["HEALTH"]}}, slice: $slice) {{ history(interval: {interval}) {{ {POINT} }} }} }}"""
    answer = await client.data(query, codes=some_of(country), slice=slice_.input)
    assert len(client.statements) == 2
    for found in answer["organizationsByCode"]:
        said = country.pool([found["code"]])
        assert found["own"] == history(country, said, slice_, interval, today)
        below = country.pool([found["code"], *country.subordinates(found["code"])])
        assert found["subtree"] == history(country, below, slice_, interval, today)
    chosen = country.pool(country.chosen(lambda o: o.open and "HEALTH" in o.spheres))
    assert answer["summary"]["history"] == history(country, chosen, slice_, interval, today)


async def test_a_history_begins_with_the_first_submission_and_ends_today(client: Client, today: date) -> None:
    query = "{ summary { history(interval: MONTH) { from to } } }"
    points = (await client.data(query))["summary"]["history"]
    assert len(client.statements) == 1
    assert points[0]["from"] == "2020-11-01"
    assert points[-1]["from"] <= today.isoformat() <= points[-1]["to"]
    following = [(date.fromisoformat(each["to"]) + timedelta(days=1)).isoformat() for each in points]
    assert following[:-1] == [each["from"] for each in points[1:]]


@pytest.mark.parametrize(
    ("field", "interval", "last", "points"),
    [
        ("summary(slice: SLICE) { history(interval: INTERVAL) { from } }", "DAY", "2025-02-03", 400),
        ("summary(slice: SLICE) { history(interval: INTERVAL) { from } }", "DAY", "2025-02-04", None),
        ('organization(by: {code: "BY-GOV"}) { history(interval: INTERVAL, slice: SLICE) { from } }', "WEEK", "2031-08-31", 400),
        ('organization(by: {code: "BY-GOV"}) { history(interval: INTERVAL, slice: SLICE) { from } }', "WEEK", "2031-09-01", None),
        ('organization(by: {code: "BY-GOV"}) { history(interval: INTERVAL, slice: SLICE) { from } }', "MONTH", "9999-12-31", None),
    ],
)  # fmt: skip
async def test_a_history_has_at_most_400_points(
    client: Client, field: str, interval: str, last: str, points: int | None
) -> None:
    asked = field.replace("SLICE", f'{{from: "2024-01-01", to: "{last}"}}').replace("INTERVAL", interval)
    answer = await client.query(f"{{ {asked} }}")
    if points is None:
        assert answer.refusal == ("BAD_USER_INPUT", "interval")
        assert "400 points" in answer.errors[0]["message"]
    else:
        assert len(answer.data.popitem()[1]["history"]) == points


async def test_a_history_of_all_time_may_have_too_many_points(client: Client) -> None:
    answer = await client.query(
        '{ organization(by: {code: "BY-GOV"}) { history(interval: DAY, scope: SUBTREE) { from } } }'
    )
    assert answer.refusal == ("BAD_USER_INPUT", "interval")


async def test_whom_nobody_rated_has_no_history(client: Client, country: Country) -> None:
    nobody = next(code for code in country.organizations if not country.submissions[code])
    query = "query($by: OrganizationRef!) { organization(by: $by) { history(interval: DAY) { from } } }"
    assert (await client.data(query, by={"code": nobody}))["organization"]["history"] == []


async def test_histories_of_a_list_are_bounded_by_their_dates(client: Client) -> None:
    query = """query($slice: RatingSlice) { organizations(first: 100) { nodes {
        history(interval: MONTH, slice: $slice) { rating { byCriterion { value } } } } } }"""
    assert not (await client.query(query, {"slice": {"from": "2025-01-01", "to": "2025-12-31"}})).errors
    assert (await client.query(query, {"slice": {}})).refusal == ("ROW_LIMIT", None)


@pytest.mark.parametrize("conditions", ['from: "2026-02-01", to: "2026-01-31"', 'criteria: ["nonsense"]'])
async def test_a_wrong_slice_is_refused(client: Client, conditions: str) -> None:
    field = f"history(interval: MONTH, slice: {{{conditions}}}) {{ from }}"
    answer = await client.query(f'{{ organization(by: {{code: "BY-GOV"}}) {{ {field} }} }}')
    assert answer.refusal[0] == "BAD_USER_INPUT"
    assert str(answer.refusal[1]).startswith("slice.")
