"""Places of organizations in both hierarchies, for every organization."""

from typing import Any

import pytest

from tests.clients import Client
from tests.oracle import Country

HIERARCHIES = pytest.mark.parametrize("hierarchy", ["SUBORDINATION", "SUPERVISION"])


async def everyone(client: Client, country: Country, selection: str) -> dict[str, Any]:
    query = f"query($codes: [String!]!) {{ organizationsByCode(codes: $codes) {{ code {selection} }} }}"
    answer = await client.data(query, codes=list(country.organizations))
    return {each["code"]: each for each in answer["organizationsByCode"]}


@HIERARCHIES
async def test_ancestors_go_from_the_root_down_to_the_parent(client: Client, country: Country, hierarchy: str) -> None:
    tree = f"(hierarchy: {hierarchy})"
    found = await everyone(client, country, f"ancestors{tree} {{ code }} parent{tree} {{ code }}")
    for code, each in found.items():
        above = [ancestor["code"] for ancestor in each["ancestors"]]
        assert above == country.ancestors(code, hierarchy)
        assert each["parent"] == ({"code": above[-1]} if above else None)


@HIERARCHIES
@pytest.mark.parametrize("field", ["children", "subordinates"])
async def test_what_is_below_is_listed_without_what_is_closed(
    client: Client, country: Country, hierarchy: str, field: str
) -> None:
    arguments = f"(hierarchy: {hierarchy}, first: 100)"
    found = await everyone(client, country, f"{field}{arguments} {{ totalCount nodes {{ code }} }}")
    below = country.children if field == "children" else country.subordinates
    for code, each in found.items():
        expected = below(code, hierarchy) & country.chosen()
        listed = [node["code"] for node in each[field]["nodes"]]
        assert each[field]["totalCount"] == len(expected)
        assert len(listed) == len(set(listed)) == min(len(expected), 100)
        assert set(listed) <= expected


async def test_a_filter_and_an_order_apply_below_an_organization(client: Client, country: Country) -> None:
    query = """{ organization(by: {code: "BY-GOV"}) {
        subordinates(filter: {spheres: ["HEALTH"]}, orderBy: SUBMISSIONS_DESC, first: 100) { nodes { code } } } }"""
    codes = [node["code"] for node in (await client.data(query))["organization"]["subordinates"]["nodes"]]
    health = country.chosen(lambda o: o.open and "HEALTH" in o.spheres)
    assert set(codes) == health & country.subordinates("BY-GOV")
    counts = [len(country.submissions[code]) for code in codes]
    assert counts == sorted(counts, reverse=True)


async def test_the_same_field_of_two_trees_does_not_mix_in_one_operation(client: Client, country: Country) -> None:
    code = "BY-HO-06-HEALTH-POLYCLINIC-1"
    query = f"""{{ organization(by: {{code: "{code}"}}) {{
        one: parent {{ code }} other: parent(hierarchy: SUPERVISION) {{ code }} }} }}"""
    assert (await client.data(query))["organization"] == {
        "one": {"code": country.ancestors(code)[-1]},
        "other": {"code": country.ancestors(code, "SUPERVISION")[-1]},
    }
