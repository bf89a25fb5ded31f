"""Payloads: Python objects of which some fields hold keys of entities.

A payload's selection is planned before the change that it answers: whatever is wrong with it is
refused while nothing has been changed yet.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
)
from sqlalchemy import ARRAY, BigInteger
from strawberry.utils.str_converters import to_snake_case

from engine.answers.records import Constant, Layout, Reading, Record
from engine.documents.definitions import name_of
from engine.meanings.arguments import Argument
from engine.meanings.fields import NO_KEY, Entity, Keys, Reference, meaning_of
from engine.meanings.requests import Request, signature
from engine.plans.objects import Child, Planning
from engine.plans.planner import RootPlan, plan_entities
from engine.plans.queries import Bound, Root, bound
from engine.plans.selections import Selections


@dataclass(frozen=True)
class PayloadField:
    """A field of a payload under its key in the answer: an attribute, or the plan of the entity whose key that is."""

    key: str
    type_: GraphQLOutputType
    attribute: str
    plan: RootPlan | None

    @classmethod
    def of(cls, key: str, child: Child) -> "PayloadField":
        """The field that a child of the payload selects."""
        attribute = to_snake_case(child.identity.partition(".")[2])
        plan = None
        if isinstance(child.meaning, Reference):
            plan = plan_entities(child, Keys(child.meaning.type, "id", _key(attribute, child.planning.binds)))
        return cls(key, child.type_, attribute, plan)


class PayloadPlan:
    """The plan of one payload, for all requests of a shape: its entities are read once their keys are known."""

    def __init__(self, planning: Planning, type_: GraphQLObjectType, nodes: Sequence[FieldNode], key: str) -> None:
        self._typename = type_.name
        self._fields = [
            PayloadField.of(name, Child.of(planning, type_, merged, (key, name)))
            for name, merged in planning.selections.below(type_, nodes).items()
            if not merged[0].name.value.startswith("__")
        ]

    def bound(self, request: Request) -> list[Bound]:
        """The statements with the keys of the request's payload; raises what the selection refuses, known keys or not."""
        plans = (field.plan for field in self._fields if field.plan is not None)
        return [statement for plan in plans for statement in bound(plan, request)]

    def read(self, results: Sequence[Any], request: Request) -> Record:
        """The payload with its entities in their places."""
        layout = Layout(self._typename)
        rows = iter(results)
        for field in self._fields:
            if field.plan is None:
                value = getattr(request.payload, field.attribute)
            else:
                value = field.plan.read([next(rows)], request)[0]
            layout.add(field.key, field.type_, Constant(value))
        return Record(layout, None, Reading(request))


@dataclass(frozen=True)
class PayloadPlans:
    """Plans what changes answer with."""

    schema: GraphQLSchema
    entities: Mapping[str, Entity]

    def of(self, root: Root, info: GraphQLResolveInfo[Any]) -> dict[str, PayloadPlan]:
        """The plans of all payloads that a mutation may answer with, by their type; made once a shape."""
        request = root.request
        shape = "payload", info.path.key, name_of(info.operation), signature(request.variables.coerced), request.shape
        plans: dict[str, PayloadPlan] | None = root.document.plans.get(shape)
        if plans is None:
            plans = dict(self._planned(root, info))
            root.document.remember(shape, plans)
        return plans

    def _planned(self, root: Root, info: GraphQLResolveInfo[Any]) -> Iterator[tuple[str, PayloadPlan]]:
        named = get_named_type(info.return_type)
        types = self.schema.get_possible_types(named) if is_abstract_type(named) else [named]
        selections = Selections.of(self.schema, root.document.tree, root.request.variables)
        for type_ in types:
            if isinstance(type_, GraphQLObjectType) and _has_references(type_):
                planning = Planning(self.entities, selections, root.request)
                yield type_.name, PayloadPlan(planning, type_, info.field_nodes, str(info.path.key))


def _has_references(type_: GraphQLObjectType) -> bool:
    """Whether a type has fields that hold keys of entities."""
    return any(isinstance(meaning_of(field), Reference) for field in type_.fields.values())


def _key(attribute: str, binds: dict[str, Argument]) -> Argument:
    """The key that a payload has in an attribute."""

    def keys(request: Request) -> list[int]:
        return [NO_KEY if request.payload is None else getattr(request.payload, attribute)]

    return Argument(keys, "key", binds, ARRAY(BigInteger()))
