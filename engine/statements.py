"""SQL text: composed with SQLAlchemy, compiled once a plan, executed with bound values only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from sqlalchemy import (
    ColumnElement,
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
    select,
    true,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.dialects.postgresql import psycopg as psycopg_dialect
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BindParameter

from engine.arguments import Argument, Request
from engine.volumes import Size

DIALECT = psycopg_dialect.dialect(paramstyle="pyformat")  # type: ignore[no-untyped-call]

# PostgreSQL functions take at most 100 arguments.
FUNCTION_ARGUMENTS = 100


@dataclass(frozen=True)
class Statement:
    """Text with named parameters, one for each argument that it binds."""

    text: str
    binds: dict[str, Argument]

    def parameters(self, request: Request) -> dict[str, Any]:
        """The parameters at a request; raises what a derived argument refuses."""
        return {name: argument.value(request) for name, argument in self.binds.items()}


def compiled(query: Select[Any], binds: dict[str, Argument]) -> Statement:
    """A query as text; of the binds, those that it uses.

    Constants of the plan stand in the text: they are the program's own, and PostgreSQL plans
    better with what it knows. What a client gives is always a parameter.
    """
    for element in elements(query):
        if isinstance(element, BindParameter) and element.key not in binds:
            element.literal_execute = True
    result = query.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
    used = {name: binds[name] for name in result.bind_names.values() if name in binds}
    return Statement(str(result), used)


def elements(query: Select[Any]) -> Iterable[visitors.ExternallyTraversible]:
    """Every element of a query once: they share each other, and a walk along all ways is a long one."""
    found: dict[int, visitors.ExternallyTraversible] = {id(query): query}
    waiting: list[visitors.ExternallyTraversible] = [query]
    while waiting:
        children = {id(child): child for child in waiting.pop().get_children()}
        waiting += [child for key, child in children.items() if key not in found]
        found |= children
    return found.values()


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


class Scope:
    """One SELECT in the making: where its rows come from, which ones, and the slots of its columns.

    `sizes` multiply to the number of rows that it can bring in all.
    """

    def __init__(
        self, source: FromClause, sizes: Sequence[Size] = (), where: Sequence[ColumnElement[bool]] = ()
    ) -> None:
        self.source = source
        self.sizes = sizes
        self.where = where
        self.slots: list[ColumnElement[Any]] = []

    def slot(self, expression: ColumnElement[Any]) -> int:
        """The slot in which the value of an expression comes back."""
        self.slots.append(wire(expression))
        return len(self.slots) - 1

    def join(self, target: FromClause, conditions: Sequence[ColumnElement[bool]] = ()) -> None:
        """Join at most one row for each of the scope's, or nulls."""
        self.source = self.source.outerjoin(target, and_(true(), *conditions))

    def join_json(self, inner: "Scope", order: Sequence[ColumnElement[Any]], row: FromClause) -> int:
        """Join a list for each row; the slot in which its rows come as a JSON array of arrays."""
        rows = func.json_agg(aggregate_order_by(json_array(inner.slots), *order))
        found = select(rows.label("rows")).select_from(inner.source).where(*inner.where)
        query = found.correlate(row).lateral()
        self.join(query)
        return self.slot(query.c.rows)

    def rows(self, order: Sequence[ColumnElement[Any]]) -> Select[Any]:
        """The rows with their slots as columns."""
        # A statement has a column even where nothing but __typename was asked for.
        slots = self.slots or [literal(1)]
        columns = [slot.label(f"s{number}") for number, slot in enumerate(slots)]
        return select(*columns).select_from(self.source).where(*self.where).order_by(*order)


def json_array(values: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    """A JSON array of values, put together from parts where a function takes too few."""
    if len(values) <= FUNCTION_ARGUMENTS:
        return func.json_build_array(*values)
    starts = range(0, len(values), FUNCTION_ARGUMENTS)
    parts = (func.jsonb_build_array(*values[start : start + FUNCTION_ARGUMENTS]) for start in starts)
    return reduce(lambda whole, part: whole.op("||")(part), parts)
