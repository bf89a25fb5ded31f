"""Scopes: SELECTs in the making, the slots of their columns, and the lists that their rows have.

A list within a row never costs rows of its own. It comes in the cheapest form that fits it:

- as arrays, one for each slot, where all of its slots are plain values;
- as JSON, an array for each of its rows, where its rows have lists themselves;
- as keys, where it lists rows of a small table, which comes once a statement (`MemberScope`).

A list is put in its order right before it is gathered, after all that is joined to its rows: nothing
behind that may change it. Pages come in their order, and as long as all is looked up for their rows, one
after the other, PostgreSQL sorts nothing.
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    ColumnElement,
    CompoundSelect,
    Date,
    DateTime,
    Enum,
    FromClause,
    Numeric,
    Select,
    Text,
    and_,
    cast,
    func,
    literal,
    null,
    select,
    true,
    union_all,
)
from sqlalchemy.sql import visitors

from engine.answers.records import ColumnRows, JsonRows, ListRows
from engine.errors import SchemaError
from engine.meanings.fields import Order
from engine.meanings.volumes import SizeAt
from engine.plans.pages import PLACE
from engine.plans.rows import directed

# PostgreSQL functions take at most 100 arguments.
FUNCTION_ARGUMENTS = 100


class Scope:
    """One SELECT in the making: where its rows come from, which ones, and the slots of its columns.

    `order` is that of the rows, where they make a list. `sizes` multiply to the number of rows that the scope
    can bring in all. `tables` are the small tables of the whole statement, `total` the number of a list's rows
    whatever the page: they come once. `place` is that of a row in the order, where the source knows it.
    """

    def __init__(
        self,
        source: FromClause,
        order: Sequence[Order] = (),
        where: Sequence[ColumnElement[bool]] = (),
        sizes: Sequence[SizeAt] = (),
        tables: "list[Select[Any] | None] | None" = None,
        *,
        place: ColumnElement[int] | None = None,
        total: Select[Any] | None = None,
    ) -> None:
        self.source = source
        self.order = directed(order)
        self.where = where
        self.sizes = sizes
        self.tables: list[Select[Any] | None] = [] if tables is None else tables
        self.place = place
        self.total = total
        self.slots: list[ColumnElement[Any]] = []

    @property
    def is_single(self) -> bool:
        """Whether there is one row at most."""
        return not self.sizes

    def inner(
        self, source: FromClause, order: Sequence[Order], size: SizeAt, where: Sequence[ColumnElement[bool]] = ()
    ) -> "Scope":
        """The scope of a list within this one's rows."""
        return Scope(source, order, where, (*self.sizes, size), self.tables)

    def slot(self, expression: ColumnElement[Any]) -> int:
        """The slot in which the value of an expression comes back."""
        self.slots.append(wire(expression))
        return len(self.slots) - 1

    def join(self, target: FromClause, conditions: Sequence[ColumnElement[bool]] = ()) -> None:
        """Join at most one row for each of the scope's, or nulls."""
        self.source = self.source.outerjoin(target, and_(true(), *conditions))

    def join_one(self, target: FromClause) -> None:
        """Join the one row that there is for each of the scope's: new names for what is known."""
        self.source = self.source.join(target, true())

    def join_list(self, inner: "Scope", row: FromClause) -> ListRows:
        """Join a list for each row, and say how its rows are found there."""
        plain = not any(isinstance(slot.type, (ARRAY, JSON)) for slot in inner.slots)
        each = inner.select().correlate(row).lateral()
        found = [func.array_agg(column) for column in each.c] if plain else [func.json_agg(json_array(list(each.c)))]
        query = select(*(rows.label(f"l{number}") for number, rows in enumerate(found)))
        joined = query.select_from(each).correlate(row).lateral()
        self.join(joined)
        slots = [self.slot(column) for column in joined.c]
        return ColumnRows(slots[0], slots[-1] + 1) if plain else JsonRows(slots[0])

    def select(self) -> Select[Any]:
        """The rows in their order."""
        return self._unordered().order_by(*self.order)

    def _unordered(self) -> Select[Any]:
        """The rows with their slots as columns."""
        # A statement has a column even where nothing but __typename was asked for.
        slots = self.slots or [literal(1)]
        columns = [slot.label(f"s{number}") for number, slot in enumerate(slots)]
        return select(*columns).select_from(self.source).where(*self.where)

    def whole(self) -> Select[Any] | CompoundSelect[Any]:
        """The statement: the rows, and with them what they have in common, once.

        A single row has that itself. Before several there is one more for it; all of them have places then, as
        what is put together by a union has no order.
        """
        queries = [each for each in (*self.tables, self.total) if each is not None]
        common = [each.correlate(None).scalar_subquery() for each in queries]
        if not common or self.is_single:
            return self.select().add_columns(*common)
        rows = self._unordered()
        # The bearer's place is 0, all others are above it.
        place = self._counted() if self.place is None else self.place
        bearer = [null().label(column.name) for column in rows.selected_columns]
        return union_all(select(*bearer, literal(0), *common), rows.add_columns(place, *(null() for _ in common)))

    def _counted(self) -> ColumnElement[int]:
        return func.row_number().over(order_by=self.order) if self.order else literal(1)


