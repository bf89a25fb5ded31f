"""Maps: the organizations in a box, the best rated first, and how many had to be left out."""

from sqlalchemy import FromClause, func, select
from sqlalchemy.sql.elements import ColumnElement

from engine.meanings.arguments import Argument, Arguments
from engine.meanings.fields import Order, Rows
from gis import boxes
from models.errors import InputError
from models.organizations import Organization
from resolvers.organizations.orders import BELOW_ALL
from resolvers.ratings import ratings
from resolvers.sets import filters

MAXIMUM = 500


def selection(_: None, a: Arguments) -> Rows:
    """One row: how many organizations the box holds."""
    o = Organization.__table__.alias()
    return Rows(select(func.count().label("found")).where(*_in_box(o, a)).subquery())


def organizations(selection: FromClause, a: Arguments) -> Rows:
    """The best rated ones, up to the limit."""
    asked, o = a.outer, ratings.with_own_totals()
    return Rows(
        o,
        where=_in_box(o, asked),
        order=(Order(func.coalesce(o.c.value, BELOW_ALL), True), Order(o.c.id, True)),
        limit=_limit(asked),
    )


def left_out(selection: FromClause, a: Arguments) -> ColumnElement[int]:
    """How many organizations in the box are not shown."""
    limit = _limit(a.outer)
    return func.greatest(selection.c.found - (limit if isinstance(limit, int) else limit.sql), 0)


def _in_box(o: FromClause, a: Arguments) -> tuple[ColumnElement[bool], ...]:
    return (boxes.inside(o.c.coordinates, a.within), *filters.conditions(o, a.filter))


def _limit(a: Arguments) -> Argument | int:
    if a.limit is None:
        return MAXIMUM

    def check(value: int) -> int:
        if not 1 <= value <= MAXIMUM:
            raise InputError("limit", f"must be between 1 and {MAXIMUM}")
        return value

    asked: Argument = a.limit
    return asked.map(check)
