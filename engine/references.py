"""Payloads: Python objects of which some fields hold keys of entities, read by one plan."""

from collections.abc import Sequence
from typing import Any

from graphql import FieldNode, GraphQLObjectType
from sqlalchemy import ARRAY, BigInteger
from strawberry.utils.str_converters import to_snake_case

from engine.arguments import Argument, Request
from engine.fields import Keys, Reference
from engine.objects import Child, Planning
from engine.planner import RootPlan, plan_entities
from engine.records import Constant, Record, Shape


def plan_references(
    planning: Planning,
    type_: GraphQLObjectType,
    nodes: Sequence[FieldNode],
    payload: Any,
    key: str,
) -> RootPlan:
    """The statements that read a payload's entities, and the payload with them in their places."""
    shape = Shape(type_.name)
    plans: dict[str, RootPlan] = {}
    for name, merged in planning.selections.below(type_, nodes).items():
        field_name = merged[0].name.value
        if field_name.startswith("__"):
            continue
        child = Child.of(planning, type_, merged, (key, name))
        value = getattr(payload, to_snake_case(field_name))
        if isinstance(child.meaning, Reference):
            keys = _one_key(planning, value)
            plans[name] = plan_entities(child, Keys(child.meaning.type, "id", keys))
        else:
            shape.add(name, child.type_, Constant(value))

    def read(results: Sequence[Any], request: Request) -> Record:
        found = Shape(shape.typename, dict(shape.readers), shape.types)
        for (name, plan), rows in zip(plans.items(), results, strict=True):
            found.readers[name] = Constant(plan.read([rows], request)[0])
        return Record(found, None, request)

    return RootPlan(tuple(plan.statements[0] for plan in plans.values()), read, planning.volumes)


def _one_key(planning: Planning, key: int) -> Argument:
    return Argument(lambda request: [key], "key", planning.binds, ARRAY(BigInteger()))
