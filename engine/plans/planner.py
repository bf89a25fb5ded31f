"""From a root field to its plan: the statement to run, and how its rows are read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLList, GraphQLObjectType, get_nullable_type
from sqlalchemy import ARRAY, BigInteger, func, select

from engine.answers.records import Reader, Reading, Record, Values
from engine.errors import ArgumentError, SchemaError
from engine.meanings import global_ids
from engine.meanings.arguments import Argument, Arguments
from engine.meanings.fields import (
    NO_KEY,
    Connection,
    Entities,
    Keys,
    Nodes,
    Object,
    Objects,
    Representations,
    Rows,
)
from engine.meanings.requests import Request
from engine.meanings.volumes import Volumes
from engine.plans import connections
from engine.plans.objects import Child, Planning
from engine.plans.pages import PLACE
from engine.plans.representations import Kind, keys_of, named_in, places_of
from engine.plans.rows import all_of, at_most_one, size_of
from engine.plans.scopes import Scope
from engine.plans.statements import Statement, compiled


@dataclass(frozen=True)
class RootPlan:
    """The statements of a root field, and its value from the rows of each of them."""

    statements: tuple[Statement, ...]
    read: Callable[[Sequence[Sequence[Values]], Request], Any]
    volumes: Volumes = field(default_factory=Volumes)


def plan_root(child: Child, types: Sequence[Any]) -> RootPlan:
    """Plan one root field; raises what the field's functions refuse.

    `types` are those among the ids that `node` or `nodes` were given, or the kinds of `_entities`.
    """
    arguments = child.arguments
    match child.meaning:
        case Object(rows):
            return _object(child, rows(None, arguments))
        case Objects(rows):
            found = rows(None, arguments)
            if isinstance(found, Rows):
                return _objects(child, found)
        case Connection(rows) as connection:
            scope, read = connections.root(child, connection, rows(None, arguments))
            return _plan(child.planning, scope, read)
        case Entities(_, keys):
            return plan_entities(child, keys(arguments))
        case Nodes() as nodes:
            return plan_nodes(child, nodes, types)
        case Representations() as representations:
            return plan_representations(child, representations, types)
    raise SchemaError(f"{child.identity} has no meaning at the root: {child.meaning}")


def _plan(planning: Planning, scope: Scope, read: Reader) -> RootPlan:
    statement = compiled(scope, planning.binds)

    def from_results(results: Sequence[Sequence[Values]], request: Request) -> Any:
        rows, common = statement.parted(results[0])
        return read(rows, Reading(request, common.tables, common.total))

    return RootPlan((statement,), from_results, planning.volumes)


def _object(child: Child, rows: Rows) -> RootPlan:
    found = at_most_one(child.seen(rows), None)
    scope = Scope(found.source, where=found.where)
    layout = child.layout(found.row, scope)

    def read(values: Sequence[Values], reading: Reading) -> Record | None:
        return Record(layout, values[0], reading) if values else None

    return _plan(child.planning, scope, read)


def _objects(child: Child, rows: Rows) -> RootPlan:
    found = all_of(child.seen(rows), None)
    scope = Scope(found.source, found.order, found.where, (size_of(rows),))
    layout = child.layout(found.row, scope)

    def read(values: Sequence[Values], reading: Reading) -> list[Record]:
        return [Record(layout, row, reading) for row in values]

    return _plan(child.planning, scope, read)


def plan_entities(child: Child, keys: Keys) -> RootPlan:
    """Objects of a type by key, in the order of the keys: for `Entities`, `node`, `nodes`, `_entities` and payloads.

    One row for each key that is found and visible, with its place among the keys.
    """
    planning, entity = child.planning, child.planning.entities[keys.type]
    wanted = func.unnest(keys.sql).table_valued("key", with_ordinality="place")
    wanted = wanted.render_derived()
    row = entity.table.alias()
    rows = planning.visible(keys.type, Rows(row), child.arguments)
    query = select(*row.c, wanted.c.place.label(PLACE))
    query = query.select_from(wanted.join(row, row.c[keys.column] == wanted.c.key))
    found = query.where(*rows.where).lateral()
    scope = Scope(found, sizes=(lambda request: len(keys.values.value(request)),))
    place = scope.slot(found.c[PLACE])
    layout = planning.layout(_object_type(planning, keys.type), child.nodes, found, scope, child.path, child.arguments)

    def read(found: Sequence[Values], reading: Reading) -> list[Record | None]:
        answers: list[Record | None] = [None] * len(keys.values.value(reading.request))
        for row in found:
            answers[row[place] - 1] = Record(layout, row, reading)
        return answers

    return _plan(planning, scope, read)


def plan_nodes(child: Child, meaning: Nodes, types: Sequence[str]) -> RootPlan:
    """`node` and `nodes`: one statement for each type among the global ids."""
    ids = ids_in(child.arguments, meaning)
    plans = [plan_entities(child, Keys(name, "id", _keys(ids, name))) for name in types]
    are_many = isinstance(get_nullable_type(child.type_), GraphQLList)

    def read(results: Sequence[Sequence[Values]], request: Request) -> Any:
        answers: list[Any] = [None] * len(ids.value(request))
        for plan, rows in zip(plans, results, strict=True):
            for place, record in enumerate(plan.read([rows], request)):
                answers[place] = record or answers[place]
        return answers if are_many else answers[0]

    return RootPlan(tuple(plan.statements[0] for plan in plans), read, child.planning.volumes)


def plan_representations(child: Child, meaning: Representations, kinds: Sequence[Kind]) -> RootPlan:
    """`_entities`: one statement for each type and key; what is malformed is an error in its place."""
    entities = child.planning.entities
    named = named_in(child.arguments, meaning, entities)
    plans = [plan_entities(child, keys_of(kind, named, entities)) for kind in kinds]

    def read(results: Sequence[Sequence[Values]], request: Request) -> list[Any]:
        found = named.value(request)
        answers: list[Any] = [each if isinstance(each, ArgumentError) else None for each in found]
        for kind, plan, rows in zip(kinds, plans, results, strict=True):
            for place, record in zip(places_of(kind, found), plan.read([rows], request), strict=True):
                answers[place] = record
        return answers

    return RootPlan(tuple(plan.statements[0] for plan in plans), read, child.planning.volumes)


def ids_in(arguments: Arguments, meaning: Nodes) -> Argument:
    """The types and keys of the global ids that a field was given, as a list."""
    given: Argument = getattr(arguments, meaning.argument)

    def decoded(value: str | list[str]) -> list[tuple[str, int]]:
        ids = [value] if isinstance(value, str) else value
        if len(ids) > meaning.maximum:
            raise ArgumentError(given.name, f"has more than {meaning.maximum} ids")
        return [global_ids.decode(each, given.name) for each in ids]

    return given.map(decoded)


def _keys(ids: Argument, typename: str) -> Argument:
    """The keys of one type, and none in the places of other types."""
    return ids.map(lambda found: [key if name == typename else NO_KEY for name, key in found], ARRAY(BigInteger()))


def _object_type(planning: Planning, typename: str) -> GraphQLObjectType:
    type_ = planning.selections.schema.type_map[typename]
    assert isinstance(type_, GraphQLObjectType)
    return type_
