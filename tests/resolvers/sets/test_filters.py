"""Every condition of OrganizationFilter, against plain Python over the raw rows."""

from collections.abc import Callable

import psycopg
import pytest

from tests.clients import Client
from tests.oracle import Country, Organization
from tests.resolvers.lists import forward

Chosen = Callable[[Organization], bool]


async def found(client: Client, condition: str) -> set[str]:
    """The codes of all organizations that a filter chooses, each of which it lists once."""
    codes = await forward(client, "organizations", f"filter: {{{condition}}}")
    assert len(codes) == len(set(codes))
    return set(codes)


async def test_without_a_filter_all_open_organizations_are_listed(client: Client, country: Country) -> None:
    assert set(await forward(client, "organizations")) == country.chosen()


@pytest.mark.parametrize(
    ("condition", "chosen"),
    [
        ("", lambda o: o.open),
        ("closed: false", lambda o: o.open),
        ("closed: true", lambda o: not o.open),
        ("closed: null", lambda _: True),
        ('codes: ["BY-GOV", "BY-GOV", "unknown"]', lambda o: o.code == "BY-GOV"),
        ("codes: []", lambda _: False),
        ('kinds: ["MINISTRY", "UNIT"]', lambda o: o.open and o.kind in {"MINISTRY", "UNIT"}),
        ('spheres: ["HEALTH", "PHARMACY"]', lambda o: o.open and {"HEALTH", "PHARMACY"} & {*o.spheres}),
        (
            'services: ["HEALTH-POLYCLINIC-CARE", "HEALTH-POLYCLINIC-APPOINTMENT"]',
            lambda o: o.open and {"HEALTH-POLYCLINIC-CARE", "HEALTH-POLYCLINIC-APPOINTMENT"} & {*o.services},
        ),
        ('kinds: ["ORGANIZATION"], spheres: ["HEALTH"]', lambda o: o.open and o.kind == "ORGANIZATION" and "HEALTH" in o.spheres),
        (
            "within: {west: 27, south: 53.5, east: 28, north: 54.2}",
            lambda o: o.open and 27 <= o.longitude <= 28 and 53.5 <= o.latitude <= 54.2,
        ),
    ],
)  # fmt: skip
async def test_a_condition_chooses_what_it_says(
    client: Client, country: Country, condition: str, chosen: Chosen
) -> None:
    assert await found(client, condition) == country.chosen(chosen)


async def test_categories_choose_by_the_services_rendered(client: Client, country: Country) -> None:
    expected = country.chosen(
        lambda o: o.open and any(country.service_categories[code] == "HEALTH-POLYCLINIC" for code in o.services)
    )
    assert expected
    assert await found(client, 'categories: ["HEALTH-POLYCLINIC"]') == expected


@pytest.mark.parametrize("areas", [["BY"], ["BY-HO"], ["BY-HO", "BY-BR"]])
async def test_areas_choose_what_stands_in_them_and_below(client: Client, country: Country, areas: list[str]) -> None:
    listed = ", ".join(f'"{area}"' for area in areas)
    expected = country.chosen(lambda o: o.open and any(country.in_area(o.code, area) for area in areas))
    assert expected
    assert await found(client, f"areas: [{listed}]") == expected


@pytest.mark.parametrize("rated", [True, False])
async def test_rated_chooses_by_counted_submissions(client: Client, country: Country, rated: bool) -> None:
    expected = country.chosen(lambda o: o.open and bool(country.submissions[o.code]) is rated)
    assert expected
    assert await found(client, f"rated: {str(rated).lower()}") == expected


@pytest.mark.parametrize("hierarchy", ["SUBORDINATION", "SUPERVISION"])
@pytest.mark.parametrize("depth", [1, 2, None])
async def test_subordinate_to_chooses_what_is_below_down_to_a_depth(
    client: Client, country: Country, hierarchy: str, depth: int | None
) -> None:
    top = "BY-GOV-HEALTH" if hierarchy == "SUPERVISION" else "BY-GOV"
    limit = "" if depth is None else f", maxDepth: {depth}"
    above = len(country.ancestors(top, hierarchy))
    expected = {
        code
        for code in country.subordinates(top, hierarchy) & country.chosen()
        if depth is None or len(country.ancestors(code, hierarchy)) - above <= depth
    }
    assert expected
    condition = f'subordinateTo: {{code: "{top}"}}, hierarchy: {hierarchy}{limit}'
    assert await found(client, condition) == expected


async def test_subordinate_to_takes_an_id_as_well(client: Client) -> None:
    answer = await client.data('{ organization(by: {code: "BY-GOV-HEALTH"}) { id } }')
    by_id = await found(client, f'subordinateTo: {{id: "{answer["organization"]["id"]}"}}')
    assert by_id == await found(client, 'subordinateTo: {code: "BY-GOV-HEALTH"}')


async def test_near_chooses_by_metres_on_the_spheroid(client: Client, seeded_url: str) -> None:
    with psycopg.connect(seeded_url) as connection:
        within = connection.execute(
            """SELECT code FROM organization WHERE closed_on IS NULL
               AND ST_Distance(location::geography, ST_Point(27.56, 53.9, 4326)::geography) <= 50000"""
        ).fetchall()
    near = "near: {point: {latitude: 53.9, longitude: 27.56}, radiusMeters: 50000}"
    assert await found(client, near) == {code for (code,) in within} != set()


async def test_near_without_a_radius_chooses_all_that_have_a_place(client: Client, country: Country) -> None:
    assert await found(client, "near: {point: {latitude: 53.9, longitude: 27.56}}") == country.chosen()
