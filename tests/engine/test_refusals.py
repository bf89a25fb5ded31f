"""What goes wrong in a field: told where graphql-core would tell it, and nowhere else."""

from collections.abc import Sequence
from typing import Any

import pytest
from graphql import ExecutionResult, GraphQLError, build_schema, execute_sync, parse, print_schema

from engine.documents.invalid import InvalidDocument
from engine.errors import ArgumentError
from models.errors import ErrorCode
from tests.engine.library import Library
from transport.answers import formatted

ADA: dict[str, Any] = {"name": "Ada", "motto": "On!"}
BOB: dict[str, Any] = {"name": "Bob", "motto": None}
CID: dict[str, Any] = {"name": "Cid", "motto": "Up!"}

# The library's rows as nested objects, for a reference that reads them field by field.
NESTED: dict[str, Any] = {
    "author": BOB,
    "authors": {"nodes": [ADA, BOB, CID], "edges": [{"node": ADA}, {"node": BOB}, {"node": CID}]},
    "books": [{"title": "Birch", "author": ADA, "critic": ADA}, {"title": "Daisy", "author": BOB, "critic": BOB}],
    "authorsByName": [ADA, BOB, None],
}


@pytest.mark.parametrize(
    "query",
    [
        '{ author(nameIs: "Bob") { name motto } }',
        '{ author(nameIs: "Bob") { m: motto again: motto } }',
        "{ authors { nodes { name motto } } }",
        "{ authors { edges { node { motto } } } }",
        '{ authorsByName(names: ["Ada", "Bob", "Nobody"]) { name motto } }',
        "{ books(genre: POEM) { title critic { motto } } }",
        "{ books(genre: POEM) { title author { motto } } }",
        '{ __typename b: author(nameIs: "Bob") { motto } authorsByName(names: ["Ada", "Bob", "Nobody"]) { motto } }',
    ],
)
async def test_what_is_missing_takes_along_what_cannot_be_without_it(library: Library, query: str) -> None:
    expected = execute_sync(build_schema(print_schema(library.schema)), parse(query), NESTED)
    assert expected.errors
    assert shown(await library.execute(query)) == shown(expected)


def shown(result: ExecutionResult) -> Any:
    errors = [error.formatted for error in result.errors or ()]
    return result.data, sorted(errors, key=lambda error: str(error["path"]))


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ("first: -1", "first"),
        ("first: 51", "first"),
        ("last: 51", "last"),
        ("first: 1, last: 1", "last"),
        ('first: 1, before: "x"', "before"),
        ('last: 1, after: "x"', "after"),
        ('after: "x"', "after"),
        ('after: "ж"', "after"),
        ('after: ""', "after"),
        ('before: "bnVsbA"', "before"),
        ('nameIs: "\\u0000"', "nameIs"),
    ],
)
async def test_an_argument_that_cannot_be_used(library: Library, arguments: str, argument: str) -> None:
    result = await library.execute(f"{{ authors({arguments}) {{ totalCount }} __typename }}")
    refusal = refused(result)
    assert refusal.argument == argument
    assert library.statements == []


async def test_other_fields_are_answered(library: Library) -> None:
    result = await library.execute('{ author(nameIs: "Ada") { name } node(id: "?") { id } }')
    assert result.data == {"author": {"name": "Ada"}, "node": None}
    assert refused(result).argument == "id"


async def test_a_cursor_of_another_list(library: Library) -> None:
    page = await library.data('{ author(nameIs: "Ada") { books { pageInfo { endCursor } } } }')
    cursor = page["author"]["books"]["pageInfo"]["endCursor"]
    result = await library.execute("query($after: String) { authors(after: $after) { totalCount } }", {"after": cursor})
    assert refused(result).argument == "after"


def refused(result: ExecutionResult) -> ArgumentError:
    """The only refusal."""
    (error,) = result.errors or []
    assert isinstance(error.original_error, ArgumentError)
    return error.original_error


