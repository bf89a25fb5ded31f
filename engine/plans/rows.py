"""Rows as SQL: from where they come, which, how many and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    Alias,
    Column,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Table,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.sql.selectable import LateralFromClause

from engine.meanings.fields import Order, Rows
from engine.meanings.volumes import SizeAt, unpaged

# The column that tells a joined object from none: true in every row there is.
PRESENT = "_present"


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
        return cls(joined(rows), rows.row, rows.where, rows.order, key.is_not(None))

    @classmethod
    def laterally(cls, query: Select[Any], order: Sequence[Order] = ()) -> "Found":
        """The rows of a query of its own, which may have a limit, columns of its own, and the keys of an order."""
        found = query.add_columns(literal(True).label(PRESENT)).lateral()
        return cls(found, found, (), carried(found, order), found.c[PRESENT])


def are_plain(rows: Rows) -> bool:
    """Whether rows are those of tables, all of them, with no columns but the tables' own."""
    sources = [rows.row, *(target for target, _ in rows.joins)]
    of_tables = all(isinstance(each, Alias) and isinstance(each.element, Table) for each in sources)
    return of_tables and rows.limit is None and not rows.extras


def is_stored(value: ColumnElement[Any]) -> bool:
    """Whether a value is a column of a table, as it is, through whatever query it came."""
    return all(isinstance(base, Column) and isinstance(base.table, Table) for base in value.base_columns)


def size_of(rows: Rows) -> SizeAt:
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
        return Found.laterally(limited(replace(rows, limit=1), outer))
    # PostgreSQL can make the query of what is one by nature a part of the whole.
    return Found.laterally(filtered(select(*columns(rows)), rows, outer))


def all_of(rows: Rows, outer: FromClause | None) -> Found:
    """All of the rows up to their limit."""
    return Found.directly(rows) if are_plain(rows) else Found.laterally(limited(rows, outer), rows.order)


def limited(rows: Rows, outer: FromClause | None) -> Select[Any]:
    """The columns of the rows up to their limit, with the keys of their order."""
    query = filtered(select(*labelled(rows.order), *columns(rows)), rows, outer)
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
    return [Order(found.c[f"_key_{number}"], by.descending) for number, by in enumerate(order)]


def labelled(order: Sequence[Order]) -> list[ColumnElement[Any]]:
    """The keys of an order under names of their own. They stand first: what stands behind a text PostgreSQL has to look for."""
    return [by.key.label(f"_key_{number}") for number, by in enumerate(order)]


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


def sorting(order: Sequence[Order], key: ColumnElement[Any]) -> ColumnElement[int]:
    """What the rows of a small table are sorted by.

    A whole number of their own will do where the order is that number and then their key: rows of one number
    are told apart by their keys, and the database need not sort them, which takes longer than reading them.
    """
    match order:
        case [Order(number, False), Order(last, False)] if isinstance(number.type, Integer) and last is key:
            return number
    return func.row_number().over(order_by=directed(order))
