"""Which readings of protected data an operation asks for (`auth/readings.py`)."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from graphql import FieldNode, GraphQLError, GraphQLObjectType, GraphQLSchema, OperationDefinitionNode
from graphql.execution.values import VariableValues, get_argument_values, get_variable_values

from auth.readings import KINDS, TYPES, Reading
from engine import global_ids
from engine.documents import Document
from engine.errors import ArgumentError
from engine.selections import Selections

# The fields that answer with objects of any type, by what they are given.
BY_ID = ("node", "nodes", "_entities")


def readings(
    schema: GraphQLSchema, document: Document, operation: OperationDefinitionNode, variables: dict[str, Any]
) -> set[Reading]:
    """The readings of a query or a subscription. What will be refused anyway is left to the executor to refuse."""
    selected = operation.selection_set.selections
    if all(isinstance(each, FieldNode) and not _may_read(each.name.value) for each in selected):
        return set()
    coerced = get_variable_values(schema, operation.variable_definitions or (), variables)
    root = schema.get_root_type(operation.operation)
    if isinstance(coerced, list) or root is None:
        return set()
    fields = Selections.of(schema, document.tree, coerced).fields(root, [operation.selection_set])
    return {each for nodes in fields.values() for each in _of_field(root, nodes[0], coerced)}


def _may_read(name: str) -> bool:
    return name in KINDS or name in BY_ID


def _of_field(root: GraphQLObjectType, node: FieldNode, variables: VariableValues) -> Iterator[Reading]:
    name = node.name.value
    if not _may_read(name):
        return
    with suppress(GraphQLError, ArgumentError):
        given = get_argument_values(root.fields[name], node, variables)
        if name in KINDS:
            yield Reading(name, _organization(given.get("organization")))
        else:
            yield from {Reading(TYPES[each]) for each in _types(name, given) if each in TYPES}


def _organization(reference: Mapping[str, Any] | None) -> int | str | None:
    """The key or the code in a reference; None where there is none."""
    if not reference:
        return None
    id_, code = reference.get("id"), reference.get("code")
    return str(code) if id_ is None else global_ids.key_of(id_, "Organization", "organization")


def _types(name: str, given: Mapping[str, Any]) -> list[str]:
    """The types among what a field by id is given."""
    if name == "_entities":
        named = (each.given for each in given["representations"])
        return [str(each.get("__typename")) for each in named if isinstance(each, Mapping)]
    ids = [given["id"]] if name == "node" else given["ids"]
    return [global_ids.decode(each, "id")[0] for each in ids]
