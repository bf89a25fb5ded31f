"""Ratings and their parts, against plain fractions over the raw scores, for every organization."""

import pytest

from tests.clients import Client
from tests.oracle import RATING, Country
from tests.resolvers.lists import forward


async def everyone(client: Client, selection: str) -> dict[str, dict[str, object]]:
    """A selection of all organizations, closed ones included, by code."""
    codes = await forward(client, "organizations", "filter: {closed: null}")
    query = f"query($codes: [String!]!) {{ organizationsByCode(codes: $codes) {{ code {selection} }} }}"
    answer = await client.data(query, codes=codes)
    return {each["code"]: each for each in answer["organizationsByCode"]}


async def test_every_organization_is_rated_by_its_own_submissions(client: Client, country: Country) -> None:
    found = await everyone(client, f"rating {{ {RATING} }}")
    assert {code: each["rating"] for code, each in found.items()} == {
        code: country.rating([code]) for code in country.organizations
    }


@pytest.mark.parametrize("hierarchy", ["SUBORDINATION", "SUPERVISION"])
async def test_a_subtree_pools_all_submissions_in_it(client: Client, country: Country, hierarchy: str) -> None:
    found = await everyone(client, f"rating(scope: SUBTREE, hierarchy: {hierarchy}) {{ {RATING} }}")
    assert {code: each["rating"] for code, each in found.items()} == {
        code: country.rating([code, *country.subordinates(code, hierarchy)]) for code in country.organizations
    }


async def test_an_area_pools_the_organizations_in_it(client: Client, country: Country) -> None:
    answer = await client.data(f'{{ areas(parent: "BY") {{ code rating {{ {RATING} }} }} }}')
    assert len(answer["areas"]) == 7
    for area in answer["areas"]:
        inside = [code for code in country.organizations if country.in_area(code, area["code"])]
        assert area["rating"] == country.rating(inside)


async def test_a_summary_pools_the_organizations_of_a_filter(client: Client, country: Country) -> None:
    query = f'{{ summary(among: {{spheres: ["HEALTH"]}}) {{ organizations rated rating {{ {RATING} }} }} }}'
    chosen = country.chosen(lambda o: o.open and "HEALTH" in o.spheres)
    assert (await client.data(query))["summary"] == {
        "organizations": len(chosen),
        "rated": sum(bool(country.submissions[code]) for code in chosen),
        "rating": country.rating(chosen),
    }


async def test_a_summary_of_nobody_is_empty(client: Client, country: Country) -> None:
    query = f'{{ summary(among: {{codes: ["nowhere"]}}) {{ organizations rated rating {{ {RATING} }} }} }}'
    assert (await client.data(query))["summary"] == {"organizations": 0, "rated": 0, "rating": country.rating([])}


async def test_an_empty_slice_counts_everything(client: Client) -> None:
    answer = await client.data("{ all: summary { rating { value } } sliced: summary(slice: {}) { rating { value } } }")
    assert answer["all"] == answer["sliced"]
