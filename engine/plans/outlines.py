"""Outlines: what operations ask for, without the keys, the order and the values that their clients chose.

Two operations that ask for the same of the same objects have one outline, however they say it. It is told in two parts: the
`skeleton` is the objects, and the fields that are given arguments, by the shapes of their values; the `leaves` are what else is
selected of each object. An operation of the program's own, whose keys are numbers, stands for all that have a skeleton.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    NameNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_named_type,
    is_leaf_type,
)
from graphql.execution.values import get_argument_values

from engine.meanings.requests import Path, signature
from engine.plans.selections import Selections

# The keys of an object of an answer in their order: each with the key that it has where it comes from, and the same of the
# objects below it.
Names = tuple[tuple[str, str, Any], ...]

# By the place of an object in a skeleton, the fields that are selected of it without arguments.
Leaves = Mapping[Path, frozenset[str]]


class NoOutline(Exception):
    """The operation asks for what depends on more than its outline."""


@dataclass(frozen=True)
class Outline:
    """What an operation asks for. `nodes` are its other fields, by their places in the skeleton; `given` are the arguments of those.

    `names` are the keys of its answer, beside those that it has in the skeleton.
    """

    skeleton: Hashable
    leaves: Leaves
    names: Names
    nodes: dict[Path, FieldNode]
    given: Mapping[Path, dict[str, Any]]

    @classmethod
    def of(cls, selections: Selections, type_: GraphQLObjectType, fields: Mapping[str, list[FieldNode]]) -> "Outline":
        """The outline of an operation's fields; raises NoOutline for introspection, and where it selects of interfaces or unions."""
        drawing = Drawing(selections)
        try:
            skeleton, names = drawing.object(type_, fields, ())
        except GraphQLError as error:
            raise NoOutline from error
        return cls(skeleton, drawing.leaves, names, drawing.nodes, drawing.given)

    @property
    def size(self) -> int:
        """How many objects and fields it has."""
        return len(self.leaves) + len(self.nodes) + sum(map(len, self.leaves.values()))

    def operation(self, leaves: Leaves) -> OperationDefinitionNode:
        """The operation that stands for the skeleton, with some leaves: its keys are places, and no GraphQL to be printed."""
        below = {place: [_named(name) for name in sorted(own)] for place, own in leaves.items()}
        # From the last to the first: what is below a field is there before the field itself.
        for place, node in reversed(self.nodes.items()):
            inner = SelectionSetNode(selections=tuple(below[place])) if place in below else None
            alias, arguments = NameNode(value=place[-1]), node.arguments
            own = FieldNode(name=node.name, alias=alias, arguments=arguments, selection_set=inner, directives=())
            below[place[:-1]].insert(0, own)
        return OperationDefinitionNode(
            operation=OperationType.QUERY, selection_set=SelectionSetNode(selections=tuple(below[()]))
        )


def _named(leaf: str) -> FieldNode:
    return FieldNode(name=NameNode(value=leaf), alias=None, arguments=(), selection_set=None, directives=())


@dataclass
class Drawing:
    """An outline in the making."""

    selections: Selections
    leaves: dict[Path, frozenset[str]] = field(default_factory=dict)
    nodes: dict[Path, FieldNode] = field(default_factory=dict)
    given: dict[Path, dict[str, Any]] = field(default_factory=dict)

    def object(
        self, type_: GraphQLObjectType, fields: Mapping[str, list[FieldNode]], place: Path
    ) -> tuple[Hashable, Names]:
        """The skeleton of what is selected of an object, and the keys of the answer."""
        leaves: set[str] = set()
        parts: list[tuple[str, str, GraphQLField, list[FieldNode]]] = []
        names: dict[str, tuple[str, str, Any]] = {}
        for key, merged in fields.items():
            name = merged[0].name.value
            known = type_.fields.get(name)
            if known is None and name != "__typename":
                raise NoOutline
            if known is None or not (merged[0].arguments or merged[0].selection_set):
                leaves.add(name)
            else:
                parts.append((name, key, known, merged))
            names[key] = key, name, None
        self.leaves[place] = frozenset(leaves)
        if place:
            # The root fields stay as they are: the first one that the database refuses is told.
            parts.sort(key=lambda part: part[0])
        skeleton: list[Hashable] = [type_.name]
        for number, (name, key, known, merged) in enumerate(parts):
            source = str(number)
            given, inner, below = self._part(known, merged, (*place, source))
            skeleton.append((name, given, inner))
            names[key] = key, source, below
        return tuple(skeleton), tuple(names.values())

    def _part(self, known: GraphQLField, merged: list[FieldNode], place: Path) -> tuple[Hashable, Hashable, Any]:
        """Of a field that is given arguments or has an object: the shapes of their values, and what is below it."""
        self.nodes[place] = merged[0]
        given: Hashable = None
        if merged[0].arguments:
            self.given[place] = get_argument_values(known, merged[0], self.selections.variables)
            given = signature(self.given[place])
        of = get_named_type(known.type)
        if isinstance(of, GraphQLObjectType):
            return given, *self.object(of, self.selections.below(of, merged), place)
        if is_leaf_type(of):
            return given, None, None
        raise NoOutline


def kept(names: Names) -> Names:
    """The keys of an answer that has them already."""
    return tuple((key, key, below and kept(below)) for key, _, below in names)


def reworded(names: Names, words: Mapping[str, str]) -> Names:
    """The keys of an answer with other words for some of them."""
    return tuple((words.get(key, key), source, below and reworded(below, words)) for key, source, below in names)


def renamed(answer: Any, names: Names) -> Any:
    """An object, a list of objects or null under other keys: of an object, those fields that have names alone.

    Only `names` tell objects from scalars that look like them.
    """
    if isinstance(answer, dict):
        return {
            key: answer[source] if below is None else renamed(answer[source], below) for key, source, below in names
        }
    if isinstance(answer, list):
        return [renamed(each, names) for each in answer]
    return answer