class MemberScope(Scope):
    """The scope of a small table: slots of its own come once a statement, with the table.

    `columns` are arrays in the outer rows, subscripted by the members' keys. What reads one of
    them gets a slot below zero: they are put behind the table's own values.
    """

    def __init__(
        self,
        outer: Scope,
        rows: Select[Any],
        place: ColumnElement[int],
        columns: Mapping[str, ColumnElement[Any]],
        size: SizeAt,
    ) -> None:
        absent = (cast(null(), column.type.item_type).label(name) for name, column in columns.items())  # type: ignore[attr-defined]
        self.row = rows.add_columns(place.label(PLACE), *absent).subquery()
        self._columns = {id(self.row.c[name]): -1 - number for number, name in enumerate(columns)}
        super().__init__(self.row, (), (), (*outer.sizes, size), outer.tables)
        self.number = len(self.tables)
        self.tables.append(None)

    def slot(self, expression: ColumnElement[Any]) -> int:
        """The slot of a table's own value, or of an element of an outer row's array as it is."""
        if id(expression) in self._columns:
            return self._columns[id(expression)]
        if any(id(each) in self._columns for each in visitors.iterate(expression)):
            raise SchemaError(f"{expression} changes what only the outer row knows")
        return super().slot(expression)

    def finish(self, key: str) -> None:
        """Bring the table: a row of it for each key, its place and key before its slots.

        It comes column by column: PostgreSQL finds out how to write a type as JSON once for each column of all rows. The
        whole is a text, which `small_tables.Latest` reads.
        """
        self.slots[:0] = [self.row.c[PLACE], self.row.c[key]]
        each = self.select().lateral()
        whole = json_array([func.json_agg(column) for column in each.c])
        self.tables[self.number] = select(cast(whole, Text))


def wire(expression: ColumnElement[Any]) -> ColumnElement[Any]:
    """The same value in the form that answers carry, in a row as in JSON.

    Dates and exact numbers become text in the database, so that no decoder on the way can
    round or reformat them.
    """
    type_ = expression.type
    if isinstance(type_, DateTime):
        utc = func.timezone("UTC", expression)
        return func.to_char(utc, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"', type_=Text())
    if isinstance(type_, (Date, Enum)) or (isinstance(type_, Numeric) and type_.asdecimal):
        return cast(expression, Text)
    return expression


def json_array(values: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    """A JSON array of values, put together from parts where a function takes too few."""
    if len(values) <= FUNCTION_ARGUMENTS:
        return func.json_build_array(*values)
    starts = range(0, len(values), FUNCTION_ARGUMENTS)
    parts = (func.jsonb_build_array(*values[start : start + FUNCTION_ARGUMENTS]) for start in starts)
    return reduce(lambda whole, part: whole.op("||")(part), parts)
