"""Every way of asking that GraphQL has, answered from rows."""

from types import SimpleNamespace
from typing import Any

import pytest
from graphql import build_schema

from engine.documents.documents import Documents
from engine.documents.limits import Limits
from engine.executor import Caller, Executor
from tests.engine.library import Library

ADA = {"name": "Ada"}
TITLES = {"nodes": [{"title": "Apple"}, {"title": "Birch"}, {"title": "Cedar"}]}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('{ author(nameIs: "Ada") { name } }', {"author": ADA}),
        ('{ author(nameIs: "Nobody") { name } }', {"author": None}),
        ('{ a: author(nameIs: "Ada") { n: name } }', {"a": {"n": "Ada"}}),
        (
            '{ a: author(nameIs: "Ada") { name } b: author(nameIs: "Bob") { name } }',
            {"a": ADA, "b": {"name": "Bob"}},
        ),
        ('{ author(nameIs: "Ada") { ...F } } fragment F on Author { name }', {"author": ADA}),
        ('{ author(nameIs: "Ada") { ... on Node { id } } }', {"author": {"id": "QXV0aG9yOjE"}}),
        (
            '{ author(nameIs: "Ada") { __typename } __typename }',
            {"author": {"__typename": "Author"}, "__typename": "Query"},
        ),
        ('{ author(nameIs: "Ada") { name @skip(if: true) motto @include(if: true) } }', {"author": {"motto": "On!"}}),
        ('{ author(nameIs: "Ada") { name ... @include(if: false) { motto } } }', {"author": ADA}),
        ('{ author(nameIs: "Ada") @skip(if: true) { name } __typename }', {"__typename": "Query"}),
        (
            '{ author(nameIs: "Ada") { a: greeting b: greeting(to: "You") c: greeting(loudly: true) } }',
            {"author": {"a": "Ada", "b": "You and Ada", "c": "Ada!"}},
        ),
        ('{ author(nameIs: "Ada") { books { nodes { title } } } }', {"author": {"books": TITLES}}),
        (
            (
                '{ author(nameIs: "Ada") { few: books(first: 1) { nodes { title } totalCount pageInfo { hasNextPage } }'
                " poems: books(genre: POEM) { nodes { title genre } } } }"
            ),
            {
                "author": {
                    "few": {"nodes": [{"title": "Apple"}], "totalCount": 3, "pageInfo": {"hasNextPage": True}},
                    "poems": {"nodes": [{"title": "Birch", "genre": "POEM"}]},
                }
            },
        ),
        (
            "{ books(genre: POEM) { sides { name text __typename author { name } } again: sides { text } } }",
            {
                "books": [
                    {
                        "sides": [
                            {"name": "front", "text": title, "__typename": "Side", "author": {"name": author}},
                            {"name": "back", "text": "POEM", "__typename": "Side", "author": {"name": author}},
                        ],
                        "again": [{"text": title}, {"text": "POEM"}],
                    }
                    for title, author in (("Birch", "Ada"), ("Daisy", "Bob"))
                ]
            },
        ),
        (
            "{ authors { nodes { name books(last: 1) { nodes { title author { name } } } } } }",
            {
                "authors": {
                    "nodes": [
                        {"name": "Ada", "books": {"nodes": [{"title": "Cedar", "author": ADA}]}},
                        {"name": "Bob", "books": {"nodes": [{"title": "Daisy", "author": {"name": "Bob"}}]}},
                        {"name": "Cid", "books": {"nodes": []}},
                    ]
                }
            },
        ),
        ('{ books(where: {title: "Apple"}) { price critic { name } } }', {"books": [{"price": "1.10", "critic": ADA}]}),
        ("{ books(where: {title: null}, genre: POEM) { title } }", {"books": [{"title": "Birch"}, {"title": "Daisy"}]}),
        (
            '{ authorsByName(names: ["Bob", "Nobody", "Ada"]) { name } }',
            {"authorsByName": [{"name": "Bob"}, None, ADA]},
        ),
        (
            (
                '{ nodes(ids: ["Qm9vazox", "QXV0aG9yOjI", "Qm9vazo5OQ"]) { __typename ... on Book { title }'
                " ... on Author { name } } }"
            ),
            {"nodes": [{"__typename": "Book", "title": "Apple"}, {"__typename": "Author", "name": "Bob"}, None]},
        ),
        (
            '{ author(nameIs: "Ada") { books(first: 0) { nodes { title } totalCount } } }',
            {"author": {"books": {"nodes": [], "totalCount": 3}}},
        ),
        ('{ authors(nameIs: "Nobody") { nodes { name } totalCount } }', {"authors": {"nodes": [], "totalCount": 0}}),
    ],
)
async def test_a_query(library: Library, query: str, expected: Any) -> None:
    assert await library.data(query) == expected


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, {"author": ADA}),
        ({"name": "Bob"}, {"author": {"name": "Bob"}}),
        ({"name": "Bob", "more": True}, {"author": {"name": "Bob", "books": {"totalCount": 1}}}),
    ],
)
async def test_variables_with_defaults(library: Library, variables: dict[str, Any], expected: Any) -> None:
    query = """query($name: String = "Ada", $more: Boolean! = false) {
        author(nameIs: $name) { name books @include(if: $more) { totalCount } } }"""
    assert await library.data(query, **variables) == expected


