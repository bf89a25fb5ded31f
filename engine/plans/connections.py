"""Relay connections: pages of rows as `nodes`, `edges`, `pageInfo` and a lazy `totalCount`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from graphql import FieldNode, GraphQLObjectType, get_named_type
from sqlalchemy import FromClause, select

from engine.answers.pages import Paged, PageRows, page_of
from engine.answers.records import Layout, Listed, Reader, Reading, Record, SameRow, Values
from engine.meanings import cursors
from engine.meanings.fields import Connection, Rows
from engine.meanings.paging import Paging
from engine.meanings.requests import Path
from engine.plans import pages
from engine.plans.pages import PLACE, PagePlan
from engine.plans.rows import counted
from engine.plans.scopes import Scope

# Fields have connections, whose nodes have fields: `objects` imports this.
if TYPE_CHECKING:
    from engine.plans.objects import Child


def nested(child: "Child", meaning: Connection, rows: Rows, row: FromClause, scope: Scope) -> Reader:
    """A connection of each row of a scope: a list a row, and a total where asked for."""
    selected = Selected.of(child)
    rows = child.seen(rows, selected.node_type.name)
    plan = selected.planned(meaning, rows, row)
    inner = scope.inner(plan.row, plan.order, plan.paging.size_at)
    child.planning.volumes.add(inner.sizes)
    layout = selected.layout(plan, inner)
    listed = scope.join_list(inner, row)
    if not selected.counts:
        return Paged(layout, listed, plan.paging)
    total = counted(rows, row)
    scope.join(total)
    return Paged(layout, listed, plan.paging, scope.slot(total.c.total))


def root(child: "Child", meaning: Connection, rows: Rows) -> tuple[Scope, Reader]:
    """A connection of the query itself: a row of the statement for each row of the page."""
    selected = Selected.of(child)
    rows = child.seen(rows, selected.node_type.name)
    plan = selected.planned(meaning, rows, None).with_places()
    total = select(counted(rows, None).c.total) if selected.counts else None
    scope = Scope(plan.row, plan.order, sizes=(plan.paging.size_at,), place=plan.row.c[PLACE], total=total)
    layout = selected.layout(plan, scope)

    def read(found: Sequence[Values], reading: Reading) -> Record:
        size = plan.paging.size_at(reading.request)
        return Record(layout, page_of(plan.paging, found, reading.total, size), reading)

    return scope, read


@dataclass(frozen=True)
class Selected:
    """What is selected of a connection."""

    child: "Child"
    fields: Mapping[str, list[FieldNode]]

    @classmethod
    def of(cls, child: "Child") -> "Selected":
        """The selection of a connection field."""
        return cls(child, child.planning.selections.below(child.object_type, child.nodes))

    def field_type(self, name: str) -> GraphQLObjectType:
        """The object type of one of the connection's fields."""
        named = get_named_type(self.child.object_type.fields[name].type)
        assert isinstance(named, GraphQLObjectType)
        return named

    @property
    def node_type(self) -> GraphQLObjectType:
        """The type of the connection's nodes."""
        return self.field_type("nodes")

    @property
    def counts(self) -> bool:
        """Whether the total is asked for."""
        return any(nodes[0].name.value == "totalCount" for nodes in self.fields.values())

    def planned(self, meaning: Connection, rows: Rows, outer: FromClause | None) -> PagePlan:
        """The page, and the row behind it where it is asked whether there is one."""
        paging = Paging.of(meaning, self.child.arguments, self.child.identity)
        behind = "hasPreviousPage" if paging.backward else "hasNextPage"
        return pages.planned(rows, paging, outer, looks_ahead=behind in self._of_page_info())

    def _of_page_info(self) -> set[str]:
        """The names of the fields that are selected of `pageInfo`, whatever their keys."""
        below, type_ = self.child.planning.selections.below, self.field_type("pageInfo")
        of_page = [nodes for nodes in self.fields.values() if nodes[0].name.value == "pageInfo"]
        return {merged[0].name.value for nodes in of_page for merged in below(type_, nodes).values()}

    def layout(self, plan: PagePlan, scope: Scope) -> Layout:
        """How the connection is read from a `Page`; the keys of its order are brought where a cursor is asked for."""
        cursor = cache(lambda: _cursor(plan, scope))
        type_ = self.child.object_type
        layout = Layout(type_.name)
        for key, nodes in self.fields.items():
            path = (*self.child.path, key)
            match nodes[0].name.value:
                case "__typename":
                    layout.add_typename(key)
                case "nodes":
                    reader: Reader = Listed(self._node(nodes, plan, scope, path), PageRows())
                    layout.add(key, type_.fields["nodes"].type, reader)
                case "edges":
                    reader = Listed(self._edge(nodes, plan, scope, path, cursor), PageRows())
                    layout.add(key, type_.fields["edges"].type, reader)
                case "pageInfo":
                    layout.add(key, type_.fields["pageInfo"].type, self._page_info(nodes, cursor))
                case "totalCount":
                    layout.add(key, type_.fields["totalCount"].type, lambda page, reading: page.total)
        return layout

    def _node(self, nodes: Sequence[FieldNode], plan: PagePlan, scope: Scope, path: Path) -> Layout:
        return self.child.planning.layout(self.node_type, nodes, plan.row, scope, path, self.child.arguments)

    def _edge(
        self,
        nodes: Sequence[FieldNode],
        plan: PagePlan,
        scope: Scope,
        path: Path,
        cursor: "Callable[[], Cursor]",
    ) -> Layout:
        type_ = self.field_type("edges")
        layout = Layout(type_.name)
        for key, merged in self.child.planning.selections.below(type_, nodes).items():
            match merged[0].name.value:
                case "__typename":
                    layout.add_typename(key)
                case "node":
                    reader = SameRow(self._node(merged, plan, scope, (*path, key)))
                    layout.add(key, type_.fields["node"].type, reader)
                case "cursor":
                    layout.add(key, type_.fields["cursor"].type, cursor())
        return layout

    def _page_info(self, nodes: Sequence[FieldNode], cursor: "Callable[[], Cursor]") -> Reader:
        type_ = self.field_type("pageInfo")
        layout = Layout(type_.name)
        for key, merged in self.child.planning.selections.below(type_, nodes).items():
            name = merged[0].name.value
            if name == "__typename":
                layout.add_typename(key)
            else:
                layout.add(key, type_.fields[name].type, _of_page(name, cursor))
        return lambda page, reading: Record(layout, page, reading)


# From the row of an edge to where it stands.
Cursor = Callable[[Values, Reading], str]


def _cursor(plan: PagePlan, scope: Scope) -> Cursor:
    """What makes the cursor of a row from the keys of its order."""
    slots, paging = [scope.slot(by.key) for by in plan.order], plan.paging

    def cursor(row: Values, reading: Reading) -> str:
        return cursors.encode(paging.identity(reading.request), [row[slot] for slot in slots])

    return cursor


def _of_page(name: str, cursor: Callable[[], Cursor]) -> Reader:
    """How a field of `pageInfo` is read from a `Page`."""
    match name:
        case "hasNextPage":
            return lambda page, reading: page.has_next
        case "hasPreviousPage":
            return lambda page, reading: page.has_previous
    place, of = 0 if name == "startCursor" else -1, cursor()
    return lambda page, reading: of(page.rows[place], reading) if page.rows else None
