"""Definitions: what a parsed document is made of."""

from collections.abc import Iterator

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    OperationDefinitionNode,
)

# The types of which a selection has fields; those of a union are its members'.
WithFields = (GraphQLObjectType, GraphQLInterfaceType)


def operations_of(tree: DocumentNode) -> Iterator[OperationDefinitionNode]:
    """The operations in the order of the text."""
    return (each for each in tree.definitions if isinstance(each, OperationDefinitionNode))


def name_of(operation: OperationDefinitionNode) -> str | None:
    """The name of an operation, if it has one."""
    return operation.name.value if operation.name else None


def fragments_of(tree: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    """The fragments by their names."""
    return {each.name.value: each for each in tree.definitions if isinstance(each, FragmentDefinitionNode)}
