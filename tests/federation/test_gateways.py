"""Gateways as they come from npm, before the portal and the one-stop shop."""

import json
from pathlib import Path

import httpx
import psycopg
import pytest

from federation.gateway import FEDERATION
from federation.one_stop_shop.cases import CASES, COUNTERS, minutes_to_wait
from tests.clients import Client
from tests.federation.graphs import Supergraph, codes_of

POLYCLINIC = "BY-HO-06-HEALTH-POLYCLINIC-1"
CASES_QUERY = """query($first: Int!) { cases(first: $first) { number
    organization { code name waitingMinutes rating { submissions raters } } service { name category { code } } } }"""
SHARED = "query($code: String!) { organization(by: {code: $code}) { id name waitingMinutes counters { waiting } } }"


async def test_cases_of_the_one_have_organizations_and_services_of_the_other(
    supergraph: Supergraph, client: Client
) -> None:
    found = (await supergraph.ask(CASES_QUERY, {"first": 20}))["data"]["cases"]
    names = (
        "query($codes: [String!]!) { organizationsByCode(codes: $codes) { code name rating { submissions raters } } }"
    )
    told = (await client.data(names, codes=[each.organization for each in CASES[:20]]))["organizationsByCode"]
    assert [each["number"] for each in found] == [each.number for each in CASES[:20]]
    for case, there, organization in zip(CASES, found, told, strict=False):
        wanted = organization and organization | {"waitingMinutes": minutes_to_wait(case.organization)}
        assert there["organization"] == wanted
        assert (there["service"] is None) == (case.service == "NOT-REGISTERED-YET")
    assert None in told
    assert any(told)


async def test_the_one_extends_organizations_of_the_other(supergraph: Supergraph) -> None:
    found = (await supergraph.data(SHARED, code=POLYCLINIC))["organization"]
    assert found["waitingMinutes"] == minutes_to_wait(POLYCLINIC)
    assert found["counters"] == [{"waiting": each.waiting} for each in COUNTERS[POLYCLINIC]]
    node = "query($id: ID!) { node(id: $id) { ... on Organization { code waitingMinutes } } }"
    assert (await supergraph.data(node, id=found["id"]))["node"] == {
        "code": POLYCLINIC,
        "waitingMinutes": found["waitingMinutes"],
    }


async def test_however_many_cases_the_portal_runs_a_statement_for_each_type(supergraph: Supergraph) -> None:
    for first in (1, 100):
        await supergraph.ask(CASES_QUERY, {"first": first})
        assert len(supergraph.portal.statements) == 2


async def test_who_asks_and_in_which_language_is_forwarded(supergraph: Supergraph, seeded_url: str) -> None:
    with psycopg.connect(seeded_url) as connection:
        ((account,),) = connection.execute("SELECT code FROM account ORDER BY id LIMIT 1").fetchall()
    token = supergraph.portal.tokens.issue(account, 60)
    viewer = "{ viewer { kind } }"
    assert (await supergraph.ask(viewer, token=token))["data"]["viewer"] is not None
    assert (await supergraph.ask(viewer))["data"] == {"viewer": None}
    assert "UNAUTHENTICATED" in codes_of(await supergraph.ask(viewer, token="none of ours"))  # noqa: S106
    spheres = "{ spheres { name } }"
    names = [await supergraph.ask(spheres, Accept_Language=each) for each in ("be", "en")]
    assert names[0]["data"] != names[1]["data"]


async def test_what_takes_a_signature_is_refused_by_the_portal(supergraph: Supergraph) -> None:
    query = """mutation { withdrawSubmission(input: {submission: "U3VibWlzc2lvbjox"}) { __typename } }"""
    answer = await supergraph.ask(query)
    assert codes_of(answer) == ["UNAUTHENTICATED"]


async def test_what_the_one_answers_is_there_while_the_other_is_down(supergraph: Supergraph) -> None:
    with supergraph.shop.away():
        answer = await supergraph.ask(SHARED.replace(" counters { waiting }", ""), {"code": POLYCLINIC})
    assert answer["data"]["organization"]["name"]
    assert answer["data"]["organization"]["waitingMinutes"] is None
    assert len(answer["errors"]) == 1
    assert (await supergraph.data(SHARED, code=POLYCLINIC))["organization"]["counters"]


async def test_what_the_other_answers_is_there_while_the_portal_is_down(supergraph: Supergraph) -> None:
    alone, joined = (
        "{ cases(first: 3) { number openedOn } }",
        "{ cases(first: 3) { number organization { code name } } }",
    )
    numbers = [each.number for each in CASES[:3]]
    with supergraph.portal.away():
        found = (await supergraph.data(alone))["cases"]
        answer = await supergraph.ask(joined)
    assert [each["number"] for each in found] == numbers
    assert answer["data"]["cases"] == [{"number": each, "organization": None} for each in numbers]
    assert answer["errors"]
    back = (await supergraph.data(joined))["cases"]
    assert any(each["organization"] for each in back)


async def test_exactly_one_is_held_where_a_gateway_forgets_it(supergraph: Supergraph, tmp_path: Path) -> None:
    """Not all composers keep @oneOf: the portal does not rely on it."""
    both = "query($by: OrganizationRef!) { organization(by: $by) { code } }"
    given = {"by": {"id": "T3JnYW5pemF0aW9uOjE", "code": "BY-GOV"}}
    assert (await supergraph.ask(both, given))["errors"]
    assert supergraph.portal.statements == []
    forgetful = tmp_path / "supergraph.graphql"
    forgetful.write_text((FEDERATION / "supergraph.graphql").read_text().replace(" @oneOf {", " {"))
    with Supergraph.behind(supergraph.name, supergraph.portal, supergraph.shop, SUPERGRAPH=str(forgetful)) as other:
        answer = await other.ask(both, given)
    assert answer["data"] in (None, {"organization": None})
    assert "OrganizationRef" in json.dumps(answer["errors"])
    assert supergraph.portal.statements == []


@pytest.mark.parametrize("query", ["{ _service { sdl } }", "{ _entities(representations: []) { __typename } }"])
async def test_what_is_for_gateways_is_not_in_the_graph_that_they_serve(supergraph: Supergraph, query: str) -> None:
    assert codes_of(await supergraph.ask(query)) == ["GRAPHQL_VALIDATION_FAILED"]
    async with httpx.AsyncClient() as client:
        assert "errors" not in (await client.post(supergraph.portal.url, json={"query": query})).json()
