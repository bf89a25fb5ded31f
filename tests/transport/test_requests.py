"""What a client may send, and what it is told about everything else."""

from typing import Any

import httpx
import pytest

from tests.clients import Client
from transport.requests import MAXIMUM_BODY

JSON = {"Content-Type": "application/json"}
GRAPHQL = {"Accept": "application/graphql-response+json"}
TYPENAME = {"data": {"__typename": "Query"}}


def code(response: httpx.Response) -> Any:
    (error,) = response.json()["errors"]
    return error["extensions"]["code"]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "not JSON"),
        (b"null", "must be a JSON object"),
        (b"1", "must be a JSON object"),
        (b'"{__typename}"', "must be a JSON object"),
        (b"[]", "Batches"),
        (b'{"query": "{__typename}"', "not JSON"),
        (b'{"query": "\xff"}', "not JSON"),
        (rb'{"query": "{__typename}", "variables": {"text": "\ud800"}}', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "not JSON"),
        (b"{}", "query must be"),
        (b'{"query": null}', "query must be"),
        (b'{"query": 1}', "query must be"),
        (b'{"query": ""}', "query must be"),
        (b'{"query": "{__typename}", "variables": [1]}', "variables must be"),
        (b'{"query": "{__typename}", "variables": "{}"}', "variables must be"),
        (b'{"query": "{__typename}", "operationName": 1}', "operationName must be"),
        (b'{"query": "{__typename}", "extensions": 1}', "extensions must be"),
    ],
)
async def test_a_body_that_is_no_request(client: Client, body: bytes, told: str) -> None:
    response = await client.http.post("/graphql", content=body, headers=JSON)
    assert response.status_code == 400
    assert code(response) == ("BATCH_OFF" if told == "Batches" else "BAD_REQUEST")
    assert told in response.json()["errors"][0]["message"]
    assert "data" not in response.json()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ __typename } \0", "GRAPHQL_PARSE_FAILED"),
        ('{ organization(by: {code: "\\ud800"}) { code } }', "GRAPHQL_PARSE_FAILED"),
        ("{ nothingOfTheKind }", "GRAPHQL_VALIDATION_FAILED"),
        ('{ organization(by: {code: "1", id: "2"}) { code } }', "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { __typename }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ __typename " + "{ __typename " * 1_000 + "}" * 1_001, "DEPTH_LIMIT"),
        ("{" + " __typename" * 5_000 + "}", "TOKEN_LIMIT"),
        ("query A { __typename } query B { __typename }", "OPERATION_RESOLUTION_FAILURE"),
        ("query($first: Int!) { organizations(first: $first) { totalCount } }", "BAD_USER_INPUT"),
    ],
)
async def test_a_request_that_cannot_be_executed(client: Client, query: str, expected: str) -> None:
    response = await client.http.post("/graphql", json={"query": query}, headers=GRAPHQL)
    assert response.status_code == 400
    assert code(response) == expected
    assert "data" not in response.json()


async def test_a_client_that_takes_only_plain_json_expects_200(client: Client) -> None:
    response = await client.http.post("/graphql", json={"query": "{"}, headers={"Accept": "application/json"})
    assert response.status_code == 200
    assert code(response) == "GRAPHQL_PARSE_FAILED"


@pytest.mark.parametrize(("name", "expected"), [("A", {"data": {"a": "Query"}}), ("B", {"data": {"b": "Query"}})])
async def test_of_several_operations_the_named_one_is_executed(
    client: Client, name: str, expected: dict[str, Any]
) -> None:
    query = "query A { a: __typename } query B { b: __typename }"
    response = await client.http.post("/graphql", json={"query": query, "operationName": name})
    assert response.json() == expected


async def test_an_unknown_operation(client: Client) -> None:
    request = {"query": "query A { __typename }", "operationName": "B"}
    response = await client.http.post("/graphql", json=request, headers=GRAPHQL)
    assert (response.status_code, code(response)) == (400, "OPERATION_RESOLUTION_FAILURE")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/graphql", ""])
