"""What is planned once, what is kept of it, and that no value of a client becomes SQL text."""

from typing import Any

import pytest
from graphql import GraphQLString, print_ast
from graphql.utilities import ast_from_value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.documents.document import Document
from engine.documents.documents import Documents
from engine.plans import planner, statements
from engine.recent import Recent
from tests.engine.library import Library, schema

QUERY = """query($name: String, $genre: Genre, $first: Int) {
    author(nameIs: $name) { greeting(to: $name) books(genre: $genre, first: $first) { nodes { title } } } }"""


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The text of each statement that is compiled."""
    texts: list[str] = []
    compile_ = statements.compiled

    def compiled(*arguments: Any) -> Any:
        statement = compile_(*arguments)
        texts.append(statement.text)
        return statement

    monkeypatch.setattr(planner, "compiled", compiled)
    return texts


async def test_other_values_are_planned_no_more(library: Library, planned: list[str]) -> None:
    for name, first in (("Ada", 1), ("Bob", 2), ("Nobody", 3)):
        await library.data(QUERY, name=name, genre="POEM", first=first)
    assert len(planned) == 1


@pytest.mark.parametrize(
    "variables",
    [
        pytest.param({"name": "Ada", "genre": "NOVEL", "first": 1}, id="another value of an enumeration"),
        pytest.param({"name": "Ada", "first": 1}, id="an input is left out"),
        pytest.param({"name": "Ada", "genre": "POEM", "first": None}, id="an input is null"),
    ],
)
async def test_another_shape_is_planned_anew(library: Library, planned: list[str], variables: dict[str, Any]) -> None:
    await library.data(QUERY, name="Ada", genre="POEM", first=1)
    await library.data(QUERY, **variables)
    assert len(planned) == 2


async def test_who_asks_belongs_to_the_shape(library: Library) -> None:
    query = "{ books { title } }"
    seen = await library.data(query)
    library.signed_in = False
    assert await library.data(query) != seen


async def test_values_of_each_request_are_its_own(library: Library) -> None:
    for name, titles in (("Ada", ["Apple", "Cedar"]), ("Bob", [])):
        author = (await library.data(QUERY, name=name, genre="NOVEL"))["author"]
        assert author["greeting"] == f"{name} and {name}"
        assert [book["title"] for book in author["books"]["nodes"]] == titles


async def test_plans_of_a_document_are_bounded(library: Library, planned: list[str]) -> None:
    shapes: list[dict[str, Any]] = [{"name": "Ada"}, {"first": 1}, {"genre": "POEM"}, {"name": "Ada", "first": 1}]
    for shape in shapes:
        await library.data(QUERY, **shape)
    assert len(library.documents.read(QUERY).plans) == 3
    await library.data(QUERY, **shapes[-1])
    assert len(planned) == 4
    await library.data(QUERY, **shapes[0])
    assert len(planned) == 5


async def test_documents_are_bounded_and_the_latest_kept(library: Library) -> None:
    kept = _read_twice(library.documents, "{ __typename }")
    for number in range(20):
        _read_twice(library.documents, f"{{ a{number}: __typename }}")
        assert library.documents.whole("{ __typename }") is kept
    assert len(library.documents._known) == 5


def _read_twice(documents: Documents, text: str) -> Document:
    """What comes for the second time is kept."""
    documents.whole(text)
    return documents.whole(text)


async def test_what_comes_once_and_is_answered_by_another_plan_is_not_kept(library: Library) -> None:
    """A flood of documents drives nobody out."""
    kept = _read_twice(library.documents, QUERY)
    await library.data("{ authors { nodes { name } } } # the first of its skeleton has a plan")
    for number in range(3 * library.documents.maximum):
        await library.data(f"{{ authors {{ nodes {{ id name }} }} }} # {number}")
    assert library.executor.completions["borrowed"] == 3 * library.documents.maximum
    assert library.documents.whole(QUERY) is kept
    assert len(library.documents._known) == 2


def test_what_was_not_used_for_longest_is_forgotten_first() -> None:
    recent: Recent[str, int] = Recent(2)
    recent.put("a", 1)
    recent.put("b", 2)
    recent.get("a")
    recent.put("c", 3)
    assert [recent.get(key) for key in "abc"] == [1, None, 3]


def test_what_is_heavy_is_forgotten_sooner() -> None:
    recent: Recent[str, int] = Recent(10, weight=10)
    recent.put("a", 1, 4)
    recent.put("b", 2, 4)
    recent.put("b", 2, 5)
    recent.put("c", 3, 3)
    assert [recent.get(key) for key in "abc"] == [None, 2, 3]
    recent.put("d", 4, 11)
    assert len(recent) == 0


@pytest.mark.parametrize(
    "ballast", ["a: __typename " * 45, "__typename #" + "x" * 50_000 + "\n"], ids=["tokens", "text"]
)
def test_large_documents_are_fewer(ballast: str) -> None:
    documents = Documents(schema(), weight=2_000)
    for number in range(30):
        _read_twice(documents, f"query Q{number} {{ __typename {ballast} }}")
    assert 0 < len(documents._known) < 15


async def test_plans_count_as_the_memory_of_their_document(library: Library) -> None:
    library.documents = Documents(library.schema, weight=360)
    others = [f"{{ a{number}: __typename }}" for number in range(20)]
    for other in others:
        _read_twice(library.documents, other)
    for shape in ({}, {"name": "Ada"}, {"first": 1}, {"genre": "POEM"}, {"name": "Ada", "first": 1}):
        assert len(library.documents._known) >= len(others)
        await library.data(QUERY, **shape)
    assert len(library.documents._known) <= len(others) // 2


async def test_a_long_shape_counts_as_memory(library: Library) -> None:
    """A plan keeps its shape, and that can be as long as what a client sends."""
    document = library.documents.whole("{ __typename }")
    before = document.weight
    document.remember(("a", ("b",) * 1_000), None)
    assert document.weight > before + 1_000
    document.remember(("a", ("c",) * library.documents.weight), None)
    assert len(document.plans) == 0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
async def test_no_value_becomes_sql_text(library: Library, value: str) -> None:
    """Whatever the value, written in the document or sent beside it, the text is the same: that of a lent plan, or of its own."""
    written = print_ast(ast_from_value(value, GraphQLString))  # type: ignore[arg-type]
    fields = "{ greeting(to: %s) books { nodes { title } } allBooks(where: {title: %s}) { title } }"
    query = f"{{ author(nameIs: %s) {fields} authorsByName(names: [%s]) {{ name }} }}"
    documents = [query % ((each,) * 4) for each in (written, '"Ada"')]
    documents.append("query($v: String!) " + query % (("$v",) * 4))
    lent, own = zip(*[await texts_of(library, each, v=value) for each in documents], strict=True)
    assert len(set(own)) == 1
    assert len({*lent, *own}) <= len({"lent", "own"})


async def texts_of(library: Library, query: str, **variables: Any) -> list[tuple[str, ...]]:
    """What is asked for a document when it comes for the first time, and for the second, by a plan of its own."""
    texts = []
    for _ in range(2):
        await library.data(query, **variables)
        texts.append(tuple(text for text, _ in library.statements))
    return texts


@pytest.mark.parametrize("value", ["'; DROP TABLE book; --", '"', "%", "%s", "%(a0)s", ":a0", "\\", "$1", "{}", "й"])
async def test_a_value_comes_back_as_it_is(library: Library, value: str) -> None:
    query = 'query($value: String) { author(nameIs: "Ada") { greeting(to: $value) } }'
    assert await library.data(query, value=value) == {"author": {"greeting": f"{value} and Ada"}}
