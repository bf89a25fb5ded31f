"""Templates: plans lent to documents that ask for the same under other names and with other values.

A client that writes values, aliases or fragments of its own into every text makes each a new
document. What is selected, and which arguments have values of which shape, is what a plan is made
for; the keys of the answer and the values are not. So a new document that asks for what another one
asked borrows its plan, once: whoever comes back gets a plan of its own, which needs no renaming.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
)
from graphql.execution.values import get_argument_values

from engine.meanings.decisions import Outcomes
from engine.meanings.requests import Path, Request, signature
from engine.plans.queries import Names, QueryPlan
from engine.plans.selections import Selections


class NoOutline(Exception):
    """The operation asks for what depends on more than its outline."""


@dataclass(frozen=True)
class Outline:
    """An operation without its names: `structure` is all that a plan depends on.

    `names` are what the answer's keys are, `nodes` where each field stands in the document.
    """

    structure: Hashable
    names: Names
    nodes: Mapping[Path, FieldNode]

    @classmethod
    def of(cls, selections: Selections, type_: GraphQLObjectType, fields: Mapping[str, list[FieldNode]]) -> "Outline":
        """The outline of an operation's fields; raises NoOutline for introspection, and where it selects of interfaces or unions."""
        nodes: dict[Path, FieldNode] = {}
        try:
            structure, names = _outlined(selections, type_, fields, (), nodes)
        except GraphQLError as error:
            raise NoOutline from error
        return cls(structure, names, nodes)


def _outlined(
    selections: Selections,
    type_: GraphQLObjectType,
    fields: Mapping[str, list[FieldNode]],
    path: Path,
    nodes: dict[Path, FieldNode],
) -> tuple[Hashable, Names]:
    structure: list[Hashable] = [type_.name]
    names: list[tuple[str, Any]] = []
    for key, merged in fields.items():
        name, place = merged[0].name.value, (*path, key)
        if name == "__typename":
            structure.append(name)
            names.append((key, None))
            continue
        field = type_.fields.get(name)
        if field is None:
            raise NoOutline
        nodes[place] = merged[0]
        given = get_argument_values(field, merged[0], selections.variables) if field.args else {}
        of, below = get_named_type(field.type), None
        inner: Hashable = None
        if isinstance(of, GraphQLObjectType):
            inner, below = _outlined(selections, of, selections.below(of, merged), place, nodes)
        elif not is_leaf_type(of):
            raise NoOutline
        structure.append((name, signature(given), inner))
        names.append((key, below))
    return tuple(structure), tuple(names)


@dataclass(frozen=True)
class Template:
    """The plan of an operation, with what its own outline had for names, and where its fields stood."""

    plan: QueryPlan
    names: Names
    places: tuple[Path, ...]

    @classmethod
    def of(cls, plan: QueryPlan, outline: Outline) -> "Template":
        """The template of a plan."""
        return cls(plan, outline.names, tuple(outline.nodes))

    @property
    def outcomes(self) -> Outcomes:
        """What the plan was told of the values."""
        return self.plan.outcomes

    def request_for(self, request: Request, borrower: Outline) -> Request:
        """A borrower's request, as the plan reads its values."""
        return replace(request, nodes=self.nodes_for(borrower))

    def nodes_for(self, borrower: Outline) -> Mapping[Path, FieldNode]:
        """Where the fields of the plan stand in a borrower's document, by their places in its own."""
        return dict(zip(self.places, borrower.nodes.values(), strict=True))

    def naming_for(self, borrower: Outline) -> Callable[[Any], Any]:
        """From the plan's answer to the borrower's."""
        if borrower.names == self.names:
            return lambda answer: answer
        return lambda answer: renamed(answer, borrower.names)


def renamed(answer: Any, names: Names) -> Any:
    """An object, a list of objects or null with other keys, in the same order."""
    if isinstance(answer, dict):
        pairs: Sequence[tuple[Any, tuple[str, Any]]] = list(zip(answer.values(), names, strict=True))
        return {key: value if below is None else renamed(value, below) for value, (key, below) in pairs}
    if isinstance(answer, list):
        return [renamed(each, names) for each in answer]
    return answer


def reworded(answer: Any, names: Names, words: Mapping[str, str]) -> Any:
    """An answer with other words for some of its keys, which `names` tells from what scalars may hold."""
    return renamed(answer, _reworded(names, words)) if words else answer


def _reworded(names: Names, words: Mapping[str, str]) -> Names:
    return tuple((words.get(key, key), below and _reworded(below, words)) for key, below in names)
