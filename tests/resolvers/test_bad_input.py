"""What cannot be used is refused: a code, the argument, a reason, and never more than that."""

from typing import Any

import pytest

from tests.clients import Client

# Organization:1, and an id of another type: Questionnaire:1.
ORGANIZATION, QUESTIONNAIRE = "T3JnYW5pemF0aW9uOjE", "UXVlc3Rpb25uYWlyZTox"
BY = "query($by: OrganizationRef!) { organization(by: $by) { code } }"
FILTERED = "query($filter: OrganizationFilter!) { organizations(filter: $filter) { totalCount } }"


@pytest.mark.parametrize(
    "id_", ["", "1", "é", "T3Jn", "T3JnYW5pemF0aW9uOi0x", "T3JnYW5pemF0aW9uOjAx", ORGANIZATION + "=", "\0"]
)
async def test_a_malformed_id_is_refused(client: Client, id_: str) -> None:
    assert (await client.query(BY, {"by": {"id": id_}})).refusal == ("BAD_USER_INPUT", "by.id")
    node = "query($id: ID!) { node(id: $id) { id } }"
    assert (await client.query(node, {"id": id_})).refusal == ("BAD_USER_INPUT", "id")


async def test_an_id_of_another_type_is_refused(client: Client) -> None:
    assert (await client.query(BY, {"by": {"id": QUESTIONNAIRE}})).refusal == ("BAD_USER_INPUT", "by.id")


async def test_a_hundred_and_one_ids_are_refused(client: Client) -> None:
    answer = await client.query("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": [ORGANIZATION] * 101})
    assert answer.refusal == ("BAD_USER_INPUT", "ids")


@pytest.mark.parametrize(
    "by", [{}, {"id": ORGANIZATION, "code": "BY-GOV"}, {"id": None}, {"code": None}, {"id": ORGANIZATION, "code": None}]
)
async def test_a_reference_by_both_or_neither_is_refused(client: Client, by: dict[str, Any]) -> None:
    answer = await client.query(BY, {"by": by})
    assert not answer.data
    assert answer.refusal[0] == "BAD_USER_INPUT"
    nested = await client.query(FILTERED, {"filter": {"subordinateTo": by}})
    assert nested.refusal[0] == "BAD_USER_INPUT"