@pytest.mark.parametrize("variables", [{"id": None}, {"id": []}, {"id": {}}, {"nothing": 1, "id": True}])
async def test_a_variable_that_cannot_be_used(library: Library, variables: dict[str, Any]) -> None:
    """A default lets a null variable pass where no null may come: graphql-core refuses it in its field."""
    result = await library.execute('query($id: ID = "x") { node(id: $id) { id } }', variables)
    assert len(result.errors or ()) == 1
    assert not (result.data or {}).get("node")
    assert library.statements == []


@pytest.mark.parametrize(
    "query",
    [
        "query($no: Boolean = true) { here: authors(first: 1) { nodes { name @skip(if: $no) } } }",
        "query($no: Boolean = true) { here: authors(first: 1) { nodes { ... @include(if: $no) { name } } } }",
        "query($no: Boolean = true) { here: authors(first: 1) { nodes { greeting(loudly: $no) } } }",
    ],
)
async def test_null_where_none_may_be_is_refused_in_the_field(library: Library, query: str) -> None:
    """A default lets the variable pass there: graphql-core refuses it where it is used, and we for the root field."""
    for text in (query, query + " "):
        result = await library.execute(text, {"no": None})
        (error,) = result.errors or []
        assert result.data is None or result.data == {"here": None}
        assert (error.path, (error.locations or [])[0].column) == (["here"], text.index("here") + 1)
        assert formatted([error], ErrorCode.BAD_USER_INPUT, "")[0]["extensions"] == {"code": "BAD_USER_INPUT"}
        assert library.statements == []


@pytest.mark.parametrize("directive", ["@skip", "@include"])
async def test_so_is_null_for_whether_a_root_field_is_there(library: Library, directive: str) -> None:
    query = f"query($no: Boolean = true) {{ a: author {{ name }} authors {directive}(if: $no) {{ totalCount }} }}"
    for text in (query, query.replace("a: ", "b: "), query):
        result = await library.execute(text, {"no": None})
        (error,) = result.errors or []
        assert result.data is None
        assert error.locations
        assert formatted([error], ErrorCode.BAD_USER_INPUT, "")[0]["extensions"] == {"code": "BAD_USER_INPUT"}
        assert library.statements == []
        assert await library.data(text, no=True)


@pytest.mark.parametrize(
    ("query", "variables", "told"),
    [
        ("{ here: unknown }", {}, "here"),
        ("{ authors(first: 1) { nodes { here: unknown } } }", {}, "here"),
        ("query($here: Int) { authors(first: $here) { nodes { name } } }", {"here": "many"}, "$here"),
        ("query($n: Int) { here: authors(first: $n) { nodes { name } } }", {"n": -1}, "here"),
    ],
)
async def test_a_plain_document_is_told_where_it_is_wrong(
    library: Library, query: str, variables: dict[str, Any], told: str
) -> None:
    """Its tree has no places until they are asked for."""
    for text in (query, query.replace("{", "\n{", 1)):
        errors = (await answered(library, text, variables)) or []
        assert [[each.column for each in error.locations or ()] for error in errors] == [[column_of(told, text)]]


async def answered(library: Library, text: str, variables: dict[str, Any]) -> Sequence[GraphQLError] | None:
    """The errors of a document, whether it is valid or not."""
    try:
        return (await library.execute(text, variables)).errors
    except InvalidDocument as invalid:
        return invalid.errors


def column_of(word: str, text: str) -> int:
    """Where a word begins in its line, counted from 1."""
    at = text.index(word)
    return at - text.rfind("\n", 0, at)


async def test_a_refusal_that_is_kept_does_not_grow(library: Library) -> None:
    """Its trace would, with every raising."""
    query = "{ authors(first: 1, last: 1) { totalCount } }"
    lengths = [length(refused(await library.execute(query))) for _ in range(3)]
    assert len(set(lengths)) == 1


def length(error: Exception) -> int:
    trace, steps = error.__traceback__, 0
    while trace:
        trace, steps = trace.tb_next, steps + 1
    return steps
