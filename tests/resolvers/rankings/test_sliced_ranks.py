"""Ranks over slices, against exact fractions over the raw scores; what is withheld has no place, and none of it is told."""

from dataclasses import replace
from datetime import date

import pytest

from tests.clients import Client
from tests.oracle import RATING, Country
from tests.oracle_ranks import MOVED_MOST, RANK, Ranking, moved_most
from tests.slices import LEAST, Rated, Slice, rate

AMONG = '{spheres: ["HEALTH", "SCHOOL", "POST"]}'
# 2024 is in the middle of the demo's time. Each slice with a date in it to compare with.
SLICES = {
    "a year": (Slice(date(2024, 1, 1), date(2024, 12, 31)), date(2024, 8, 31)),
    "days": (Slice(date(2022, 2, 7), date(2025, 3, 20)), date(2024, 5, 17)),
    "a channel": (Slice(channels=("ONLINE",)), date(2024, 12, 31)),
    "a channel of persons to a day": (Slice(last=date(2025, 6, 10), channels=("IN_PERSON",), kinds=("PERSON",)), None),
    "a service": (Slice(services=("SCHOOL-SECONDARY-MEALS",)), date(2025, 1, 15)),
    "a criterion": (Slice(criteria=("COURTESY",)), date(2025, 2, 28)),
    "criteria of some": (Slice(first=date(2023, 1, 1), criteria=("ATTENTION", "MEALS")), date(2024, 2, 29)),
    "nobody": (Slice(channels=()), None),
}
SCOPES = {"OWN": "", "SUBTREE": "scope: SUBTREE, hierarchy: SUPERVISION"}


def told(country: Country, scope: str) -> dict[str, Rated]:
    """All that was said to each organization of the set, or below it."""
    chosen = country.chosen(lambda o: o.open and bool({"HEALTH", "SCHOOL", "POST"} & set(o.spheres)))
    below = {code: country.subordinates(code, "SUPERVISION") if scope == "SUBTREE" else () for code in chosen}
    return {code: country.pool({code, *members}) for code, members in below.items()}


@pytest.mark.parametrize(("method", "scope"), [("MEAN", "OWN"), ("CREDIBLE", "SUBTREE")])
@pytest.mark.parametrize("name", SLICES)
async def test_a_set_is_ranked_over_a_slice(
    client: Client, country: Country, name: str, method: str, scope: str
) -> None:
    (slice_, day), said, prior = SLICES[name], told(country, scope), 10 if method == "CREDIBLE" else None
    now = Ranking.over(slice_, said, LEAST, prior)
    then = Ranking.over(replace(slice_, last=day), said, LEAST, prior) if day else None
    asked = f"among: {AMONG}, slice: $slice, comparedTo: $day, method: {method}, {SCOPES[scope]}"
    query = f"""query($slice: RatingSlice, $day: Date) {{ ranking({asked}, first: 100) {{ totalCount nodes {{
        organization {{ code rank({asked}) {{ {RANK} }} }} rank {{ {RANK} explain {{ submissions setSubmissions }} }}
        rating {{ {RATING} }} movedMost {{ {MOVED_MOST} }} }} }} }}"""
    answer = await client.data(query, slice=slice_.input, day=day and day.isoformat())
    assert len(client.statements) == 1
    assert answer["ranking"]["totalCount"] == len(answer["ranking"]["nodes"]) == len(said)
    for entry in answer["ranking"]["nodes"]:
        code, explained = entry["organization"]["code"], entry["rank"].pop("explain")
        expected = None if code not in now.exact else len(now.pools[code]), prior and len(now.told)
        assert explained == (expected[0] and dict(zip(("submissions", "setSubmissions"), expected, strict=True)))
        assert entry["rank"] == entry["organization"]["rank"] == now.rank(code, then), code
        assert entry["rating"] == rate(country, said[code], slice_)
        hidden = then is None or code in {*now.withheld, *then.withheld}
        least = LEAST if slice_.conditions else 1
        moved = None if hidden or not then else moved_most(then.pools[code], now.pools[code], country.criteria, least)
        assert entry["movedMost"] == moved, code


