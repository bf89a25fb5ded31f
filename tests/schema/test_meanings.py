"""Every field of every type that can be read means something: the schema is walked, and each field asked for."""

from collections import deque
from collections.abc import Iterator, Mapping

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLObjectType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_required_argument,
)

from schema.schema import executable
from tests.clients import Client

SCHEMA = executable()
assert SCHEMA.query_type

# Something to give for each type of a required argument.
GIVEN = {
    "ID!": '"T3JnYW5pemF0aW9uOjE"',
    "[ID!]!": '["T3JnYW5pemF0aW9uOjE"]',
    "[String!]!": '["ROOT"]',
    "String!": '"2024"',
    "OrganizationRef!": '{id: "T3JnYW5pemF0aW9uOjE"}',
    "BoundingBox!": "{west: 20, south: 50, east: 35, north: 60}",
    "GeoPointInput!": "{latitude: 53.9, longitude: 27.6}",
    "Interval!": "MONTH",
    "[Dimension!]!": "[SPHERE]",
    "[_Any!]!": '[{__typename: "Organization", code: "BY-GOV"}]',
}


def given(arguments: Mapping[str, GraphQLArgument]) -> str:
    """The required arguments, written out."""
    if {"code", "at"} <= arguments.keys():
        return '(code: "BY")'  # an area is asked for by one of the two
    required = [f"{name}: {GIVEN[str(each.type)]}" for name, each in arguments.items() if is_required_argument(each)]
    return f"({', '.join(required)})" if required else ""


def written(name: str, field: GraphQLField) -> str:
    """A field with the least selection that it can have."""
    below = "" if is_leaf_type(get_named_type(field.type)) else " { __typename }"
    return f"{name}{given(field.args)}{below}"


def paths() -> dict[str, list[str]]:
    """The shortest way from the query to each object type."""
    assert SCHEMA.query_type
    found: dict[str, list[str]] = {SCHEMA.query_type.name: []}
    waiting = deque([SCHEMA.query_type])
    while waiting:
        parent = waiting.popleft()
        for name, field in parent.fields.items():
            type_ = get_named_type(field.type)
            if isinstance(type_, GraphQLObjectType) and type_.name not in found:
                found[type_.name] = [*found[parent.name], f"{name}{given(field.args)}"]
                waiting.append(type_)
    return found


PATHS = paths()


def fields() -> Iterator[tuple[str, str]]:
    for typename in PATHS:
        type_ = SCHEMA.type_map[typename]
        assert isinstance(type_, GraphQLObjectType)
        yield from ((typename, name) for name in type_.fields)


@pytest.mark.parametrize(("typename", "name"), list(fields()))
async def test_a_field_is_answered(client: Client, typename: str, name: str) -> None:
    type_ = SCHEMA.type_map[typename]
    assert isinstance(type_, GraphQLObjectType)
    steps = [*PATHS[typename], written(name, type_.fields[name])]
    answer = await client.query("{ " + " { ".join(steps) + " }" * len(steps))
    assert not answer.errors


def test_every_type_is_reached_or_the_answer_of_a_mutation() -> None:
    """What no query leads to is made by mutations and subscriptions, from objects of Python."""
    objects = {each.name for each in SCHEMA.type_map.values() if isinstance(each, GraphQLObjectType)}
    rest = {name for name in objects - set(PATHS) if not name.startswith("__")}
    assert {name for name in rest if not name.endswith(("Payload", "Problem"))} <= {
        *("Mutation", "Questionnaire", "Subscription", "RatingChange", "ReviewAdded")
    }
    assert not any(is_abstract_type(SCHEMA.type_map[name]) for name in PATHS)
