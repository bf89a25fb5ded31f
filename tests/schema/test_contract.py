"""The names that users' queries rely on keep their types; contract.txt has one on each line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
)

from schema.schema import executable

CONTRACT = (Path(__file__).parent / "contract.txt").read_text().splitlines()


def promised() -> Iterator[str]:
    """The schema in the form of the contract: fields and arguments with their types, enumerations with their values."""
    for type_ in executable().type_map.values():
        if isinstance(type_, GraphQLEnumType):
            yield from (f"{type_.name}.{value}" for value in type_.values)
        elif isinstance(type_, GraphQLInputObjectType):
            yield from (f"{type_.name}.{name}: {field.type}" for name, field in type_.fields.items())
        elif isinstance(type_, (GraphQLObjectType, GraphQLInterfaceType)):
            for name, field in type_.fields.items():
                yield f"{type_.name}.{name}: {field.type}"
                yield from (f"{type_.name}.{name}({each}): {given.type}" for each, given in field.args.items())


@pytest.fixture(scope="module")
def schema() -> frozenset[str]:
    return frozenset(promised())


@pytest.mark.parametrize("line", CONTRACT)
def test_a_name_keeps_its_type(schema: frozenset[str], line: str) -> None:
    assert line in schema
