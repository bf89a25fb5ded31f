"""Relay connections: every row once, in one order both ways, and cursors that belong to their list."""

import pytest

from tests.clients import Client
from tests.oracle import Country
from tests.resolvers.lists import backward, forward

NEAR = "filter: {near: {point: {latitude: 53.9, longitude: 27.56}}}"
LISTS = [
    ("organizations", "orderBy: NAME", "code"),
    ("organizations", "orderBy: RATING_DESC", "code"),
    ("organizations", "orderBy: RATING_ASC", "code"),
    ("organizations", "orderBy: SUBMISSIONS_DESC", "code"),
    ("organizations", f"{NEAR} orderBy: DISTANCE", "code"),
    ("organizations", 'filter: {text: "минск"} orderBy: RELEVANCE', "code"),
    ("ranking", "scope: OWN", "organization { code }"),
    ("ranking", "scope: SUBTREE, hierarchy: SUPERVISION", "organization { code }"),
    ("ranking", "method: CREDIBLE", "organization { code }"),
    ("ranking", 'comparedTo: "2026-03-31", orderBy: CHANGE_DESC', "organization { code }"),
    ("ranking", 'comparedTo: "2026-03-31", orderBy: CHANGE_ASC', "organization { code }"),
    ("organizations", 'orderBy: RATING_DESC, slice: {to: "2026-03-31"}', "code"),
    ("organizations", 'orderBy: RANK_CHANGE_ASC, slice: {from: "2026-04-01"}', "code"),
]


@pytest.mark.parametrize("size", [7, 100])
@pytest.mark.parametrize(("field", "arguments", "node"), LISTS)
async def test_paging_both_ways_shows_every_row_once_in_the_same_order(
    client: Client, field: str, arguments: str, node: str, size: int
) -> None:
    whole = await client.data(f"{{ {field}({arguments}) {{ totalCount }} }}")
    there = await forward(client, field, arguments, size, node)
    assert len(there) == len(set(there)) == whole[field]["totalCount"] > 7
    assert await backward(client, field, arguments, size, node) == there


async def test_services_are_paged_in_one_order(client: Client) -> None:
    small, large = await forward(client, "services", size=9), await forward(client, "services", size=100)
    assert small == large
    assert len(set(small)) == len(small) > 300


@pytest.mark.parametrize("field", ["children", "subordinates"])
@pytest.mark.parametrize(
    "arguments", ["orderBy: NAME", 'filter: {text: "исполнительный комитет"}', NEAR, "orderBy: RATING_DESC"]
)
async def test_nested_lists_are_paged_like_those_at_the_root(client: Client, field: str, arguments: str) -> None:
    query = f"""query($size: Int!, $after: String) {{ organization(by: {{code: "BY-GOV"}}) {{
        list: {field}({arguments} first: $size after: $after) {{
            totalCount nodes {{ code }} pageInfo {{ hasNextPage endCursor }} }} }} }}"""
    found: list[str] = []
    after = None
    while True:
        page = (await client.data(query, size=3, after=after))["organization"]["list"]
        found += [node["code"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(found) == len(set(found)) == page["totalCount"] > 3


async def test_a_page_tells_what_is_before_and_behind_it(client: Client) -> None:
    query = "query($after: String) { spheres { code } services(first: 2, after: $after) { edges { cursor } pageInfo {"
    query += " hasNextPage hasPreviousPage startCursor endCursor } } }"
    first = (await client.data(query))["services"]
    cursors = [edge["cursor"] for edge in first["edges"]]
    assert first["pageInfo"] == {
        "hasNextPage": True,
        "hasPreviousPage": False,
        "startCursor": cursors[0],
        "endCursor": cursors[1],
    }
    second = (await client.data(query, after=cursors[1]))["services"]["pageInfo"]
    assert (second["hasNextPage"], second["hasPreviousPage"]) == (True, True)


async def test_first_0_tells_of_the_list_without_rows(client: Client, country: Country) -> None:
    query = "{ organizations(first: 0) { totalCount nodes { code } edges { cursor }"
    query += " pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"
    assert (await client.data(query))["organizations"] == {
        "totalCount": len(country.chosen()),
        "nodes": [],
        "edges": [],
        "pageInfo": {"hasNextPage": True, "hasPreviousPage": False, "startCursor": None, "endCursor": None},
    }


async def test_a_page_has_20_rows_unless_told(client: Client) -> None:
    answer = await client.data("{ organizations { nodes { code } } }")
    assert len(answer["organizations"]["nodes"]) == 20


async def test_an_empty_list_has_a_total_and_no_next_page(client: Client) -> None:
    query = "{ organizations(filter: {codes: []}) { totalCount nodes { code } pageInfo { hasNextPage } } }"
    assert (await client.data(query))["organizations"] == {
        "totalCount": 0,
        "nodes": [],
        "pageInfo": {"hasNextPage": False},
    }


@pytest.mark.parametrize("selection", ["nodes { code }", "pageInfo { hasNextPage }", "edges { cursor }"])
@pytest.mark.parametrize("field", ["organizations", "ranking"])
async def test_nothing_is_counted_unless_the_total_is_asked_for(client: Client, field: str, selection: str) -> None:
    if field == "ranking":
        selection = selection.replace("code", "organization { code }")
    await client.data(f"{{ {field} {{ {selection} }} }}")
    (lazy,) = client.statements
    await client.data(f"{{ {field} {{ {selection} totalCount }} }}")
    (counting,) = client.statements
    assert "count(" not in lazy
    assert "count(" in counting


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ("first: 1000", "first"),
        ("first: 101", "first"),
        ("first: -1", "first"),
        ("last: 101", "last"),
        ("last: -1", "last"),
        ("first: 1, last: 1", "last"),
        ('first: 1, before: "x"', "before"),
        ('last: 1, after: "x"', "after"),
        ('after: "x", before: "x"', "after"),
        ('after: ""', "after"),
        ('after: "not a cursor"', "after"),
        ('after: "WzFd"', "after"),
        ('before: "é"', "before"),
    ],
)
@pytest.mark.parametrize("field", ["organizations", "ranking"])
async def test_a_page_that_cannot_be_is_refused(client: Client, field: str, arguments: str, argument: str) -> None:
    answer = await client.query(f"{{ {field}({arguments}) {{ totalCount }} }}")
    assert answer.refusal == ("BAD_USER_INPUT", argument)


@pytest.mark.parametrize(
    "other",
    [
        "organizations(orderBy: RATING_DESC AFTER)",
        'organizations(filter: {kinds: ["UNIT"]} AFTER)',
        "ranking(AFTER)",
        "services(AFTER)",
    ],
)
async def test_a_cursor_of_another_list_is_refused(client: Client, other: str) -> None:
    answer = await client.data("{ organizations(first: 1) { pageInfo { endCursor } } }")
    after = f'after: "{answer["organizations"]["pageInfo"]["endCursor"]}"'
    refused = await client.query(f"{{ {other.replace('AFTER', after)} {{ totalCount }} }}")
    assert refused.refusal == ("BAD_USER_INPUT", "after")


async def test_a_cursor_of_another_language_is_refused(client: Client) -> None:
    query = "query($after: String) { organizations(first: 1, after: $after) { pageInfo { endCursor } } }"
    answer = await client.query(query, headers={"Accept-Language": "be"})
    variables = {"after": answer.data["organizations"]["pageInfo"]["endCursor"]}
    refused = await client.query(query, variables, headers={"Accept-Language": "en"})
    assert refused.refusal == ("BAD_USER_INPUT", "after")
