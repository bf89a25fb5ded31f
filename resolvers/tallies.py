"""Tallies: what stands behind the ratings of a slice, in rows with the columns of a total.

A total is the tally of all time. The columns are those of `models.totals.Total` (without `pool`)
and `withheld`; PostgreSQL works out only those that are read.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ARRAY, BigInteger, FromClause, cast, false, func, literal_column, select, true
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.sql.elements import ColumnElement

from models.hierarchies import Hierarchy, Position
from models.organizations import Organization
from models.submissions import Submission
from models.totals import Pool, Total
from models.trees import below
from resolvers import slices
from resolvers.slices import Slice

Conditions = Callable[[Any], tuple[ColumnElement[bool], ...]]

TALLY = ARRAY(BigInteger())
COLUMNS = (
    "submissions",
    "mark_sum",
    "satisfied",
    "raters",
    "marks",
    "criterion_sums",
    "criterion_counts",
    "value",
    "withheld",
)


def each(among: Conditions, slice_: Slice, pool: Pool) -> FromClause:
    """A row for each organization of a set, under `organization_id`: those without submissions, too."""
    o = Organization.__table__.alias()
    row = one(o, slice_, pool)
    query = select(o.c.id.label("organization_id"), *(row.c[name] for name in COLUMNS))
    return query.select_from(o.join(row, true())).where(*among(o)).subquery()


def one(o: FromClause, slice_: Slice, pool: Pool) -> FromClause:
    """The one row of an organization's row, lateral to it."""
    if slice_.is_all_time:
        t = Total.__table__.alias()
        columns = [false().label(name) if name == "withheld" else t.c[name] for name in COLUMNS]
        return select(*columns).where(t.c.organization_id == o.c.id, t.c.pool == pool).correlate(o).lateral()
    s = Submission.__table__.alias()
    member = members(o, pool)
    return of_submissions(s, slice_, (s.c.organization_id == member.c.organization_id,), o)


def of_submissions(
    s: FromClause, slice_: Slice, where: tuple[ColumnElement[bool], ...], outer: FromClause | None
) -> FromClause:
    """The row of the submissions that a slice and conditions fit."""
    m = slices.marks(s, slice_)
    picked = (*slices.conditions(s, slice_), *where)
    number, units = func.count(), cast(func.coalesce(func.sum(m.units), 0), BigInteger)
    query = (
        select(
            number.label("submissions"),
            units.label("mark_sum"),
            func.count().filter(m.satisfied).label("satisfied"),
            func.count(s.c.rater_id.distinct()).label("raters"),
            array([func.count().filter(m.whole == whole) for whole in range(1, 6)]).label("marks"),
            literal_column("'{}'::bigint[]", TALLY).label("criterion_sums"),
            literal_column("'{}'::bigint[]", TALLY).label("criterion_counts"),
            func.rating_value(units, number).label("value"),
            false().label("withheld"),
        )
        .select_from(m.source)
        .where(*picked)
    )
    return query.lateral() if outer is None else query.correlate(outer).lateral()


def members(o: FromClause, pool: Pool) -> FromClause:
    """The organizations whose submissions count in an organization's pool, lateral to it: itself and those below."""
    itself = select(o.c.id.label("organization_id")).correlate(o)
    if pool is Pool.OWN:
        return itself.lateral()
    top, place = Position.__table__.alias(), Position.__table__.alias()
    lower = (
        select(place.c.organization_id)
        .join_from(top, place, (place.c.hierarchy == top.c.hierarchy) & below(place.c.path, top.c.path))
        .where(
            top.c.hierarchy == Hierarchy[pool.name],
            top.c.organization_id == o.c.id,
            place.c.organization_id != o.c.id,
        )
        .correlate(o)
    )
    return itself.union_all(lower).lateral()