async def test_another_content_type(client: Client, content_type: str) -> None:
    headers = {"Content-Type": content_type}
    response = await client.http.post("/graphql", content=b'{"query": "{__typename}"}', headers=headers)
    assert (response.status_code, code(response)) == (415, "BAD_REQUEST")


async def test_the_content_type_may_name_its_charset(client: Client) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    response = await client.http.post("/graphql", content=b'{"query": "{__typename}"}', headers=headers)
    assert response.json() == TYPENAME


@pytest.mark.parametrize(("more", "status"), [(0, 200), (1, 413)])
async def test_a_body_may_be_as_long_as_its_limit(client: Client, more: int, status: int) -> None:
    body = b'{"query": "{__typename}"}'.ljust(MAXIMUM_BODY + more)
    response = await client.http.post("/graphql", content=body, headers=JSON)
    assert response.status_code == status
    assert status == 200 or code(response) == "BODY_LIMIT"


async def test_a_get_reads(client: Client) -> None:
    query = "query($code: String!) { organizationsByCode(codes: [$code]) { code } }"
    parameters = {"query": query, "variables": '{"code": "nobody"}'}
    response = await client.http.get("/graphql", params=parameters)
    assert (response.status_code, response.json()) == (200, {"data": {"organizationsByCode": [None]}})


async def test_a_get_changes_nothing(client: Client) -> None:
    response = await client.http.get("/graphql", params={"query": "mutation { __typename }"})
    assert (response.status_code, code(response)) == (405, "BAD_REQUEST")
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize("parameters", [{}, {"query": ""}, {"query": "{__typename}", "variables": "{"}])
async def test_a_get_without_a_request(client: Client, parameters: dict[str, str]) -> None:
    response = await client.http.get("/graphql", params=parameters)
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_another_method(client: Client, method: str) -> None:
    response = await client.http.request(method, "/graphql")
    assert response.status_code == 405


async def test_a_character_that_no_text_can_hold(client: Client) -> None:
    query = "query($codes: [String!]!) { organizationsByCode(codes: $codes) { code } }"
    answer = await client.query(query, {"codes": ["A", "B\0"]})
    assert answer.response.status_code == 200
    assert answer.refusal == ("BAD_USER_INPUT", "codes")


async def test_null_where_none_may_be(client: Client) -> None:
    """A default lets the variable pass there, and null overrides it."""
    for query in ("spheres @skip(if: $no) { code }", "spheres { code @include(if: $no) }"):
        answer = await client.query(f"query($no: Boolean = true) {{ {query} }}", {"no": None})
        assert not answer.data
        assert code(answer.response) == "BAD_USER_INPUT"
        assert "locations" in answer.response.json()["errors"][0]


async def test_every_answer_has_an_id_of_its_own(client: Client) -> None:
    ids = {(await client.query("{ __typename }")).response.headers["x-request-id"] for _ in range(3)}
    assert len(ids) == 3


async def test_caches_are_told_what_the_answer_depends_on(client: Client) -> None:
    answer = await client.query("{ __typename }")
    assert answer.response.headers["vary"] == "Accept, Accept-Language, Authorization, Cookie"


@pytest.mark.parametrize("headers", [{"Authorization": "Bearer bad"}, {"Cookie": "a=b"}])
async def test_no_cache_keeps_what_somebody_is_answered(client: Client, headers: dict[str, str]) -> None:
    asked = {"query": "{ __typename }"}
    public = await client.http.get("/graphql", params=asked)
    assert "cache-control" not in public.headers
    private = await client.http.get("/graphql", params=asked, headers=headers)
    posted = await client.http.post("/graphql", json=asked)
    assert private.headers.get_list("cache-control") == posted.headers.get_list("cache-control") == ["no-store"]
