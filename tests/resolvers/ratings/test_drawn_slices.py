"""Slices and histories of submissions that are drawn at random, against plain fractions over the raw scores."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.clients import Client
from tests.histories import history
from tests.oracle import RATING, Country
from tests.resolvers import breakdown_stage
from tests.resolvers.breakdown_stage import CRITERIA, DAYS, SERVICES, Drawn, drawn
from tests.resolvers.ratings.test_breakdowns import drawing
from tests.slices import Slice, rate

FIRST, LAST = date(2025, 12, 1), date(2026, 12, 31)
POINT = f"from to rating {{ {RATING} }}"
SCOPES = {"OWN": "", "SUBORDINATION": "scope: SUBTREE", "SUPERVISION": "scope: SUBTREE, hierarchy: SUPERVISION"}


def some(values: list[str]) -> st.SearchStrategy[tuple[str, ...] | None]:
    """Mostly nothing, else a few of the values, or none of them."""
    return st.none() | st.none() | st.lists(st.sampled_from(values), unique=True, max_size=3).map(tuple)


# Dates around those of the submissions, and ends of months.
days = st.sampled_from(DAYS).flatmap(
    lambda day: st.sampled_from(
        [day, day - timedelta(days=1), day.replace(day=1), day.replace(day=1) - timedelta(days=1)]
    )
)
slices = st.builds(
    Slice,
    first=st.none() | days,
    last=st.none() | days,
    services=some(SERVICES),
    channels=some(["IN_PERSON", "ONLINE", "PHONE", "POST"]),
    kinds=some(["PERSON", "BUSINESS"]),
    criteria=some(CRITERIA),
    verified=st.sampled_from([None, None, None, True, False]),
).map(lambda each: replace(each, last=None) if each.first and each.last and each.first > each.last else each)
questions = st.tuples(
    slices, st.sampled_from(list(SCOPES)), st.sampled_from(["DAY", "WEEK", "MONTH", "QUARTER", "YEAR"])
)


@settings(drawing, max_examples=8)
@given(said=drawn(), asked=st.lists(questions, min_size=3, max_size=3))
async def test_slices_of_drawn_submissions(
    drawn_client: Client, drawn_url: str, said: list[Drawn], asked: list[tuple[Slice, str, str]]
) -> None:
    await hold(drawn_client, drawn_url, said, asked)


@pytest.mark.long
@pytest.mark.timeout(0)
@settings(drawing, max_examples=1000, derandomize=False)
@given(said=drawn(), asked=st.lists(questions, min_size=3, max_size=3))
async def test_slices_of_many_drawn_submissions(
    drawn_client: Client, drawn_url: str, said: list[Drawn], asked: list[tuple[Slice, str, str]]
) -> None:
    await hold(drawn_client, drawn_url, said, asked)


async def hold(client: Client, url: str, said: list[Drawn], asked: list[tuple[Slice, str, str]]) -> None:
    """The answers to some questions are what the oracle says of the rows as they are."""
    breakdown_stage.fill(url, said)
    country = Country(url)
    for slice_, scope, interval in asked:
        # Of days, more than 400 are refused; these are all that there is.
        last = slice_.last or LAST
        whole = replace(slice_, first=slice_.first or min(FIRST, last), last=last)
        arguments = f"slice: $slice, {SCOPES[scope]}"
        query = f"""query($slice: RatingSlice, $whole: RatingSlice) {{
            organizations(first: 100, filter: {{closed: null}}) {{ nodes {{ code rating({arguments}) {{ {RATING} }} }} }}
            organization(by: {{code: "HOSPITAL"}}) {{
                history(interval: {interval}, slice: $whole, {SCOPES[scope]}) {{ {POINT} }} }}
            summary(among: {{closed: null}}, slice: $slice) {{ rating {{ {RATING} }} }} }}"""
        answer = await client.data(query, slice=slice_.input, whole=whole.input)
        for found in answer["organizations"]["nodes"]:
            below = country.subordinates(found["code"], scope) if scope != "OWN" else set()
            assert found["rating"] == rate(country, country.pool([found["code"], *below]), slice_)
        assert answer["summary"]["rating"] == rate(country, country.pool(country.organizations), slice_)
        below = country.subordinates("HOSPITAL", scope) if scope != "OWN" else set()
        points = history(country, country.pool(["HOSPITAL", *below]), whole, interval, last)
        assert answer["organization"]["history"] == points
