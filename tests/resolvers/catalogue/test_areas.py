"""The territory: its tree, what covers a point, boundaries, and what stands where."""

from typing import Any

import psycopg
import pytest

from tests.clients import Client
from tests.oracle import Country

CENTRE_OF_MINSK = "{latitude: 53.9, longitude: 27.56}"


async def test_the_roots_and_what_is_below_them_are_listed(client: Client, country: Country) -> None:
    answer = await client.data('{ roots: areas { code parent { code } } below: areas(parent: "BY") { code } }')
    assert answer["roots"] == [{"code": "BY", "parent": None}]
    assert {area["code"] for area in answer["below"]} == {
        code for code, parent in country.area_parents.items() if parent == "BY"
    }


async def test_an_area_is_found_by_code_with_its_name_and_parent(client: Client) -> None:
    query = '{ area(code: "BY-HM") { code name(language: EN) parent { code } } none: area(code: "XX") { code } }'
    answer = await client.data(query)
    assert answer == {"area": {"code": "BY-HM", "name": "Minsk", "parent": {"code": "BY"}}, "none": None}


async def test_a_point_is_in_the_smallest_area_that_covers_it(client: Client, country: Country) -> None:
    for region in ("BY-HM", "BY-HO", "BY-BR"):
        each = next(o for o in country.organizations.values() if country.in_area(o.code, region))
        query = f"{{ area(at: {{latitude: {each.latitude}, longitude: {each.longitude}}}) {{ code }} }}"
        assert (await client.data(query))["area"]["code"] == region


async def test_a_point_in_no_area_has_none(client: Client) -> None:
    assert await client.data("{ area(at: {latitude: 0, longitude: 0}) { code } }") == {"area": None}


async def test_a_boundary_is_the_stored_polygon_with_its_rings_as_rfc_7946_wants(
    client: Client, seeded_url: str
) -> None:
    boundary = (await client.data('{ area(code: "BY-HM") { boundary } }'))["area"]["boundary"]
    assert set(boundary) == {"type", "coordinates"}
    with psycopg.connect(seeded_url) as connection:
        row: Any = connection.execute(
            """SELECT ST_IsPolygonCCW(ST_GeomFromGeoJSON(%s)),
                      ST_HausdorffDistance(ST_GeomFromGeoJSON(%s), boundary) FROM area WHERE code = 'BY-HM'""",
            [psycopg.types.json.Json(boundary)] * 2,
        ).fetchone()
    assert row[0]
    assert row[1] < 1e-6


async def test_a_tolerance_leaves_points_out(client: Client) -> None:
    query = '{ area(code: "BY") { whole: boundary rough: boundary(toleranceMeters: 20000) } }'
    area = (await client.data(query))["area"]
    assert 0 < len(str(area["rough"])) < len(str(area["whole"])) / 2


@pytest.mark.parametrize("parent", ["BY-HM", "BY-HO"])
async def test_the_organizations_of_an_area_are_in_it_or_below(client: Client, country: Country, parent: str) -> None:
    query = """query($code: String!) { area(code: $code) {
        organizations(first: 100) { totalCount nodes { code } } } }"""
    found = (await client.data(query, code=parent))["area"]["organizations"]
    expected = country.chosen(lambda o: o.open and country.in_area(o.code, parent))
    assert {node["code"] for node in found["nodes"]} == expected
    assert found["totalCount"] == len(expected)


async def test_each_of_several_areas_lists_its_own_organizations(client: Client, country: Country) -> None:
    answer = await client.data('{ areas(parent: "BY") { code organizations(first: 100) { nodes { code } } } }')
    for area in answer["areas"]:
        found = {node["code"] for node in area["organizations"]["nodes"]}
        assert found == country.chosen(lambda o, code=area["code"]: o.open and country.in_area(o.code, code))  # type: ignore[misc]


@pytest.mark.parametrize("arguments", ["", f'(code: "BY", at: {CENTRE_OF_MINSK})', "(code: null, at: null)"])
async def test_an_area_by_both_or_neither_is_refused(client: Client, arguments: str) -> None:
    assert (await client.query(f"{{ area{arguments} {{ code }} }}")).refusal == ("BAD_USER_INPUT", "area")


@pytest.mark.parametrize("metres", [-1, 1_000_001])
async def test_a_tolerance_out_of_bounds_is_refused(client: Client, metres: int) -> None:
    answer = await client.query(f'{{ area(code: "BY") {{ boundary(toleranceMeters: {metres}) }} }}')
    assert answer.refusal == ("BAD_USER_INPUT", "toleranceMeters")
