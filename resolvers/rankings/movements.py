"""Movements: which criterion moved an organization's rating most since an earlier date."""

from typing import Any

from sqlalchemy import BigInteger, FromClause, Numeric, cast, func, literal, true
from sqlalchemy.sql.elements import ColumnElement

from engine.meanings.arguments import Arguments
from engine.meanings.fields import Order, Rows
from models.criteria import Criterion
from models.submissions import MARK_UNITS
from resolvers.columns import own
from resolvers.rankings import ranks
from resolvers.ratings import tallies

# Two means differ by at least one part in the product of their counts: with a unit this small
# that is seen for counts up to 10^7, and equal movements are equal.
FINENESS = 10**30


def moved_most(e: FromClause, a: Arguments) -> Rows:
    """The criterion whose mean moved most since `comparedTo`, by the exact means; none where none moved."""
    now = a.outer.once(ranks.standings)
    # Without that date nothing has moved since.
    then = a.outer.once(ranks.earlier) or now
    c = Criterion.__table__.alias()
    rows = [tallies.one(e, each.slice_, each.pool) for each in (now, then)]
    sums = [cast(row.c.criterion_sums[c.c.id], BigInteger) for row in rows]
    counts = [cast(row.c.criterion_counts[c.c.id], BigInteger) for row in rows]
    moved, whole = _movement(sums, counts)
    distance = func.div(FINENESS * func.abs(moved), whole)
    return Rows(
        c,
        joins=tuple((row, true()) for row in rows),
        where=(moved != 0, *(count >= _least(row) for count, row in zip(counts, rows, strict=True))),
        order=(Order(distance, True), Order(c.c.ordinal), Order(c.c.id)),
        extras=_means(sums[0], counts[0], sums[1], counts[1]),
    )


def _least(tally: FromClause) -> ColumnElement[int]:
    """How many scores it takes to tell of a criterion; one that is withheld has none."""
    return tally.c.get("least", literal(1, BigInteger()))


# In hundredths.
value = own("value")
previous = own("previous")
change = own("change")


def _movement(sums: Any, counts: Any) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """The difference of two means as a numerator, with its sign, and a denominator."""
    return cast(sums[0], Numeric) * counts[1] - cast(sums[1], Numeric) * counts[0], cast(counts[0], Numeric) * counts[1]


def _means(*numbers: Any) -> dict[str, ColumnElement[Any]]:
    """Both means and their difference in hundredths, each rounded once, from sums and counts."""
    sum_now, count_now, sum_then, count_then = numbers
    moved, whole = _movement((sum_now, sum_then), (count_now, count_then))
    rounded = func.sign(moved) * func.div(200 * func.abs(moved) + whole, func.nullif(2 * whole, 0))
    return {
        "value": func.rating_value(sum_now * MARK_UNITS, count_now),
        "previous": func.rating_value(sum_then * MARK_UNITS, count_then),
        "change": cast(rounded, BigInteger),
    }
