"""Spheres, categories, services and criteria; names in the languages asked for."""

from typing import Any, LiteralString

import psycopg
import pytest

from tests.clients import Client


def rows(url: str, query: LiteralString) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


async def test_spheres_are_in_their_order_with_their_categories(client: Client, seeded_url: str) -> None:
    answer = await client.data("{ spheres { code categories { code sphere { code } } } }")
    found = [(sphere["code"], [each["code"] for each in sphere["categories"]]) for sphere in answer["spheres"]]
    assert found == rows(
        seeded_url,
        """SELECT sphere.code, array_agg(category.code ORDER BY category.ordinal)
           FROM sphere JOIN category ON sphere_id = sphere.id GROUP BY sphere.id ORDER BY sphere.ordinal""",
    )
    assert len(found) == 32
    for sphere in answer["spheres"]:
        assert all(category["sphere"] == {"code": sphere["code"]} for category in sphere["categories"])


async def test_an_organization_tells_its_services_spheres_and_kind(client: Client, seeded_url: str) -> None:
    code = "BY-HO-06-HEALTH-POLYCLINIC-1"
    query = f"""{{ organization(by: {{code: "{code}"}}) {{ registration closedOn kind {{ code }}
        spheres {{ code }} services(first: 100) {{ totalCount nodes {{ code category {{ code }} }} }} }} }}"""
    found = (await client.data(query))["organization"]
    services = found.pop("services")
    assert found == {
        "registration": "STATUTORY",
        "closedOn": None,
        "kind": {"code": "ORGANIZATION"},
        "spheres": [{"code": "HEALTH"}],
    }
    assert services["totalCount"] == len(services["nodes"])
    assert sorted((node["code"], node["category"]["code"]) for node in services["nodes"]) == rows(
        seeded_url,
        """SELECT service.code, category.code FROM organization_service JOIN service ON service.id = service_id
           JOIN category ON category.id = category_id JOIN organization ON organization.id = organization_id
           WHERE organization.code = 'BY-HO-06-HEALTH-POLYCLINIC-1' ORDER BY service.code""",
    )


@pytest.mark.parametrize(("on", "count"), [("", 13), ('(on: "2019-01-01")', 13), ('(on: "2018-12-31")', 0)])
async def test_criteria_are_those_in_force_on_a_date(client: Client, on: str, count: int) -> None:
    criteria = (await client.data(f"{{ criteria{on} {{ code basic }} }}"))["criteria"]
    assert len(criteria) == count
    assert [each["code"] for each in criteria if each["basic"]] == [each["code"] for each in criteria[:5]]


@pytest.mark.parametrize(
    ("header", "argument", "name"),
    [
        (None, "", "Министерство внутренних дел"),
        ("be", "", "Міністэрства ўнутраных спраў"),
        ("en-GB, ru;q=0.5", "", "Ministry of Internal Affairs"),
        ("de, fr;q=0.5", "", "Министерство внутренних дел"),
        ("be", "(language: EN)", "Ministry of Internal Affairs"),
    ],
)
async def test_names_are_in_the_viewers_language_or_the_one_asked_for(
    client: Client, header: str | None, argument: str, name: str
) -> None:
    query = f'{{ organization(by: {{code: "BY-GOV-INTERIOR"}}) {{ name{argument} }} }}'
    answer = await client.query(query, headers={"Accept-Language": header} if header else None)
    assert answer.data == {"organization": {"name": name}}


async def test_a_missing_translation_falls_back(writing_client: Client, clone_url: str) -> None:
    with psycopg.connect(clone_url) as connection:
        connection.execute("UPDATE organization SET name_en = NULL WHERE code = 'BY-GOV-INTERIOR'")
        connection.execute("UPDATE organization SET name_en = NULL, name_ru = NULL WHERE code = 'BY-GOV-LABOUR'")
    query = """{ organizationsByCode(codes: ["BY-GOV-INTERIOR", "BY-GOV-LABOUR"]) { name(language: EN) } }"""
    assert (await writing_client.data(query))["organizationsByCode"] == [
        {"name": "Министерство внутренних дел"},
        {"name": "Міністэрства працы і сацыяльнай абароны"},
    ]