@pytest.mark.parametrize("by", ["{}", '{id: "x", code: "y"}', "{code: null}", "null"])
async def test_a_reference_by_both_or_neither_is_not_a_valid_document(client: Client, by: str) -> None:
    answer = await client.query(f"{{ organization(by: {by}) {{ code }} }}")
    assert answer.errors[0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


@pytest.mark.parametrize("field", ["kinds", "spheres", "categories", "services", "areas"])
async def test_an_unknown_code_in_a_filter_is_refused_and_named(client: Client, field: str) -> None:
    answer = await client.query(FILTERED, {"filter": {field: ["unknown"]}})
    assert answer.refusal == ("BAD_USER_INPUT", f"filter.{field}")
    assert "unknown" in answer.errors[0]["message"]


async def test_an_unknown_code_is_refused_even_where_nothing_else_is_found(client: Client) -> None:
    answer = await client.query(FILTERED, {"filter": {"codes": ["nothing"], "spheres": ["unknown"]}})
    assert [error["extensions"]["argument"] for error in answer.errors] == ["filter.spheres"]


@pytest.mark.parametrize(
    ("field", "argument"),
    [
        ('areas(parent: "unknown") { code }', "parent"),
        ('services(category: "unknown") { totalCount }', "category"),
        ('organization(by: {code: "BY-GOV"}) { questionnaire(service: "unknown") { id } }', "service"),
        ('organization(by: {code: "BY-GOV"}) { eligibility(service: "unknown") { allowed } }', "service"),
        ('summary(among: {spheres: ["unknown"]}) { rated }', "among.spheres"),
        ('ranking(among: {spheres: ["unknown"]}) { totalCount }', "among.spheres"),
    ],
)
async def test_an_unknown_code_is_refused_and_named(client: Client, field: str, argument: str) -> None:
    answer = await client.query(f"{{ {field} }}")
    assert answer.refusal == ("BAD_USER_INPUT", argument)
    assert "unknown" in answer.errors[0]["message"]


@pytest.mark.parametrize(
    ("given", "argument"),
    [
        ({"subordinateTo": {"code": "unknown"}}, "filter.subordinateTo"),
        ({"subordinateTo": {"id": "T3JnYW5pemF0aW9uOjk5OTk5OTk5OQ"}}, "filter.subordinateTo"),
        ({"subordinateTo": {"id": QUESTIONNAIRE}}, "filter.subordinateTo.id"),
        ({"maxDepth": 1}, "filter.maxDepth"),
        ({"subordinateTo": {"code": "BY-GOV"}, "maxDepth": 0}, "filter.maxDepth"),
        ({"subordinateTo": {"code": "BY-GOV"}, "maxDepth": 101}, "filter.maxDepth"),
        ({"codes": ["x"] * 1001}, "filter.codes"),
        ({"near": {"point": {"latitude": 91, "longitude": 0}}, "closed": None}, "filter.near.point.latitude"),
        ({"near": {"point": {"latitude": 0, "longitude": -181}}}, "filter.near.point.longitude"),
        ({"near": {"point": {"latitude": 0, "longitude": 0}, "radiusMeters": 0}}, "filter.near.radiusMeters"),
        ({"near": {"point": {"latitude": 0, "longitude": 0}, "radiusMeters": 1e9}}, "filter.near.radiusMeters"),
    ],
)
async def test_a_filter_that_cannot_be_is_refused(client: Client, given: dict[str, Any], argument: str) -> None:
    assert (await client.query(FILTERED, {"filter": given})).refusal == ("BAD_USER_INPUT", argument)


@pytest.mark.parametrize("point", ["{latitude: 91, longitude: 0}", "{latitude: 0, longitude: 181}"])
async def test_a_point_off_the_earth_is_refused(client: Client, point: str) -> None:
    code, argument = (await client.query(f"{{ area(at: {point}) {{ code }} }}")).refusal
    assert (code, str(argument).partition(".")[0]) == ("BAD_USER_INPUT", "at")
    distance = f"{{ organizations(first: 1) {{ nodes {{ distance(from: {point}) }} }} }}"
    code, argument = (await client.query(distance)).refusal
    assert (code, str(argument).partition(".")[0]) == ("BAD_USER_INPUT", "from")


@pytest.mark.parametrize(
    ("query", "argument"),
    [
        (BY.replace("$by)", "{code: $text})").replace("$by: OrganizationRef!", "$text: String!"), "by.code"),
        ("query($text: String!) { organizationsByCode(codes: [$text]) { code } }", "codes"),
        ("query($text: String!) { organizations(filter: {text: $text}) { totalCount } }", "filter.text"),
        ("query($text: String!) { organizations(filter: {codes: [$text]}) { totalCount } }", "filter.codes"),
        ("query($text: String!) { organizations(filter: {kinds: [$text]}) { totalCount } }", "filter.kinds"),
        (
            "query($text: String!) { organizations(filter: {subordinateTo: {code: $text}}) { totalCount } }",
            "filter.subordinateTo.code",
        ),
        ("query($text: String!) { organizations(after: $text) { totalCount } }", "after"),
        ("query($text: String!) { services(text: $text) { totalCount } }", "text"),
        ("query($text: String!) { area(code: $text) { code } }", "code"),
        ("query($text: String!) { areas(parent: $text) { code } }", "parent"),
        ("query($text: ID!) { nodes(ids: [$text]) { id } }", "ids"),
    ],
)  # fmt: skip
async def test_nul_is_refused_in_every_argument(client: Client, query: str, argument: str) -> None:
    assert (await client.query(query, {"text": "a\0b"})).refusal == ("BAD_USER_INPUT", argument)


async def test_a_lone_surrogate_is_refused(client: Client) -> None:
    query = r'{ organization(by: {code: "\ud800"}) { code } }'
    assert (await client.query(query)).refusal == ("GRAPHQL_PARSE_FAILED", None)
    body = rb'{"query": "query($c: String!) { area(code: $c) { code } }", "variables": {"c": "\ud800"}}'
    response = await client.http.post("/graphql", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 400
    assert [error["extensions"]["code"] for error in response.json()["errors"]] == ["BAD_REQUEST"]


@pytest.mark.parametrize(
    ("type_", "field", "value"),
    [
        ("Int", "organizations(first: $value) { totalCount }", 2**31),
        ("Int", "organizations(first: $value) { totalCount }", 1.5),
        ("Int", "organizations(first: $value) { totalCount }", "1"),
        ("Date", "criteria(on: $value) { code }", "2026-02-30"),
        ("Date", "criteria(on: $value) { code }", "2026-W47-6"),
        ("Date", "criteria(on: $value) { code }", "21.11.2026"),
        ("Date", "criteria(on: $value) { code }", "2026-11-21T10:15:00Z"),
        ("Date", "criteria(on: $value) { code }", 20261121),
        ("OrganizationOrder", "organizations(orderBy: $value) { totalCount }", "PRICE"),
        ("OrganizationFilter", "organizations(filter: $value) { totalCount }", {"colour": "red"}),
        ("OrganizationFilter", "organizations(filter: $value) { totalCount }", {"maxDepth": "deep"}),
    ],
)
async def test_a_value_of_another_type_is_refused(client: Client, type_: str, field: str, value: Any) -> None:
    answer = await client.query(f"query($value: {type_}) {{ {field} }}", {"value": value})
    assert answer.refusal[0] == "BAD_USER_INPUT"
    assert "$value" in answer.errors[0]["message"]


@pytest.mark.parametrize("raters", [-1, 1_000_001])
async def test_a_number_of_raters_out_of_bounds_is_refused(client: Client, raters: int) -> None:
    answer = await client.query(f"{{ ranking(minRaters: {raters}) {{ totalCount }} }}")
    assert answer.refusal == ("BAD_USER_INPUT", "minRaters")


async def test_what_is_refused_in_one_field_leaves_the_others_answered(client: Client) -> None:
    answer = await client.query('{ good: area(code: "BY") { code } bad: area { code } }')
    assert answer.data == {"good": {"code": "BY"}, "bad": None}
    assert answer.errors[0]["path"] == ["bad"]
