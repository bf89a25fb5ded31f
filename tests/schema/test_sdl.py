"""The committed schema, which users' tools read, is the one that answers."""

from pathlib import Path

from graphql import build_schema, validate_schema

from schema.schema import build

COMMITTED = Path(__file__).parents[2] / "schema.graphql"


def test_it_is_the_one_that_the_code_makes() -> None:
    assert COMMITTED.read_text() == build().as_str() + "\n"


def test_it_stands_by_itself() -> None:
    assert validate_schema(build_schema(COMMITTED.read_text())) == []
