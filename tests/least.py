"""The least that a root field can be asked with: nothing is wrong with it that GraphQL could tell."""

from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    ObjectTypeDefinitionNode,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
    is_required_input_field,
    parse,
)

from schema.schema import build
from schema.sdl import sdl_of

LEAVES = {
    "ID": "T3JnYW5pemF0aW9uOjE",
    "String": "nothing",
    "Int": 1,
    "Boolean": True,
    "Date": "2026-01-31",
    "DateTime": "2026-01-31T00:00:00Z",
}


def least(type_: Any) -> Any:
    """The least value of a type that is valid."""
    type_ = get_nullable_type(type_)
    if is_list_type(type_):
        return []
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values))
    if isinstance(type_, GraphQLInputObjectType):
        required = [name for name, field in type_.fields.items() if is_required_input_field(field)]
        return {name: least(type_.fields[name].type) for name in required or [next(iter(type_.fields))]}
    return LEAVES.get(type_.name, 1)


def operation(kind: str, name: str, field: GraphQLField) -> tuple[str, dict[str, Any]]:
    """An operation of a kind that asks for a root field alone, and its variables.

    Subscriptions are handed all arguments: with a cursor that is none they end at once.
    """
    every = kind == "subscription"
    needed = {key: given.type for key, given in field.args.items() if every or is_required_argument(given)}
    declared = ", ".join(f"${key}: {type_}" for key, type_ in needed.items())
    handed = ", ".join(f"{key}: ${key}" for key in needed)
    selected = "" if is_leaf_type(get_named_type(field.type)) else " { __typename }"
    text = f"{kind}{f'({declared})' if needed else ''} {{ {name}{f'({handed})' if needed else ''}{selected} }}"
    return text, {key: least(type_) for key, type_ in needed.items()}


def directed(directive: str) -> dict[str, Any]:
    """Where the published schema has a directive of federation: its first argument, by type and field."""
    definitions = parse(sdl_of(build())).definitions
    types = [each for each in definitions if isinstance(each, ObjectTypeDefinitionNode)]
    return {
        f"{type_.name.value}.{field.name.value}": given.arguments[0].value if given.arguments else None
        for type_ in types
        for field in type_.fields or ()
        for given in field.directives or ()
        if given.name.value == directive
    }
