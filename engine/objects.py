"""From a selection of fields to the slots of a statement: one object type, one row at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLObjectType,
    GraphQLOutputType,
    get_named_type,
)
from sqlalchemy import ColumnElement, FromClause, literal, select
from sqlalchemy.sql.selectable import LateralFromClause

from engine import connections, pages, records
from engine.arguments import Argument, Arguments, Occurrence, Request, Shaper
from engine.fields import (
    Column,
    Connection,
    Decimals,
    Entity,
    GlobalId,
    Meaning,
    Object,
    Objects,
    Rows,
    meaning_of,
)
from engine.records import Reader, Shape
from engine.selections import Selections
from engine.statements import Scope
from engine.volumes import Size, Volumes, unpaged

Path = tuple[str, ...]

# The column that tells a joined object from none: true in every row there is.
PRESENT = "present"


class SchemaError(Exception):
    """The schema says something that the engine cannot do: a fault of ours, not of a client."""


@dataclass(frozen=True)
class Planning:
    """What planning the fields of one statement needs, and the binds that it collects."""

    entities: Mapping[str, Entity]
    selections: Selections
    request: Request
    binds: dict[str, Argument] = field(default_factory=dict)
    volumes: Volumes = field(default_factory=Volumes)

    def shape(
        self,
        type_: GraphQLObjectType,
        nodes: Sequence[FieldNode],
        row: FromClause,
        scope: Scope,
        path: Path,
        outer: Arguments,
    ) -> Shape:
        """How the selected fields of a type are read; their expressions become slots."""
        shape = Shape(type_.name)
        for key, merged in self.selections.below(type_, nodes).items():
            if merged[0].name.value == "__typename":
                shape.add_typename(key)
                continue
            child = Child.of(self, type_, merged, (*path, key), outer)
            shape.add(key, child.type_, child.reader(row, scope))
        return shape

    def visible(self, typename: str, rows: Rows, arguments: Arguments) -> Rows:
        """The rows without those that the viewer may not see."""
        entity = self.entities.get(typename)
        if entity is None:
            return rows
        return replace(rows, where=(*rows.where, *entity.visible(rows.row, arguments)))


@dataclass(frozen=True)
class Child:
    """One selected field: its meaning, its type, its merged nodes, its arguments, its place."""

    planning: Planning
    identity: str
    meaning: Meaning | None
    type_: GraphQLOutputType
    nodes: Sequence[FieldNode]
    arguments: Arguments
    path: Path

    @classmethod
    def of(
        cls,
        planning: Planning,
        parent: GraphQLObjectType,
        nodes: Sequence[FieldNode],
        path: Path,
        outer: Arguments | None = None,
    ) -> "Child":
        """The child that merged field nodes select of a parent type."""
        name = nodes[0].name.value
        field = parent.fields[name]
        occurrence = Occurrence(field, nodes[0], path)
        arguments = Shaper(occurrence, planning.request, planning.binds, outer).arguments()
        identity = f"{parent.name}.{name}"
        return cls(planning, identity, meaning_of(field), field.type, nodes, arguments, path)

    @property
    def object_type(self) -> GraphQLObjectType:
        """The object type that the field answers with."""
        named = get_named_type(self.type_)
        if not isinstance(named, GraphQLObjectType):
            raise SchemaError(f"{self.identity} needs an object type, not {named}")
        return named

    def shape(self, row: FromClause, scope: Scope) -> Shape:
        """The shape of the field's objects, read from a row of a scope."""
        return self.planning.shape(self.object_type, self.nodes, row, scope, self.path, self.arguments)

    def seen(self, rows: Rows, typename: str | None = None) -> Rows:
        """Of the field's rows, those that the viewer may see."""
        return self.planning.visible(typename or self.object_type.name, rows, self.arguments)

    def reader(self, row: FromClause, scope: Scope) -> Reader:
        """How the field is read from a row of the scope."""
        match self.meaning:
            case Column(expression):
                return self._scalar(scope.slot(expression(row, self.arguments)))
            case Decimals(units, places):
                return records.Decimal(scope.slot(units(row, self.arguments)), places)
            case GlobalId(key):
                typename = self.identity.partition(".")[0]
                return records.Identified(scope.slot(key(row, self.arguments)), typename)
            case Object(rows):
                return self._object(rows(row, self.arguments), row, scope)
            case Objects(rows):
                return self._objects(rows(row, self.arguments), row, scope)
            case Connection(rows) as connection:
                return connections.nested(self, connection, rows(row, self.arguments), row, scope)
        raise SchemaError(f"{self.identity} has no meaning here: {self.meaning}")

    def _scalar(self, slot: int) -> Reader:
        named = get_named_type(self.type_)
        if isinstance(named, GraphQLEnumType):
            members = {name: value.value for name, value in named.values.items()}
            return records.Enumerated(slot, members)
        return records.Scalar(slot)

    def _object(self, rows: Rows, row: FromClause, scope: Scope) -> Reader:
        if rows.row is row:
            if rows.present is None:
                return records.SameRow(self.shape(row, scope))
            slot = scope.slot(rows.present.is_not(None))
            return records.WherePresent(self.shape(row, scope), slot)
        found = at_most_one(self.seen(rows), row)
        scope.join(found)
        slot = scope.slot(found.c[PRESENT])
        return records.WherePresent(self.shape(found, scope), slot, rows.missing)

    def _objects(self, rows: Rows, row: FromClause, scope: Scope) -> Reader:
        found, order = all_of(self.seen(rows), row)
        inner = Scope(found, (*scope.sizes, size_of(rows)))
        self.planning.volumes.add(inner.sizes)
        shape = self.shape(found, inner)
        return records.Listed(shape, scope.join_json(inner, order, row))


def size_of(rows: Rows) -> Size:
    """How many rows a list without pages can have."""
    limit = rows.limit
    if limit is None:
        return unpaged
    return (lambda request: limit) if isinstance(limit, int) else limit.value


def at_most_one(rows: Rows, outer: FromClause | None) -> LateralFromClause:
    """The first of the rows; without an order there is at most one by nature."""
    query = pages.filtered(select(*pages.columns(rows), literal(True).label(PRESENT)), rows, outer)
    if rows.order:
        query = query.order_by(*pages.directed(rows.order)).limit(1)
    return query.lateral()


def all_of(rows: Rows, outer: FromClause | None) -> tuple[LateralFromClause, list[ColumnElement[Any]]]:
    """All of the rows up to their limit, and their order."""
    query = pages.keyed(rows, rows.order, outer)
    if rows.limit is not None:
        limit = rows.limit if isinstance(rows.limit, int) else rows.limit.sql
        query = query.order_by(*pages.directed(rows.order)).limit(limit)
    found = query.lateral()
    return found, pages.directed_keys(rows.order, found)
