"""Objects by id and by code."""

import pytest

from tests.clients import Client
from tests.oracle import Country


async def ids(client: Client) -> dict[str, str]:
    query = """{ organization(by: {code: "BY-GOV"}) { id questionnaire { id } } }"""
    found = (await client.data(query))["organization"]
    return {"organization": found["id"], "questionnaire": found["questionnaire"]["id"]}


async def test_an_organization_is_the_same_by_id_by_code_and_as_a_node(client: Client) -> None:
    query = """query($id: ID!) {
        byId: organization(by: {id: $id}) { id code } node(id: $id) { id ... on Organization { code } }
        byCode: organization(by: {code: "BY-GOV"}) { id code } }"""
    id_ = (await ids(client))["organization"]
    expected = {"id": id_, "code": "BY-GOV"}
    assert await client.data(query, id=id_) == {"byId": expected, "node": expected, "byCode": expected}


async def test_nodes_of_several_types_come_in_the_order_of_their_ids(client: Client) -> None:
    known = await ids(client)
    query = """query($ids: [ID!]!) { nodes(ids: $ids) {
        __typename ... on Organization { code } ... on Questionnaire { version } } }"""
    wanted = [known["questionnaire"], known["organization"], known["questionnaire"]]
    found = (await client.data(query, ids=wanted))["nodes"]
    assert [each["__typename"] for each in found] == ["Questionnaire", "Organization", "Questionnaire"]
    assert found[1] == {"__typename": "Organization", "code": "BY-GOV"}


# Ids of nothing: Organization:999999999 and Planet:1.
@pytest.mark.parametrize("id_", ["T3JnYW5pemF0aW9uOjk5OTk5OTk5OQ", "UGxhbmV0OjE"])
async def test_an_id_of_nothing_is_null(client: Client, id_: str) -> None:
    query = "query($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }"
    assert await client.data(query, id=id_) == {"node": None, "nodes": [None]}


async def test_no_ids_are_no_nodes(client: Client) -> None:
    assert await client.data("{ nodes(ids: []) { id } }") == {"nodes": []}


async def test_codes_are_answered_in_order_with_null_where_unknown(client: Client) -> None:
    query = '{ organizationsByCode(codes: ["BY-GOV-INTERIOR", "unknown", "BY-GOV", "BY-GOV"]) { code } }'
    assert (await client.data(query))["organizationsByCode"] == [
        {"code": "BY-GOV-INTERIOR"},
        None,
        {"code": "BY-GOV"},
        {"code": "BY-GOV"},
    ]


async def test_an_unknown_code_is_no_organization(client: Client) -> None:
    assert await client.data('{ organization(by: {code: "unknown"}) { code } }') == {"organization": None}


async def test_a_thousand_codes_are_answered_and_one_more_is_refused(client: Client, country: Country) -> None:
    query = "query($codes: [String!]!) { organizationsByCode(codes: $codes) { code } }"
    many = (list(country.organizations) * 8)[:1000]
    answer = await client.data(query, codes=many)
    assert [each["code"] for each in answer["organizationsByCode"]] == many
    refused = await client.query(query, {"codes": [*many, "BY-GOV"]})
    assert refused.refusal == ("BAD_USER_INPUT", "codes")
