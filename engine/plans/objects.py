"""From a selection of fields to the slots of a statement: one object type, one row at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLObjectType,
    GraphQLOutputType,
    get_named_type,
)
from sqlalchemy import ColumnElement, FromClause, select

from engine.answers import records
from engine.answers.records import Layout, MemberRows, Reader, SubscriptRows
from engine.errors import SchemaError
from engine.meanings.arguments import Argument, Arguments, Shaper
from engine.meanings.decisions import Decisions
from engine.meanings.fields import (
    Column,
    Connection,
    Decimals,
    Entity,
    GlobalId,
    Meaning,
    Members,
    Object,
    Objects,
    Parts,
    Rows,
    meaning_of,
)
from engine.meanings.requests import Occurrence, Path, Request
from engine.meanings.volumes import Volumes, unpaged
from engine.plans import connections
from engine.plans.rows import all_of, at_most_one, filtered, is_stored, size_of, sorting
from engine.plans.scopes import MemberScope, Scope
from engine.plans.selections import Selections


@dataclass(frozen=True)
class Planning:
    """What planning the fields of one statement needs, and the binds that it collects.

    Without `decisions` its plan is for all values. `stored` are the paths of the fields that turned out to be
    nothing but a column of a table.
    """

    entities: Mapping[str, Entity]
    selections: Selections
    request: Request
    binds: dict[str, Argument] = field(default_factory=dict)
    volumes: Volumes = field(default_factory=Volumes)
    decisions: Decisions | None = None
    stored: set[Path] = field(default_factory=set)

    def layout(
        self,
        type_: GraphQLObjectType,
        nodes: Sequence[FieldNode],
        row: FromClause,
        scope: Scope,
        path: Path,
        outer: Arguments,
    ) -> Layout:
        """How the selected fields of a type are read; their expressions become slots."""
        layout = Layout(type_.name)
        for key, merged in self.selections.below(type_, nodes).items():
            if merged[0].name.value == "__typename":
                layout.add_typename(key)
                self.stored.add((*path, key))
                continue
            child = Child.of(self, type_, merged, (*path, key), outer)
            layout.add(key, child.type_, child.reader(row, scope))
        return layout

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

    def layout(self, row: FromClause, scope: Scope) -> Layout:
        """The layout of the field's objects, read from a row of a scope."""
        return self.planning.layout(self.object_type, self.nodes, row, scope, self.path, self.arguments)

    def seen(self, rows: Rows, typename: str | None = None) -> Rows:
        """Of the field's rows, those that the viewer may see."""
        return self.planning.visible(typename or self.object_type.name, rows, self.arguments)

    def reader(self, row: FromClause, scope: Scope) -> Reader:
        """How the field is read from a row of the scope."""
        match self.meaning:
            case Column(expression):
                return self._scalar(self._slot(expression, row, scope))
            case Decimals(units, places):
                return records.Decimal(self._slot(units, row, scope), places)
            case GlobalId(key):
                typename = self.identity.partition(".")[0]
                return records.Identified(self._slot(key, row, scope), typename)
            case Object(rows):
                return self._object(rows(row, self.arguments), row, scope)
            case Objects(rows):
                return self._listed(rows(row, self.arguments), row, scope)
            case Connection(rows) as connection:
                return connections.nested(self, connection, rows(row, self.arguments), row, scope)
        raise SchemaError(f"{self.identity} has no meaning here: {self.meaning}")

    def _slot(self, expression: Callable[[Any, Arguments], ColumnElement[Any]], row: FromClause, scope: Scope) -> int:
        value = expression(row, self.arguments)
        if is_stored(value):
            self.planning.stored.add(self.path)
        return scope.slot(value)

    def _scalar(self, slot: int) -> Reader:
        named = get_named_type(self.type_)
        if isinstance(named, GraphQLEnumType):
            members = {name: value.value for name, value in named.values.items()}
            return records.Enumerated(slot, members)
        return records.Scalar(slot)

    def _object(self, rows: Rows, row: FromClause, scope: Scope) -> Reader:
        if rows.row is row:
            if rows.present is None:
                return records.SameRow(self.layout(row, scope))
            slot = scope.slot(rows.present.is_not(None))
            return records.WherePresent(self.layout(row, scope), slot)
        if rows.known is not None and self.selected() <= rows.known.fields:
            return records.SameRow(self.layout(rows.known.row, scope))
        found = at_most_one(self.seen(rows), row)
        scope.join(found.source, found.where)
        slot = scope.slot(found.present)
        return records.WherePresent(self.layout(found.row, scope), slot, rows.missing)

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
        layout = self.layout(found.row, inner)
        return records.Listed(layout, scope.join_list(inner, row))

    def _parts(self, parts: Parts, scope: Scope) -> Reader:
        for row in parts.rows:
            scope.join_one(row)
        return records.Together(tuple(self.layout(row, scope) for row in parts.rows))

    def _members(self, members: Members, scope: Scope) -> Reader:
        rows = self.seen(members.rows)
        table = filtered(select(*rows.row.c), rows, None)
        place = sorting(rows.order, rows.row.c.id)
        inner = MemberScope(scope, table, place, members.columns, unpaged)
        self.planning.volumes.add(inner.sizes)
        layout = self.layout(inner.row, inner)
        inner.finish("id")
        if members.keys is not None:
            return records.Listed(layout, MemberRows(inner.number, scope.slot(members.keys)))
        slots = tuple(scope.slot(column) for column in members.columns.values())
        return records.Listed(layout, SubscriptRows(inner.number, slots))
