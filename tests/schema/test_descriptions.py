"""A stranger understands the schema from what it says of itself."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    is_introspection_type,
    is_specified_scalar_type,
)

from schema.schema import executable

SCHEMA = executable()

# What the arguments of federation's directives are made of: its specification describes them.
FEDERATIONS_OWN = {"_FieldSet", "link__Import", "link__Purpose"}


def described() -> Iterator[tuple[str, Any]]:
    """Everything that can have a description, by its dotted name."""
    for type_ in SCHEMA.type_map.values():
        if is_introspection_type(type_) or is_specified_scalar_type(type_) or type_.name in FEDERATIONS_OWN:
            continue
        yield type_.name, type_
        if isinstance(type_, GraphQLEnumType):
            yield from ((f"{type_.name}.{name}", value) for name, value in type_.values.items())
        elif isinstance(type_, GraphQLInputObjectType):
            yield from ((f"{type_.name}.{name}", field) for name, field in type_.fields.items())
        elif isinstance(type_, (GraphQLObjectType, GraphQLInterfaceType)):
            for name, field in type_.fields.items():
                yield f"{type_.name}.{name}", field
                yield from ((f"{type_.name}.{name}({each})", given) for each, given in field.args.items())


def test_everything_has_a_description() -> None:
    assert [name for name, each in described() if not (each.description or "").strip()] == []


def test_every_description_is_a_sentence() -> None:
    assert [name for name, each in described() if not (each.description or "").rstrip().endswith((".", "`"))] == []


@pytest.mark.parametrize(
    "name", ["Organization.rating", "Query.organizations(filter)", "Scope.SUBTREE", "RatingSlice.from"]
)
def test_what_is_looked_at_covers_all_kinds(name: str) -> None:
    assert name in dict(described())
