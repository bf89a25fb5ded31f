"""How many statements a read costs: known exactly, whatever the size of its pages."""

import pytest

from tests.clients import Client

RATED = """code name kind { code } area { code } location { latitude longitude } spheres { code }
    rating { value submissions raters byCriterion { criterion { code name } value submissions } marks { mark submissions } }
    subtree: rating(scope: SUBTREE) { value byCriterion { value } } rank { position outOf } parent { code }
    ancestors { code } eligibility { allowed } questionnaire { title criteria { code } questions { code } }"""
LISTS = {
    "organizations": f"organizations(first: $size) {{ totalCount nodes {{ {RATED} }} pageInfo {{ endCursor }} }}",
    "search": f'organizations(filter: {{text: "минск"}}, first: $size) {{ nodes {{ {RATED} }} }}',
    "ranking": "ranking(first: $size) { totalCount nodes { organization { code } rank { position } rating { value } } }",
    "map": """organizationsOnMap(within: {west: 20, south: 50, east: 40, north: 60}, limit: $size) {
        leftOut organizations { code rating { value } } }""",
    "services": "services(first: $size) { totalCount nodes { code category { code sphere { code } } } }",
    "reviews": """organization(by: {code: "BY-GOV"}) {
        reviews(scope: SUBTREE, first: $size) { totalCount nodes { text mark stage } } }""",
    "children": 'organization(by: {code: "BY-GOV"}) { children(first: $size) { totalCount nodes { code } } }',
    "grandchildren": """organizations(first: $size) { nodes {
        subordinates(first: $size) { totalCount nodes { code rating { value } } } services { nodes { code } } } }""",
    "blind spots": "blindSpots(first: $size) { totalCount nodes { reason missingRaters organization { code } } }",
    "coverage": "organizations(first: $size) { nodes { code coverage { organizations shareNotRanked } } }",
    "areas": """area(code: "BY") { rating { value raters } boundary(toleranceMeters: 1000)
        organizations(first: $size) { totalCount nodes { code } } }""",
}
SINGLES = {
    "organization": f'organization(by: {{code: "BY-GOV"}}) {{ {RATED} }}',
    "node": "node(id: $id) { id ... on Organization { code rating { value } } }",
    "codes": 'organizationsByCode(codes: ["BY-GOV", "unknown", "BY-GOV-LABOUR"]) { code rating { value } }',
    "summary": "summary { organizations rated rating { value raters byCriterion { value } } }",
    "spheres": "spheres { code categories { code } }",
    "areas": 'areas(parent: "BY") { code rating { value } }',
    "point": "area(at: {latitude: 53.9, longitude: 27.56}) { code }",
    "criteria": "criteria { code name basic }",
    "viewer": "viewer { kind submissions { nodes { mark scores { score criterion { code } } organization { code } } } }",
}


@pytest.mark.parametrize("size", [1, 100])
@pytest.mark.parametrize("selection", LISTS.values(), ids=LISTS.keys())
async def test_a_list_is_one_statement_whatever_its_size(client: Client, selection: str, size: int) -> None:
    await client.data(f"query($size: Int!) {{ {selection} }}", size=size)
    assert len(client.statements) == 1


@pytest.mark.parametrize("selection", SINGLES.values(), ids=SINGLES.keys())
async def test_any_other_read_is_one_statement(client: Client, selection: str) -> None:
    query = f"query($id: ID!) {{ __typename {selection} }}" if "$id" in selection else f"{{ {selection} }}"
    answer = await client.query(query, {"id": "T3JnYW5pemF0aW9uOjE"}, token=client.token_for("user-000001"))
    assert not answer.errors
    assert len(client.statements) == 1


async def test_each_root_field_and_each_type_of_node_has_its_statement(client: Client) -> None:
    query = "query($ids: [ID!]!) { spheres { code } criteria { code } nodes(ids: $ids) { __typename } none: nodes(ids: []) { id } }"
    # Organization:1, Questionnaire:1, Organization:2.
    await client.data(query, ids=["T3JnYW5pemF0aW9uOjE", "UXVlc3Rpb25uYWlyZTox", "T3JnYW5pemF0aW9uOjI"])
    assert len(client.statements) == 4


async def test_the_schema_itself_costs_no_statement(client: Client) -> None:
    await client.data("{ __schema { queryType { name } } __typename }")
    assert client.statements == []


async def test_what_is_refused_before_it_is_asked_costs_no_statement(client: Client) -> None:
    await client.query("{ organizations(first: 1000) { totalCount } }")
    assert client.statements == []
