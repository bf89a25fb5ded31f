"""Relay connections: pages of rows as `nodes`, `edges`, `pageInfo` and a lazy `totalCount`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from graphql import FieldNode, GraphQLObjectType, get_named_type
from sqlalchemy import FromClause, select, true

from engine import cursors, pages
from engine.arguments import Request
from engine.fields import Connection, Rows
from engine.pages import PagePlan, Paging
from engine.records import Reader, Record, Shape, Values
from engine.statements import Scope

if TYPE_CHECKING:
    from engine.objects import Child


class Page(NamedTuple):
    """The rows of one page in the order of the answer, and what is known of their list."""

    rows: Sequence[Values]
    total: int | None
    has_next: bool
    has_previous: bool
    fingerprint: str


class Edge(NamedTuple):
    """A row of a page, as an edge."""

    page: Page
    row: Values


def nested(child: "Child", meaning: Connection, rows: Rows, row: FromClause, scope: Scope) -> Reader:
    """A connection of each row of a scope: one JSON array a row, and a total where asked for."""
    selected = Selected.of(child)
    rows = child.seen(rows, selected.node_type.name)
    plan = pages.planned(rows, Paging.of(meaning, child.arguments, child.identity), row)
    inner = Scope(plan.row, (*scope.sizes, plan.paging.size_at))
    child.planning.volumes.add(inner.sizes)
    shape = selected.shape(plan, inner)
    slot = scope.join_json(inner, plan.order, row)
    if not selected.counts:
        return lambda values, request: Record(shape, page_of(plan, values[slot] or (), None, request), request)
    total = pages.counted(rows, row)
    scope.join(total)
    total_slot = scope.slot(total.c.total)
    return lambda values, request: Record(
        shape, page_of(plan, values[slot] or (), values[total_slot], request), request
    )


def root(child: "Child", meaning: Connection, rows: Rows) -> tuple[Scope, PagePlan, Reader]:
    """A connection of the query itself: a row of the statement for each row of the page.

    Where a total is asked for it stands in the first slot of every row, and an empty page still
    has one row, whose second slot is null.
    """
    selected = Selected.of(child)
    rows = child.seen(rows, selected.node_type.name)
    plan = pages.planned(rows, Paging.of(meaning, child.arguments, child.identity), None)
    if not selected.counts:
        scope = Scope(plan.row, (plan.paging.size_at,))
        shape = selected.shape(plan, scope)
        return scope, plan, lambda found, request: Record(shape, page_of(plan, found, None, request), request)
    total = select(pages.counted(rows, None).c.total).subquery()
    scope = Scope(total.outerjoin(plan.row, true()), (plan.paging.size_at,))
    scope.slot(total.c.total)
    scope.slot(plan.keys[-1])
    shape = selected.shape(plan, scope)

    def read(found: Sequence[Values], request: Request) -> Record:
        kept = [] if found[0][1] is None else found
        return Record(shape, page_of(plan, kept, found[0][0], request), request)

    return scope, plan, read


def page_of(plan: PagePlan, rows: Sequence[Values], total: int | None, request: Request) -> Page:
    """The page from its rows, of which there is one more than asked for if the list goes on."""
    paging = plan.paging
    size = paging.size_at(request)
    more, has_cursor = len(rows) > size, paging.cursor is not None
    kept = rows[:size]
    fingerprint = paging.identity(request)
    if paging.backward:
        return Page(kept[::-1], total, has_cursor, more, fingerprint)
    return Page(kept, total, more, has_cursor, fingerprint)


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

    def shape(self, plan: PagePlan, scope: Scope) -> Shape:
        """How the connection is read from a `Page`."""
        cursor = _cursor([scope.slot(key) for key in plan.keys])
        type_ = self.child.object_type
        shape = Shape(type_.name)
        for key, nodes in self.fields.items():
            path = (*self.child.path, key)
            match nodes[0].name.value:
                case "__typename":
                    shape.add_typename(key)
                case "nodes":
                    reader = _rows_as(self._node(nodes, plan, scope, path))
                    shape.add(key, type_.fields["nodes"].type, reader)
                case "edges":
                    reader = _edges_as(self._edge(nodes, plan, scope, path, cursor))
                    shape.add(key, type_.fields["edges"].type, reader)
                case "pageInfo":
                    shape.add(key, type_.fields["pageInfo"].type, self._page_info(nodes, cursor))
                case "totalCount":
                    shape.add(key, type_.fields["totalCount"].type, lambda page, request: page.total)
        return shape

    def _node(self, nodes: Sequence[FieldNode], plan: PagePlan, scope: Scope, path: tuple[str, ...]) -> Shape:
        return self.child.planning.shape(self.node_type, nodes, plan.row, scope, path, self.child.arguments)

    def _edge(
        self,
        nodes: Sequence[FieldNode],
        plan: PagePlan,
        scope: Scope,
        path: tuple[str, ...],
        cursor: "Cursor",
    ) -> Shape:
        type_ = self.field_type("edges")
        shape = Shape(type_.name)
        for key, merged in self.child.planning.selections.below(type_, nodes).items():
            match merged[0].name.value:
                case "__typename":
                    shape.add_typename(key)
                case "node":
                    reader = _node_as(self._node(merged, plan, scope, (*path, key)))
                    shape.add(key, type_.fields["node"].type, reader)
                case "cursor":
                    shape.add(key, type_.fields["cursor"].type, lambda edge, request: cursor(edge.page, edge.row))
        return shape

    def _page_info(self, nodes: Sequence[FieldNode], cursor: "Cursor") -> Reader:
        type_ = self.field_type("pageInfo")
        known: dict[str, Reader] = {
            "hasNextPage": lambda page, request: page.has_next,
            "hasPreviousPage": lambda page, request: page.has_previous,
            "startCursor": lambda page, request: cursor(page, page.rows[0]) if page.rows else None,
            "endCursor": lambda page, request: cursor(page, page.rows[-1]) if page.rows else None,
        }
        shape = Shape(type_.name)
        for key, merged in self.child.planning.selections.below(type_, nodes).items():
            name = merged[0].name.value
            if name == "__typename":
                shape.add_typename(key)
            else:
                shape.add(key, type_.fields[name].type, known[name])
        return lambda page, request: Record(shape, page, request)


Cursor = Callable[[Page, Values], str]


def _cursor(slots: Sequence[int]) -> Cursor:
    def cursor(page: Page, row: Values) -> str:
        return cursors.encode(page.fingerprint, [row[slot] for slot in slots])

    return cursor


def _rows_as(shape: Shape) -> Reader:
    return lambda page, request: [Record(shape, row, request) for row in page.rows]


def _edges_as(shape: Shape) -> Reader:
    return lambda page, request: [Record(shape, Edge(page, row), request) for row in page.rows]


def _node_as(shape: Shape) -> Reader:
    return lambda edge, request: Record(shape, edge.row, request)