async def test_merged_fields_are_one(library: Library) -> None:
    query = '{ author(nameIs: "Ada") { name } ...F } fragment F on Query { author(nameIs: "Ada") { motto } }'
    assert await library.data(query) == {"author": {"name": "Ada", "motto": "On!"}}
    assert len(library.statements) == 1


async def test_a_page_goes_on_behind_its_cursor(library: Library) -> None:
    query = """query($after: String) { author(nameIs: "Ada") {
        books(first: 2, after: $after) { edges { cursor node { title } } pageInfo { endCursor hasNextPage } } } }"""
    first = (await library.data(query))["author"]["books"]
    assert first["pageInfo"] == {"endCursor": first["edges"][1]["cursor"], "hasNextPage": True}
    second = (await library.data(query, after=first["pageInfo"]["endCursor"]))["author"]["books"]
    assert [edge["node"]["title"] for edge in second["edges"]] == ["Cedar"]
    assert second["pageInfo"]["hasNextPage"] is False


async def test_a_list_of_objects_with_more_fields_than_a_function_takes(library: Library) -> None:
    library.documents = Documents(library.schema, limits=Limits(aliases=250))
    fields = " ".join(f"m{number}: shelfMark(number: {number})" for number in range(250))
    data = await library.data(f"{{ authors {{ nodes {{ allBooks {{ {fields} }} }} }} }}")
    (apple, *_), (daisy,), nothing = (author["allBooks"] for author in data["authors"]["nodes"])
    assert apple == {f"m{number}": 1000 + number for number in range(250)}
    assert daisy == {f"m{number}": 4000 + number for number in range(250)}
    assert nothing == []


async def test_an_object_that_may_not_be_seen_is_not_found(library: Library) -> None:
    library.signed_in = False
    assert await library.data('{ node(id: "Qm9vazox") { id } books { title } }') == {"node": None, "books": []}
    assert await library.data('{ author(nameIs: "Ada") { books { totalCount } } }') == {
        "author": {"books": {"totalCount": 0}}
    }


@pytest.mark.parametrize("size", [1, 3])
async def test_a_query_is_one_statement_for_each_root_field(library: Library, size: int) -> None:
    await library.data(
        "query($size: Int) { authors(first: $size) { nodes { name books { nodes { author { name } } totalCount } } }"
        " books { title } }",
        size=size,
    )
    assert len(library.statements) == 2


async def test_the_root_has_the_name_of_its_type() -> None:
    schema = build_schema("schema { query: Root } type Root { name: String }")
    document = Documents(schema).read("{ __typename }")
    operation = document.operation(None)
    assert operation is not None
    executor = Executor(schema, {}, SimpleNamespace())
    result = await executor.execute(document, operation, {}, Caller("", {}, None))
    assert result.data == {"__typename": "Root"}
    assert executor.completions == {"assembled": 1}
