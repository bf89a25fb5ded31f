"""Organizations on a map: in a box, the best rated ones first."""

from math import inf, nextafter

import psycopg
import pytest

from tests.clients import Client
from tests.oracle import Country

ON_MAP = """query($box: BoundingBox!, $limit: Int! = 500, $filter: OrganizationFilter) {
    organizationsOnMap(within: $box, limit: $limit, filter: $filter) {
        leftOut organizations { code location { latitude longitude } rating { value } } } }"""
COUNTRY = {"west": 23, "south": 51, "east": 33, "north": 57}


async def codes_in(client: Client, west: float, south: float, east: float, north: float) -> set[str]:
    box = {"west": west, "south": south, "east": east, "north": north}
    found = (await client.data(ON_MAP, box=box))["organizationsOnMap"]
    return {each["code"] for each in found["organizations"]}


async def test_a_box_shows_what_lies_in_it_and_where(client: Client, country: Country) -> None:
    found = (await client.data(ON_MAP, box=COUNTRY))["organizationsOnMap"]
    assert found["leftOut"] == 0
    assert {each["code"]: each["location"] for each in found["organizations"]} == {
        code: {"latitude": each.latitude, "longitude": each.longitude}
        for code, each in country.organizations.items()
        if each.open
    }


@pytest.mark.parametrize("limit", [1, 10, 500])
async def test_a_limit_keeps_the_best_rated_and_tells_how_many_it_leaves_out(
    client: Client, country: Country, limit: int
) -> None:
    found = (await client.data(ON_MAP, box=COUNTRY, limit=limit))["organizationsOnMap"]
    best = sorted((country.rating([code])["value"] or "" for code in country.chosen()), reverse=True)
    assert [each["rating"]["value"] or "" for each in found["organizations"]] == best[:limit]
    assert found["leftOut"] == max(len(best) - limit, 0)


async def test_a_map_is_filtered_like_a_list(client: Client, country: Country) -> None:
    found = (await client.data(ON_MAP, box=COUNTRY, filter={"kinds": ["MINISTRY"]}))["organizationsOnMap"]
    expected = country.chosen(lambda o: o.open and o.kind == "MINISTRY")
    assert {each["code"] for each in found["organizations"]} == expected


@pytest.mark.parametrize("code", ["BY-GOV", "BY-HO-06-HEALTH-POLYCLINIC-1", "BY-BR-03-PHARMACY-CHEMIST-1"])
async def test_a_point_on_an_edge_is_inside_and_one_just_behind_it_is_not(
    client: Client, country: Country, code: str
) -> None:
    east, north = country.organizations[code].longitude, country.organizations[code].latitude
    assert code in await codes_in(client, east, north, east + 1, north + 1)
    assert code in await codes_in(client, east - 1, north - 1, east, north)
    assert code not in await codes_in(client, nextafter(east, inf), north, east + 1, north + 1)
    assert code not in await codes_in(client, east, nextafter(north, inf), east + 1, north + 1)
    assert code not in await codes_in(client, east - 1, north - 1, nextafter(east, -inf), north)
    assert code not in await codes_in(client, east - 1, north - 1, east, nextafter(north, -inf))


async def test_a_box_may_cross_the_antimeridian(writing_client: Client, clone_url: str) -> None:
    places = {"BY-GOV": 179.9, "BY-GOV-HEALTH": -179.9, "BY-GOV-LABOUR": 180, "BY-GOV-TRANSPORT": -180}
    with psycopg.connect(clone_url) as connection:
        for code, east in places.items():
            connection.execute("UPDATE organization SET location = ST_Point(%s, 0, 4326) WHERE code = %s", [east, code])
    assert await codes_in(writing_client, 179, -1, -179, 1) == set(places)
    assert await codes_in(writing_client, 179.95, -1, -179.95, 1) == {"BY-GOV-LABOUR", "BY-GOV-TRANSPORT"}
    assert not set(places) & await codes_in(writing_client, -179, -1, 179, 1)


@pytest.mark.parametrize(
    ("change", "argument"),
    [
        ({"west": 181}, "within.west"),
        ({"east": -180.0001}, "within.east"),
        ({"south": -91}, "within.south"),
        ({"north": 90.0001}, "within.north"),
        ({"south": 57, "north": 51}, "within.south"),
        ({"south": 51, "north": 51}, "within.south"),
        ({"west": 33, "east": 33}, "within.west"),
    ],
)
async def test_a_box_that_cannot_be_is_refused(client: Client, change: dict[str, float], argument: str) -> None:
    answer = await client.query(ON_MAP, {"box": COUNTRY | change})
    assert answer.refusal == ("BAD_USER_INPUT", argument)
    listed = await client.query(
        "query($box: BoundingBox!) { organizations(filter: {within: $box}) { totalCount } }", {"box": COUNTRY | change}
    )
    assert listed.refusal == ("BAD_USER_INPUT", f"filter.{argument}")


@pytest.mark.parametrize("limit", [0, -1, 501])
async def test_a_limit_out_of_bounds_is_refused(client: Client, limit: int) -> None:
    answer = await client.query(ON_MAP, {"box": COUNTRY, "limit": limit})
    assert answer.refusal == ("BAD_USER_INPUT", "limit")
