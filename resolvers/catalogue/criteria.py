"""Criteria: what is scored."""

from sqlalchemy import FromClause, and_, or_
from sqlalchemy.sql.elements import ColumnElement

from engine.meanings.arguments import Arguments
from engine.meanings.fields import Order, Rows
from models.clock import today
from models.criteria import Criterion
from resolvers.columns import own

code = own("code")


def basic(c: FromClause, a: Arguments) -> ColumnElement[bool]:
    return and_(c.c.sphere_id.is_(None), c.c.service_id.is_(None))


def listed(_: None, a: Arguments) -> Rows:
    """The criteria in force on a date, today unless told."""
    row = Criterion.__table__.alias()
    on = today() if a.on is None else a.on
    in_force = and_(row.c.valid_from <= on, or_(row.c.valid_to.is_(None), row.c.valid_to >= on))
    return Rows(row, where=(in_force,), order=(Order(row.c.ordinal), Order(row.c.id)))
