"""A new document borrows the plan of one that asked for the same, and is answered under its own names."""

from collections.abc import Sequence
from typing import Any

import pytest

from engine.errors import ArgumentError
from engine.plans.queries import Bound
from tests.engine.library import Library

BOOKS = "{ authors(first: 2) { nodes { name books(first: 1) { edges { node { title price } } } } } }"


async def asked(library: Library, query: str, variables: dict[str, Any] | None = None) -> tuple[Any, str]:
    """The data, and by which way it was answered."""
    before = library.executor.completions.copy()
    result = await library.execute(query, variables)
    assert not result.errors
    (way,) = library.executor.completions - before
    return result.data, way


@pytest.mark.parametrize(
    ("query", "other"),
    [
        (
            '{ authors(nameIs: "Ada") { nodes { name } } }',
            '{ who: authors(nameIs: "Bob") { nodes { called: name } } }',
        ),
        ("{ authors { nodes { name } } }", "{ ...All } fragment All on Query { authors { nodes { ... { name } } } }"),
        ("{ authors { __typename totalCount } }", "{ authors { type: __typename count: totalCount } }"),
        (BOOKS, BOOKS.replace("title price", "t: title p: price").replace("first: 2", "first: 1")),
        ("{ authors { nodes { name id } } }", "{ authors { nodes { id also: id name } } }"),
        ("{ authors { nodes { name } } }", "{ authors { nodes { id } } }"),
        ("{ authors { nodes { name } } }", "{ authors { nodes { greeting } } }"),
        ("{ authors { totalCount nodes { name } } }", "{ authors { nodes { id name } totalCount } }"),
    ],
)
async def test_what_differs_in_names_and_values_alone_is_borrowed(library: Library, query: str, other: str) -> None:
    assert (await asked(library, query))[1] == "assembled"
    borrowed, way = await asked(library, other)
    assert way == "borrowed"
    own, way = await asked(library, other)
    assert way == "assembled"
    assert own == borrowed


@pytest.mark.parametrize(
    ("query", "other"),
    [
        ("{ authors { nodes { name } } }", '{ authors(nameIs: "Ada") { nodes { name } } }'),
        ("{ authors { nodes { greeting(loudly: true) } } }", "{ authors { nodes { greeting(loudly: false) } } }"),
        ("{ authors { nodes { name } } }", "{ authors { nodes { name } } more: authors { nodes { name } } }"),
    ],
)
async def test_what_differs_in_more_is_planned(library: Library, query: str, other: str) -> None:
    await asked(library, query)
    assert (await asked(library, other))[1] == "assembled"


def authors(fields: str) -> str:
    return f"{{ authors {{ nodes {{ {fields} }} }} }}"


def lent(library: Library) -> list[set[str]]:
    """The fields without arguments of each plan that is kept to be lent."""
    templates = library.executor.plans.templates.plans
    return [set().union(*template.leaves.values()) for template, _ in templates._items.values()]


async def test_stored_columns_are_there_for_whoever_asks_for_some_of_them(library: Library) -> None:
    for fields in ("id", "id name", "name id", "name", "called: name also: name", "id other: name"):
        await library.data(authors(fields))
    assert lent(library) == [{"id", "name"}]
    assert library.executor.completions == {"assembled": 1, "borrowed": 5}


async def test_what_is_computed_is_brought_for_nobody_else(library: Library) -> None:
    for fields in ("text", "name", "text name", "a: text", "b: name"):
        await library.data(f"{{ books {{ sides {{ {fields} }} }} }}")
    assert sorted(map(sorted, lent(library))) == [["name", "text"], ["text"]]
    assert library.executor.completions == {"assembled": 1, "borrowed": 4}


async def test_what_is_irregular_in_fields_of_others_is_not_told(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    for fields in ("id", "id name"):
        expected = await library.data(authors(fields))
    read = library.database.read

    async def spoiled(statements: Sequence[Bound]) -> list[list[tuple[Any, ...]]]:
        names = {each["name"] for each in expected["authors"]["nodes"]}
        results = await read(statements)
        return [[tuple(None if value in names else value for value in row) for row in rows] for rows in results]

    monkeypatch.setattr(library.database, "read", spoiled)
    found, way = await asked(library, authors("key: id"))
    assert [each["key"] for each in found["authors"]["nodes"]] == [each["id"] for each in expected["authors"]["nodes"]]
    assert way == "assembled"


async def test_values_are_those_of_the_borrower(library: Library) -> None:
    query = "query($name: String) { authors(nameIs: $name) { nodes { name } } }"
    first, _ = await asked(library, query, {"name": "Ada"})
    names = first["authors"]["nodes"]
    assert names
    other, way = await asked(library, '{ authors(nameIs: "Nobody") { found: nodes { name } } }')
    assert (other, way) == ({"authors": {"found": []}}, "borrowed")


async def test_a_value_that_is_refused_is_refused_by_its_own_plan(library: Library) -> None:
    await asked(library, "{ authors(first: 1) { nodes { name } } }")
    result = await library.execute("{ a: authors(first: -1) { nodes { name } } }")
    assert result.errors
    (error,) = result.errors
    assert error.path == ["a"]
    assert isinstance(error.original_error, ArgumentError)


async def test_templates_are_bounded(library: Library) -> None:
    templates = library.executor.plans.templates
    for number in range(templates.plans.maximum + 10):
        greetings = " ".join(f"a{bit}: greeting(loudly: {str(bool(number >> bit & 1)).lower()})" for bit in range(10))
        for name in ("name", "id"):
            await library.execute(f"{{ authors(first: 1) {{ nodes {{ {greetings} {name} }} }} }}")
    assert len(templates) == templates.plans.maximum
