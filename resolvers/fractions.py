"""Fractions: exact numbers of an answer, in lowest terms."""

from typing import Any

from sqlalchemy import BigInteger, FromClause, Numeric, cast, func, select
from sqlalchemy.sql.elements import ColumnElement

from engine.meanings.arguments import Arguments
from engine.meanings.fields import Rows
from resolvers.columns import own

DECIMALS = 6


def fraction(row: FromClause, numerator: ColumnElement[Any], denominator: ColumnElement[Any]) -> Rows:
    """The one row of a fraction of a row's whole numbers; none where the denominator is null or 0."""
    above, below = cast(numerator, Numeric), cast(denominator, Numeric)
    divisor = func.nullif(func.gcd(above, below), 0)
    found = (
        select(
            func.div(above, divisor, type_=Numeric()).label("numerator"),
            func.div(below, divisor, type_=Numeric()).label("denominator"),
        )
        .correlate(row)
        .lateral()
    )
    return Rows(found, where=(found.c.denominator.is_not(None),))


numerator = own("numerator")
denominator = own("denominator")


def millionths(f: FromClause, a: Arguments) -> ColumnElement[int]:
    """A positive fraction in units of its last decimal, rounded half up."""
    units = 2 * 10**DECIMALS * f.c.numerator + f.c.denominator
    return cast(func.div(units, 2 * f.c.denominator), BigInteger)
