"""Queries: their root fields planned, bound, and answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from traceback import format_tb
from typing import Any

from graphql import FieldNode, GraphQLObjectType, GraphQLOutputType

from engine.answers.assembler import assembled
from engine.answers.generated import Irregular
from engine.answers.records import Constant, Layout, Reading, Record, Values
from engine.documents.document import Document
from engine.errors import ArgumentError, anew
from engine.meanings.decisions import Decisions, Outcomes
from engine.meanings.fields import Entity, Nodes, Representations
from engine.meanings.requests import Path, Request
from engine.plans.objects import Child
from engine.plans.outlines import Names
from engine.plans.planner import RootPlan, ids_in, plan_root
from engine.plans.representations import kinds_in, named_in

# How many objects a list and the lists in it may bring together.
MAXIMUM_ROWS = 50_000

Bound = tuple[str, Sequence[Any]]


@dataclass(frozen=True)
class RootField:
    """A planned root field, and the type that it answers with."""

    plan: RootPlan
    type_: GraphQLOutputType


@dataclass(frozen=True)
class QueryPlan:
    """The planned root fields of a query, in the order of `keys`, which also has unplanned ones.

    `by_types` is true where the plan depends on the types among what it was given, `outcomes` are
    what it was told of the values. `names` are the keys of its answer, where they are known beforehand.
    """

    typename: str
    keys: Mapping[str, bool]
    fields: Mapping[str, RootField]
    by_types: bool
    outcomes: Outcomes
    names: Names | None


@dataclass(frozen=True)
class Draft:
    """A query that is about to be planned: its root fields, with the types among what each was given, which belong to its shape."""

    query: GraphQLObjectType
    selected: Mapping[str, Sequence[FieldNode]]
    children: Mapping[str, Child]
    types: Mapping[str, Sequence[Any]]
    decisions: Decisions

    def plan(self, names: Names | None) -> QueryPlan:
        """Plan the root fields that have a meaning; the others are for graphql-core."""
        keys = {key: nodes[0].name.value == "__typename" for key, nodes in self.selected.items()}
        children = self.children.items()
        fields = {
            key: RootField(planned(child, self.types[key]), child.type_) for key, child in children if child.meaning
        }
        by_types = any(isinstance(child.meaning, (Nodes, Representations)) for child in self.children.values())
        return QueryPlan(self.query.name, keys, fields, by_types, self.decisions.settled(), names)

    @property
    def stored(self) -> set[Path]:
        """The paths of fields that turned out to be stored columns as they are, once it is planned."""
        return {path for child in self.children.values() for path in child.planning.stored}


class Root(Record):
    """The root of an operation: the answers of its fields, or what they refused; of a subscription, the event."""

    __slots__ = ("document", "event", "refused", "request")

    def __init__(self, request: Request, document: Document, event: Any = None) -> None:
        super().__init__(Layout("Query"), None, Reading(request))
        self.request = request
        self.document = document
        self.event = event
        self.refused = False

    def expect(self, plan: QueryPlan) -> None:
        """Say which fields there will be; one that nobody planned is for graphql-core."""
        self.layout.typename = plan.typename
        for key, is_typename in plan.keys.items():
            if is_typename:
                self.layout.add_typename(key)
            elif key in plan.fields:
                self.layout.types[key] = plan.fields[key].type_
            else:
                self.refused = True

    def answer(self, key: str, value: Any) -> None:
        """Set the value of a root field."""
        self.layout.readers[key] = Constant(value)

    def refuse(self, key: str, error: Exception) -> None:
        """Set what a root field refused: graphql-core raises it where it stands."""
        self.refused = True
        self.answer(key, error)

    def assembled(self) -> dict[str, Any]:
        """The answer of a query that nothing was irregular about; raises Irregular otherwise."""
        if self.refused:
            raise Irregular
        try:
            return {key: assembled(self.read(key), type_) for key, type_ in self.layout.types.items()}
        except Exception as error:
            # Whatever it is, such as a number that a scalar refuses, graphql-core tells where it stands.
            raise Irregular from error


def planned(child: Child, types: Sequence[Any]) -> RootPlan:
    """The plan of a root field; one that planning refuses answers with the refusal."""
    try:
        return plan_root(child, types)
    except Exception as error:  # noqa: BLE001 - whatever it is becomes the field's error
        return refused(error)


def refused(error: Exception) -> RootPlan:
    """A plan without statements, whose answer is an error."""
    kept = anew(error)
    kept.add_note(f"It was planned here:\n{''.join(format_tb(error.__traceback__))}")

    def read(results: Sequence[Sequence[Values]], request: Request) -> Any:
        raise anew(kept)

    return RootPlan((), read)


def bound(plan: RootPlan, request: Request) -> list[Bound]:
    """The statements of a plan with a request's parameters; raises what a limit or argument refuses."""
    plan.volumes.check(request, MAXIMUM_ROWS)
    return [(each.text, each.parameters(request)) for each in plan.statements]


def types_given(child: Child, entities: Mapping[str, Entity]) -> tuple[Any, ...]:
    """The types among what `node`, `nodes` or `_entities` were given: they belong to the shape."""
    request = child.planning.request
    try:
        match child.meaning:
            case Nodes() as nodes:
                ids = ids_in(child.arguments, nodes).value(request)
                return tuple(sorted({name for name, _ in ids if name in entities}))
            case Representations() as representations:
                return kinds_in(named_in(child.arguments, representations, entities), request)
    except ArgumentError:
        pass  # refused again, and told, when the plan is bound
    return ()
