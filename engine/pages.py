"""One page of a connection: keyset conditions, limits, and what a page tells of its list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.sql.selectable import LateralFromClause

from engine import cursors
from engine.arguments import Argument, Arguments, Request
from engine.errors import ArgumentError
from engine.fields import Connection, Order, Rows

PAGING = frozenset({"first", "after", "last", "before"})

# The column with the place of a row in its list.
PLACE = "place"


@dataclass(frozen=True)
class Paging:
    """What the arguments of a connection ask for; `most` is the largest size of all."""

    size: Argument | int
    most: int
    backward: bool
    cursor: Argument | None
    identity: Callable[[Request], str]

    @classmethod
    def of(cls, meaning: Connection, arguments: Arguments, field: str) -> "Paging":
        """Read and check `first`, `after`, `last` and `before`."""
        first, last = _given(arguments, "first"), _given(arguments, "last")
        after, before = _given(arguments, "after"), _given(arguments, "before")
        if first is not None and last is not None:
            raise ArgumentError("last", "cannot be combined with first")
        backward = last is not None or (first is None and before is not None)
        if backward and after is not None:
            raise ArgumentError("after", "goes with first, before goes with last")
        if not backward and before is not None:
            raise ArgumentError("before", "goes with last, after goes with first")
        asked = last if backward else first
        size = meaning.default if asked is None else asked.map(_size_check(asked, meaning))
        return cls(size, meaning.maximum, backward, before if backward else after, _identity(arguments, field))

    def size_at(self, request: Request) -> int:
        """How many rows a page has at most, at a request."""
        return self.size if isinstance(self.size, int) else int(self.size.value(request))


def _given(arguments: Arguments, name: str) -> Argument | None:
    value: Argument | None = getattr(arguments, name)
    return value


def _size_check(asked: Argument, meaning: Connection) -> Any:
    def check(value: int) -> int:
        if not 0 <= value <= meaning.maximum:
            raise ArgumentError(asked.name, f"must be between 0 and {meaning.maximum}")
        return value

    return check


def _identity(arguments: Arguments, field: str) -> Callable[[Request], str]:
    """The fingerprint of a list: where it stands in the operation does not matter."""
    others = arguments.identity(PAGING)
    return lambda request: cursors.fingerprint(f"{field}{request.shape}{others(request)}")


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
    query = filtered(select(*_labelled(order), *columns(rows)), rows, outer)
    if paging.cursor is not None:
        query = query.where(_behind(order, paging))
    size, most = paging.size if isinstance(paging.size, int) else paging.size.sql, paging.most
    page = (first(query, order, size + 1, most + 1) if looks_ahead else first(query, order, size, most)).lateral()
    return PagePlan(page, carried(page, order), paging)


def sorting(order: Sequence[Order], key: ColumnElement[Any]) -> ColumnElement[int]:
    """What the rows of a small table are sorted by.

    A whole number of their own will do where the order is that number and then their key: rows of one number
    are told apart by their keys, and the database need not sort them, which takes longer than reading them.
    """
    match order:
        case [Order(number, False), Order(last, False)] if isinstance(number.type, Integer) and last is key:
            return number
    return func.row_number().over(order_by=directed(order))


def limited(rows: Rows, outer: FromClause | None) -> Select[Any]:
    """The columns of the rows up to their limit, with the keys of their order."""
    query = filtered(select(*_labelled(rows.order), *columns(rows)), rows, outer)
    if rows.limit is None:
        return query
    return first(query, rows.order, rows.limit if isinstance(rows.limit, int) else rows.limit.sql)


def first(query: Select[Any], order: Sequence[Order], size: Any, most: int | None = None) -> Select[Any]:
    """The first rows of a query with the keys of an order.

    `most` tells the planner that there are few: of a limit that is bound later it expects a tenth of the whole list,
    and would read all of what is joined to a page.
    """
    if most is None:
        return query.order_by(*directed(order)).limit(size)
    found = query.order_by(*directed(order)).limit(literal_column(str(most))).lateral()
    return select(*found.c).order_by(*directed(carried(found, order))).limit(size)


def carried(found: FromClause, order: Sequence[Order]) -> list[Order]:
    """An order by the keys that rows carry."""
    return [Order(found.c[f"key_{number}"], by.descending) for number, by in enumerate(order)]


def _labelled(order: Sequence[Order]) -> list[ColumnElement[Any]]:
    """The keys of an order under names of their own. They stand first: what stands behind a text PostgreSQL has to look for."""
    return [by.key.label(f"key_{number}") for number, by in enumerate(order)]


def columns(rows: Rows) -> list[ColumnElement[Any]]:
    """What the fields of the rows' objects may read."""
    return [*rows.row.c, *(extra.label(name) for name, extra in rows.extras.items())]


def counted(rows: Rows, outer: FromClause | None) -> LateralFromClause:
    """How many rows a list has, whatever the page."""
    return filtered(select(func.count().label("total")), rows, outer).lateral()


def filtered(query: Select[Any], rows: Rows, outer: FromClause | None) -> Select[Any]:
    """A query over the rows with their joins and conditions, as seen from an outer row."""
    query = query.select_from(joined(rows)).where(*rows.where)
    return query if outer is None else query.correlate(outer)


def joined(rows: Rows) -> FromClause:
    """The row with what is joined to pick it."""
    source: FromClause = rows.row
    for target, condition in rows.joins:
        source = source.join(target, condition)
    return source


def directed(order: Sequence[Order]) -> list[ColumnElement[Any]]:
    """The ORDER BY of an ordering."""
    return [by.key.desc() if by.descending else by.key.asc() for by in order]


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
