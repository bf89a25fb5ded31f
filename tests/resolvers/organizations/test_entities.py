"""Objects as other graphs refer to them, through `_entities`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest

from engine.meanings.global_ids import encode
from engine.plans import planner, statements
from tests.clients import Client
from tests.oracle import Country

COMMITTED = Path(__file__).parents[3] / "schema.graphql"
ENTITIES = """query($them: [_Any!]!) { _entities(representations: $them) {
    __typename ... on Organization { id code rating { submissions } } ... on Service { code category { code } }
    ... on Sphere { code } ... on Category { code } ... on Criterion { code } ... on Area { code name }
    ... on Questionnaire { id version } ... on Submission { id mark } } }"""


def by_code(typename: str, code: str) -> dict[str, str]:
    return {"__typename": typename, "code": code}


def by_id(typename: str, key: int) -> dict[str, str]:
    return {"__typename": typename, "id": encode(typename, key)}


async def entities(client: Client, *them: Mapping[str, Any], token: str | None = None) -> list[Any]:
    answer = await client.query(ENTITIES, {"them": them}, token)
    assert not answer.errors
    found: list[Any] = answer.data["_entities"]
    return found


@pytest.mark.parametrize(
    "typename", ["organization", "service", "sphere", "category", "criterion", "area", "questionnaire"]
)
async def test_a_type_is_found_by_each_of_its_keys(client: Client, seeded_url: str, typename: str) -> None:
    with psycopg.connect(seeded_url) as connection:
        query = f"SELECT id, code FROM {typename} ORDER BY id LIMIT 1"  # noqa: S608 - a name from above
        ((key, code),) = connection.execute(query).fetchall()
    name = typename.title()
    them = [by_id(name, key)] if name == "Questionnaire" else [by_id(name, key), by_code(name, code)]
    found = await entities(client, *them)
    assert [each["__typename"] for each in found] == [name] * len(them)
    assert all(each == found[0] for each in found)
    assert "code" not in found[0] or found[0]["code"] == code


async def test_types_and_keys_are_mixed_with_duplicates_and_unknown_ones_in_order(client: Client) -> None:
    found = await entities(
        client,
        by_code("Area", "BY"),
        by_code("Organization", "BY-GOV"),
        by_code("Organization", "unknown"),
        by_id("Organization", 10**12),
        by_code("Organization", "BY-GOV-INTERIOR"),
        by_code("Sphere", ""),
        by_code("Area", "BY"),
        by_code("Organization", "BY-GOV"),
    )
    assert [each and each["code"] for each in found] == [
        "BY",
        "BY-GOV",
        None,
        None,
        "BY-GOV-INTERIOR",
        None,
        "BY",
        "BY-GOV",
    ]
    assert found[1] == found[7]
    assert len(client.statements) == 4  # Area and Sphere by code, Organization by each of its keys


async def test_the_first_key_counts_and_what_else_is_sent_does_not(client: Client) -> None:
    (found,) = await entities(client, {**by_code("Organization", "BY-GOV"), "name": "sent by @requires", "extra": [1]})
    assert found["code"] == "BY-GOV"
    (both,) = await entities(client, {"code": "BY-GOV-INTERIOR", "__typename": "Organization", "id": found["id"]})
    assert both["code"] == "BY-GOV"


async def test_who_may_not_see_it_finds_nothing(client: Client, seeded_url: str) -> None:
    with psycopg.connect(seeded_url) as connection:
        query = """SELECT submission.id, account.code FROM submission JOIN account USING (rater_id)
                   ORDER BY submission.id LIMIT 1"""
        ((key, owner),) = connection.execute(query).fetchall()
        other = """SELECT code FROM account WHERE code <> %s
                   AND NOT EXISTS (SELECT FROM role_grant WHERE account_id = account.id) ORDER BY id LIMIT 1"""
        ((stranger,),) = connection.execute(other, [owner]).fetchall()
    them = (by_id("Submission", key), by_code("Area", "BY"))
    seen = [each and each["__typename"] for each in await entities(client, *them, token=client.token_for(owner))]
    assert seen == ["Submission", "Area"]
    for token in (None, client.token_for(stranger)):
        assert [each and each["__typename"] for each in await entities(client, *them, token=token)] == [None, "Area"]


async def test_a_thousand_are_one_statement_and_one_more_is_refused(client: Client, country: Country) -> None:
    codes = [each.code for each in country.organizations.values()]
    wanted = (codes * (1000 // len(codes) + 1))[:1000]
    found = await entities(client, *(by_code("Organization", code) for code in wanted))
    assert [each["__typename"] for each in found] == ["Organization"] * 1000
    assert len(client.statements) == 1
    answer = await client.query(ENTITIES, {"them": [by_code("Organization", "BY-GOV")] * 1001})
    assert answer.refusal == ("BAD_USER_INPUT", "representations")
    assert client.statements == []


@pytest.mark.parametrize(
    ("malformed", "reason"),
    [
        ({"code": "BY-GOV"}, "needs the __typename of a type with a key"),
        ({"__typename": "Planet", "code": "BY"}, "needs the __typename of a type with a key"),
        ({"__typename": "AuditEvent", "id": encode("AuditEvent", 1)}, "needs the __typename of a type with a key"),
        ({"__typename": ["Area"]}, "needs the __typename of a type with a key"),
        ("Organization", "needs the __typename of a type with a key"),
        ({"__typename": "Organization", "name": "BY-GOV"}, "needs a key of Organization: id or code"),
        ({"__typename": "Questionnaire", "code": "GENERAL"}, "needs a key of Questionnaire: id"),
        ({"__typename": "Organization", "code": 5}, "has a code that is no string"),
        ({"__typename": "Organization", "code": None}, "has a code that is no string"),
        ({"__typename": "Organization", "code": "\0"}, "has a code with NUL characters or lone surrogates"),
        ({"__typename": "Organization", "id": "?"}, "has an id that is not an id of this API"),
        (
            by_id("Area", 1) | {"__typename": "Organization"},
            "has an id that is the id of another type than Organization",
        ),
    ],
)
async def test_a_malformed_one_is_an_error_in_its_place(client: Client, malformed: Any, reason: str) -> None:
    area = by_code("Area", "BY")
    answer = await client.query(ENTITIES, {"them": [area, malformed, area]})
    (error,) = answer.errors
    assert error["path"] == ["_entities", 1]
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "argument": "representations.1", "reason": reason}
    assert [each and each["code"] for each in answer.data["_entities"]] == ["BY", None, "BY"]


@pytest.mark.parametrize("them", [None, [None], "x"])
async def test_what_is_no_list_of_representations_is_refused_before_anything_is_read(client: Client, them: Any) -> None:
    answer = await client.query(ENTITIES, {"them": them})
    assert {error["extensions"]["code"] for error in answer.errors} == {"BAD_USER_INPUT"}
    assert client.statements == []


async def test_another_number_of_them_needs_no_plan_of_its_own(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    planned = []
    compile_ = statements.compiled

    def compiled(*given: Any) -> Any:
        planned.append(given)
        return compile_(*given)

    monkeypatch.setattr(planner, "compiled", compiled)
    query = "query Own($them: [_Any!]!) { _entities(representations: $them) { ... on Area { code } } }"
    for number in (1, 2, 7):
        await client.data(query, them=[by_code("Area", "BY")] * number)
    assert len(planned) == 1
    await client.data(query, them=[by_code("Area", "BY"), by_code("Sphere", "?")])
    assert len(planned) == 3


async def test_arguments_below_are_of_each_request(client: Client) -> None:
    query = """query($them: [_Any!]!, $language: Language) {
        _entities(representations: $them) { ... on Area { name(language: $language) } } }"""
    names = [
        (await client.data(query, them=[by_code("Area", "BY")], language=each))["_entities"][0]["name"]
        for each in ("BE", "EN")
    ]
    assert names[0] != names[1]


async def test_the_schema_is_told_as_it_is_committed(client: Client) -> None:
    assert (await client.data("{ _service { sdl } }"))["_service"]["sdl"] + "\n" == COMMITTED.read_text()
