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
from sqlalchemy import Alias, ColumnElement, FromClause, Select, Table, literal, select

from engine import connections, pages, records
from engine.arguments import Argument, Arguments, Occurrence, Path, Request, Shaper
from engine.decisions import Decisions
from engine.fields import (
    Column,
    Connection,
    Decimals,
    Entity,
    GlobalId,
    Meaning,
    Members,
    Object,
    Objects,
    Order,
    Parts,
    Rows,
    meaning_of,
)
from engine.records import MemberRows, Reader, Shape, SubscriptRows
from engine.scopes import MemberScope, Scope
from engine.selections import Selections
from engine.volumes import Size, Volumes, unpaged

# The column that tells a joined object from none: true in every row there is.
PRESENT = "present"


class SchemaError(Exception):
    """The schema says something that the engine cannot do: a fault of ours, not of a client."""


@dataclass(frozen=True)
class Planning:
    """What planning the fields of one statement needs, and the binds that it collects.

    Without `decisions` its plan is for all values.
    """

    entities: Mapping[str, Entity]
    selections: Selections
    request: Request
    binds: dict[str, Argument] = field(default_factory=dict)
    volumes: Volumes = field(default_factory=Volumes)
    decisions: Decisions | None = None

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
        arguments = Shaper(occurrence, planning.request, planning.binds, outer, planning.decisions).arguments()
        identity = f"{parent.name}.{name}"
        return cls(planning, identity, meaning_of(field), field.type, nodes, arguments, path)

    @property
    def object_type(self) -> GraphQLObjectType:
        """The object type that the field answers with."""
        named = get_named_type(self.type_)
        if not isinstance(named, GraphQLObjectType):
            raise SchemaError(f"{self.identity} needs an object type, not {named}")
        return named

    def selected(self) -> set[str]:
        """The names of the fields that are selected of the field's object."""
        merged = self.planning.selections.below(self.object_type, self.nodes).values()
        return {nodes[0].name.value for nodes in merged}

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
                return self._listed(rows(row, self.arguments), row, scope)
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
        if rows.known is not None and self.selected() <= rows.known.fields:
            return records.SameRow(self.shape(rows.known.row, scope))
        found = at_most_one(self.seen(rows), row)
        scope.join(found.source, found.where)
        slot = scope.slot(found.present)
        return records.WherePresent(self.shape(found.row, scope), slot, rows.missing)

    def _listed(self, rows: Rows | Members | Parts, row: FromClause, scope: Scope) -> Reader:
        match rows:
            case Members():
                return self._members(rows, scope)
            case Parts():
                return self._parts(rows, scope)
        return self._objects(rows, row, scope)

    def _objects(self, rows: Rows, row: FromClause, scope: Scope) -> Reader:
        found = all_of(self.seen(rows), row)
        inner = scope.inner(found.source, found.order, size_of(rows), found.where)
        self.planning.volumes.add(inner.sizes)
        shape = self.shape(found.row, inner)
        return records.Listed(shape, scope.join_list(inner, row))

    def _parts(self, parts: Parts, scope: Scope) -> Reader:
        for row in parts.rows:
            scope.join_one(row)
        return records.Together(tuple(self.shape(row, scope) for row in parts.rows))

    def _members(self, members: Members, scope: Scope) -> Reader:
        rows = self.seen(members.rows)
        table = pages.filtered(select(*rows.row.c), rows, None)
        place = pages.sorting(rows.order, rows.row.c.id)
        inner = MemberScope(scope, table, place, members.columns, unpaged)
        self.planning.volumes.add(inner.sizes)
        shape = self.shape(inner.row, inner)
        inner.finish("id")
        if members.keys is not None:
            return records.Listed(shape, MemberRows(inner.number, scope.slot(members.keys)))
        slots = tuple(scope.slot(column) for column in members.columns.values())
        return records.Listed(shape, SubscriptRows(inner.number, slots))


@dataclass(frozen=True)
class Found:
    """The rows of a field in a statement: where they come from, which ones, their order in a list.

    `row` is what their columns are read from; `present` is true wherever there is a row.
    """

    source: FromClause
    row: FromClause
    where: Sequence[ColumnElement[bool]]
    order: Sequence[Order]
    present: ColumnElement[bool]

    @classmethod
    def directly(cls, rows: Rows) -> "Found":
        """The rows of tables as they are: the statement stays short, and PostgreSQL free to plan."""
        key = next(iter(rows.row.primary_key))
        return cls(pages.joined(rows), rows.row, rows.where, rows.order, key.is_not(None))

    @classmethod
    def laterally(cls, query: Select[Any], order: Sequence[Order] = ()) -> "Found":
        """The rows of a query of its own, which may have a limit, columns of its own, and the keys of an order."""
        found = query.add_columns(literal(True).label(PRESENT)).lateral()
        return cls(found, found, (), pages.carried(found, order), found.c[PRESENT])


def are_plain(rows: Rows) -> bool:
    """Whether rows are those of tables, all of them, with no columns but the tables' own."""
    sources = [rows.row, *(target for target, _ in rows.joins)]
    of_tables = all(isinstance(each, Alias) and isinstance(each.element, Table) for each in sources)
    return of_tables and rows.limit is None and not rows.extras


def size_of(rows: Rows) -> Size:
    """How many rows a list without pages can have."""
    limit = rows.limit
    if limit is None:
        return unpaged
    return (lambda request: limit) if isinstance(limit, int) else limit.value


def at_most_one(rows: Rows, outer: FromClause | None) -> Found:
    """The first of the rows; without an order there is at most one by nature."""
    if are_plain(rows) and not rows.order:
        return Found.directly(rows)
    if rows.order:
        return Found.laterally(pages.limited(replace(rows, limit=1), outer))
    # PostgreSQL can make the query of what is one by nature a part of the whole.
    return Found.laterally(pages.filtered(select(*pages.columns(rows)), rows, outer))


def all_of(rows: Rows, outer: FromClause | None) -> Found:
    """All of the rows up to their limit."""
    return Found.directly(rows) if are_plain(rows) else Found.laterally(pages.limited(rows, outer), rows.order)
