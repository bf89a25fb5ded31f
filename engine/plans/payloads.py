"""Payloads: Python objects of which some fields hold keys of entities.

A payload's selection is planned before the change that it answers: whatever is wrong with it is
refused while nothing has been changed yet.
"""

from collections.abc import Sequence
from typing import Any

from graphql import FieldNode, GraphQLObjectType
from sqlalchemy import ARRAY, BigInteger
from strawberry.utils.str_converters import to_snake_case

from engine.answers.records import Constant, Layout, Reading, Record
from engine.meanings.arguments import Argument
from engine.meanings.fields import NO_KEY, Keys, Reference, meaning_of
from engine.meanings.requests import Request
from engine.plans.objects import Child, Planning
from engine.plans.planner import RootPlan, plan_entities
from engine.plans.queries import Bound, bound


def has_references(type_: GraphQLObjectType) -> bool:
    """Whether a type has fields that hold keys of entities."""
    return any(isinstance(meaning_of(field), Reference) for field in type_.fields.values())


class PayloadPlan:
    """The plan of one payload, for all requests of a shape: its entities are read once their keys are known."""

    def __init__(self, planning: Planning, type_: GraphQLObjectType, nodes: Sequence[FieldNode], key: str) -> None:
        self._planning = planning
        self._plans: dict[str, RootPlan] = {}
        self._children: dict[str, Child] = {}
        self._typename = type_.name
        for name, merged in planning.selections.below(type_, nodes).items():
            if not merged[0].name.value.startswith("__"):
                self._plan(name, Child.of(planning, type_, merged, (key, name)))

    def bound(self, request: Request) -> list[Bound]:
        """The statements with the keys of the request's payload; raises what the selection refuses, known keys or not."""
        return [statement for plan in self._plans.values() for statement in bound(plan, request)]

    def read(self, results: Sequence[Any], request: Request) -> Record:
        """The payload with its entities in their places."""
        layout = Layout(self._typename)
        rows = iter(results)
        for name, child in self._children.items():
            plan = self._plans.get(name)
            value = _value(child, request) if plan is None else plan.read([next(rows)], request)[0]
            layout.add(name, child.type_, Constant(value))
        return Record(layout, None, Reading(request))

    def _plan(self, name: str, child: Child) -> None:
        self._children[name] = child
        if isinstance(child.meaning, Reference):
            self._plans[name] = plan_entities(child, Keys(child.meaning.type, "id", self._key(child)))

    def _key(self, child: Child) -> Argument:
        def keys(request: Request) -> list[int]:
            return [NO_KEY if request.payload is None else _value(child, request)]

        return Argument(keys, "key", self._planning.binds, ARRAY(BigInteger()))


def _value(child: Child, request: Request) -> Any:
    return getattr(request.payload, to_snake_case(child.identity.partition(".")[2]))
