"""One page of a connection as SQL: keyset conditions, and limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    and_,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.sql.selectable import LateralFromClause

from engine.meanings import cursors
from engine.meanings.fields import Order, Rows
from engine.meanings.paging import Paging
from engine.meanings.requests import Request
from engine.plans.rows import carried, columns, directed, filtered, first, labelled

# The column with the place of a row in its list; it stands beside columns of tables.
PLACE = "_place"


@dataclass(frozen=True)
class PagePlan:
    """A page as SQL: a lateral subquery `row` with all columns of the row and the keys of its `order`."""

    row: LateralFromClause
    order: Sequence[Order]
    paging: Paging

    def with_places(self) -> "PagePlan":
        """The same with the places of its rows: counted only if somebody asks, and before anything is joined to them."""
        by = directed(self.order)
        row = select(*self.row.c, func.row_number().over(order_by=by).label(PLACE)).order_by(*by).lateral()
        return PagePlan(row, carried(row, self.order), self.paging)


def planned(rows: Rows, paging: Paging, outer: FromClause | None, *, looks_ahead: bool) -> PagePlan:
    """The page first, with the keys of its order; everything else is joined to it afterwards.

    Who `looks_ahead` gets one row more where the list goes on; in lists of lists that is many rows.
    """
    order = [Order(by.key, by.descending != paging.backward) for by in rows.order]
    query = filtered(select(*labelled(order), *columns(rows)), rows, outer)
    if paging.cursor is not None:
        query = query.where(_behind(order, paging))
    size, most = paging.size if isinstance(paging.size, int) else paging.size.sql, paging.most
    page = (first(query, order, size + 1, most + 1) if looks_ahead else first(query, order, size, most)).lateral()
    return PagePlan(page, carried(page, order), paging)


def _behind(order: Sequence[Order], paging: Paging) -> ColumnElement[bool]:
    """The rows behind a cursor in the page's direction."""
    assert paging.cursor is not None
    values = [_cursor_value(number, order, paging) for number in range(len(order))]
    if len({by.descending for by in order}) == 1:
        keys, bound = tuple_(*(by.key for by in order)), tuple_(*values)
        return keys < bound if order[0].descending else keys > bound
    alternatives = []
    for number, by in enumerate(order):
        equal = [order[i].key == values[i] for i in range(number)]
        beyond = by.key < values[number] if by.descending else by.key > values[number]
        alternatives.append(and_(*equal, beyond))
    return or_(*alternatives)


def _cursor_value(number: int, order: Sequence[Order], paging: Paging) -> ColumnElement[Any]:
    assert paging.cursor is not None
    cursor, identity = paging.cursor, paging.identity
    types = [by.key.type.python_type for by in order]

    def value(request: Request) -> Any:
        keys = cursors.decode(cursor.value(request), identity(request), cursor.name, types)
        return keys[number]

    return cursor.derived(value, order[number].key.type).sql