@pytest.mark.parametrize("method", ["MEAN", "CREDIBLE"])
async def test_those_without_a_place_stand_in_no_order_that_tells_of_them(
    client: Client, country: Country, method: str
) -> None:
    slice_ = Slice(channels=("ONLINE",))
    now = Ranking.over(slice_, told(country, "OWN"))
    query = f"""query($slice: RatingSlice) {{ ranking(among: {AMONG}, slice: $slice, method: {method}, first: 100) {{
        nodes {{ organization {{ code }} rank {{ position }} }} }} }}"""
    nodes = (await client.data(query, slice=slice_.input))["ranking"]["nodes"]
    codes = [each["organization"]["code"] for each in nodes if each["rank"]["position"] is None]
    assert set(codes) & set(now.withheld)
    ids = [country.organizations[code].id for code in codes]
    assert ids == sorted(ids, reverse=True)


@pytest.mark.parametrize(("order", "last"), [("RATING_DESC", -1), ("RATING_ASC", 1_000)])
async def test_what_is_withheld_is_among_the_unrated_in_a_list(
    client: Client, country: Country, order: str, last: int
) -> None:
    slice_, said = Slice(channels=("ONLINE",)), told(country, "OWN")
    query = f"""query($slice: RatingSlice) {{ organizations(filter: {AMONG}, slice: $slice, orderBy: {order}, first: 100) {{
        nodes {{ code rating(slice: $slice) {{ value }} }} }} }}"""
    nodes = (await client.data(query, slice=slice_.input))["organizations"]["nodes"]
    values = [float(each["rating"]["value"] or last) for each in nodes]
    assert values == sorted(values, reverse=order == "RATING_DESC")
    assert {each["code"]: each["rating"]["value"] for each in nodes} == {
        code: rate(country, pool, slice_)["value"] for code, pool in said.items()
    }


async def test_by_submissions_the_most_often_rated_over_a_slice_come_first(client: Client, country: Country) -> None:
    slice_ = Slice(date(2024, 1, 1), date(2024, 12, 31))
    query = f"""query($slice: RatingSlice) {{ organizations(
        filter: {AMONG}, slice: $slice, orderBy: SUBMISSIONS_DESC, first: 100) {{ nodes {{ code }} }} }}"""
    nodes = (await client.data(query, slice=slice_.input))["organizations"]["nodes"]
    counts = [len(slice_.counted(country.submissions[each["code"]])) for each in nodes]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


async def test_a_chosen_few_are_compared_side_by_side(client: Client, country: Country) -> None:
    slice_ = Slice(date(2024, 1, 1), date(2024, 12, 31))
    codes = sorted(code for code, said in told(country, "OWN").items() if len(slice_.counted(said)) > 5)[:3]
    history = "history(interval: QUARTER, slice: $slice) { from rating { value } }"
    selected = f"code rating(slice: $slice) {{ value }} {history}"
    query = f"""query($slice: RatingSlice, $codes: [String!]!) {{
        organizationsByCode(codes: $codes) {{ {selected} rank(among: {{codes: $codes}}, slice: $slice) {{ position }} }}
        ranking(among: {{codes: $codes}}, slice: $slice) {{ nodes {{
            organization {{ {selected} }} rank {{ position }} rating {{ value }} }} }} }}"""
    answer = await client.data(query, slice=slice_.input, codes=codes)
    beside = {each["code"]: each for each in answer["organizationsByCode"]}
    ranks = {code: each.pop("rank") for code, each in beside.items()}
    assert [len(each["history"]) for each in beside.values()] == [4, 4, 4]
    for entry in answer["ranking"]["nodes"]:
        code = entry["organization"]["code"]
        assert entry["organization"] == beside[code]
        assert (entry["rank"], entry["rating"]) == (ranks[code], beside[code]["rating"])
    values = [entry["rating"]["value"] for entry in answer["ranking"]["nodes"]]
    assert values == sorted(values, reverse=True)
    assert len(values) == 3
