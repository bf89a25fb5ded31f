"""Small tables are read once for as long as they stay the same, and no longer."""

from typing import Any

import psycopg
import pytest
from graphql import GraphQLList, GraphQLNonNull, GraphQLString
from graphql.execution.values import VariableValues
from orjson import JSONDecodeError

from engine.answers.assembler import assemble, is_plain
from engine.answers.records import (
    ColumnRows,
    Constant,
    JsonRows,
    Layout,
    Listed,
    MemberRows,
    Reading,
    Record,
    SameRow,
    Scalar,
    SubscriptRows,
    WherePresent,
)
from engine.answers.small_tables import Latest
from engine.documents.documents import Documents
from engine.executor import Caller, Executor
from engine.meanings.requests import Request
from models.database import Database
from resolvers.languages import Language
from schema.callers import CallerShape
from schema.schema import ENTITIES, executable

CALLER = Caller(CallerShape(Language.EN, signed_in=False), {}, None)
TEXT = '[[2, 1], [20, 10], ["second", "first"]]'


def test_the_same_text_is_the_same_table() -> None:
    latest = Latest()
    table = latest.read(TEXT)
    assert table.rows == {10: ("first",), 20: ("second",)}
    assert list(table.rows) == [10, 20]
    assert latest.read(TEXT) is table


def test_what_is_made_of_a_table_is_kept_with_it() -> None:
    latest, asked = Latest(), []

    def make(values: Any, reading: Any) -> Any:
        asked.append(values)
        return values[0].upper()

    assert [latest.read(TEXT).made(make)[10] for _ in range(3)] == ["FIRST"] * 3
    assert asked == [("first",)]
    assert latest.read(TEXT.replace("first", "other")).made(make)[10] == "OTHER"


def test_another_text_is_another_table() -> None:
    latest = Latest()
    assert latest.read(TEXT) is not latest.read(TEXT.replace("first", "other"))
    assert latest.read("[null, null]").rows == {}


def test_what_is_no_table_leaves_the_one_before() -> None:
    latest = Latest()
    table = latest.read(TEXT)
    with pytest.raises(JSONDecodeError):
        latest.read("[")
    assert latest.read(TEXT) is table


PLAIN = Layout("Plain", {"name": Scalar(0)}, {"name": GraphQLNonNull(GraphQLString)})
LANGUAGE = Layout("Asking", {"name": lambda values, reading: reading.request.shape}, {"name": GraphQLString})


@pytest.mark.parametrize(
    ("reader", "plain"),
    [
        (Scalar(0), True),
        (Constant("A"), True),
        (SameRow(PLAIN), True),
        (WherePresent(PLAIN, 1), True),
        (Listed(PLAIN, ColumnRows(0, 2)), True),
        (Listed(PLAIN, JsonRows(0)), True),
        (Listed(PLAIN, MemberRows(0, 0)), False),
        (Listed(PLAIN, SubscriptRows(0, (0,))), False),
        (Listed(LANGUAGE, JsonRows(0)), False),
        (SameRow(LANGUAGE), False),
        (lambda values, reading: values[0], False),
    ],
)
def test_what_reads_nothing_but_values_of_the_row(reader: Any, plain: bool) -> None:
    assert is_plain(reader) is plain


def test_what_reads_the_request_is_made_for_each_request() -> None:
    listed = Layout("List", {"all": Listed(LANGUAGE, MemberRows(0, 0))}, {"all": GraphQLList(GraphQLString)})
    table = Latest().read(TEXT)
    for language in ("be", "ru"):
        reading = Reading(Request(VariableValues({}, {}), language, {}), (table,))
        assert assemble(listed)([[10, 20]], reading) == {"all": [{"name": language}] * 2}


def test_a_list_of_a_small_tables_rows_within_one_is_its_own() -> None:
    """Each reads elements of arrays beside rows of a table, and one goes on when the other has ended."""
    deepest = pair("Deepest")
    inner = Layout("Inner")
    inner.add("deepest", GraphQLString, SameRow(deepest))
    both = pair("Both", Listed(inner, SubscriptRows(1, (1,))))
    outer = Layout("Outer")
    outer.add("both", GraphQLString, SameRow(both))
    whole = Layout("Whole")
    whole.add("all", GraphQLList(GraphQLString), Listed(outer, SubscriptRows(0, (0,))))
    tables = [Latest().read(f'[[1], [1], ["{text}"], [["x", "y"]]]') for text in ("outside", "inside")]
    reading = Reading(Request(VariableValues({}, {}), "", {}), tables)
    values = [["one"]]

    assert completed(Record(whole, values, reading)) == assemble(whole)(values, reading)


def pair(typename: str, listed: Listed | None = None) -> Layout:
    """An object with a list, if there is one, then an element of an array, then a value of the row."""
    layout = Layout(typename)
    if listed is not None:
        layout.add("listed", GraphQLList(GraphQLString), listed)
    layout.add("element", GraphQLString, Scalar(-1))
    layout.add("name", GraphQLString, Scalar(0))
    return layout


def completed(value: Any) -> Any:
    """A record read field by field."""
    if isinstance(value, Record):
        return {key: completed(value.read(key)) for key in value.layout.readers}
    return [completed(each) for each in value] if isinstance(value, list) else value


async def test_a_table_that_changes_between_two_answers_changes_the_second(clone_url: str) -> None:
    query = """{ organizations(first: 2) { nodes {
        spheres { name categories { code } }
        rating { byCriterion { criterion { code name } value } } } } }"""
    schema, database = executable(), Database(clone_url)
    executor, document = Executor(schema, ENTITIES, database), Documents(schema).read(query)

    async def told() -> Any:
        operation = document.operation(None)
        assert operation is not None
        result = await executor.execute(document, operation, {}, CALLER)
        assert result.errors is None
        return result.data

    await database.open()
    try:
        before = await told()
        assert await told() == before
        with psycopg.connect(clone_url) as connection:
            connection.execute("UPDATE criterion SET name_en = name_en || ' anew'")
            connection.execute("UPDATE sphere SET name_en = name_en || ' anew'")
        after = await told()
    finally:
        await database.close()
    assert executor.completions == {"assembled": 3}
    assert after == {
        "organizations": {
            "nodes": [
                {
                    "spheres": [{**sphere, "name": f"{sphere['name']} anew"} for sphere in node["spheres"]],
                    "rating": {
                        "byCriterion": [
                            {**each, "criterion": {**each["criterion"], "name": f"{each['criterion']['name']} anew"}}
                            for each in node["rating"]["byCriterion"]
                        ]
                    },
                }
                for node in before["organizations"]["nodes"]
            ]
        }
    }
    assert after != before
