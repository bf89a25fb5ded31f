"""Ratings: what stands behind a value, and the value, from a row of totals.

`r` is a row with the columns of `models.totals.Total`: a stored one, or several pooled.
"""

import enum
from collections.abc import Callable
from typing import Any

from sqlalchemy import ARRAY, BigInteger, FromClause, cast, false, func, literal, select
from sqlalchemy.sql.elements import ColumnElement

from engine.arguments import Arguments
from engine.fields import Order, Rows
from models.criteria import Criterion
from models.organizations import Organization
from models.submissions import MARK_UNITS, Submission, SubmissionStatus
from models.totals import Pool, Total
from resolvers import areas
from resolvers.columns import own
from resolvers.slices import all_time
from resolvers.trees import tree

Conditions = Callable[[Any], tuple[ColumnElement[bool], ...]]

TALLY = ARRAY(BigInteger())
NO_MARKS = literal([0, 0, 0, 0, 0], TALLY)


class Scope(enum.Enum):
    """Whose submissions are counted: the organization's own, or those of its whole subtree."""

    OWN = "OWN"
    SUBTREE = "SUBTREE"


def pool_of(a: Arguments) -> Pool:
    """Which stored total serves the arguments `scope` and `hierarchy`."""
    return Pool[tree(a).name] if a.scope is Scope.SUBTREE else Pool.OWN


def of_organization(o: FromClause, a: Arguments) -> Rows:
    """The stored total of an organization's scope."""
    all_time(a.slice)
    return total_of(o, pool_of(a))


def total_of(o: FromClause, pool: Pool) -> Rows:
    """The stored total of an organization and pool."""
    row = Total.__table__.alias()
    return Rows(row, where=(row.c.organization_id == o.c.id, row.c.pool == pool))


def of_area(area: FromClause, a: Arguments) -> Rows:
    """All submissions of the organizations in an area, pooled."""
    all_time(a.slice)

    def inside(o: FromClause) -> tuple[ColumnElement[bool], ...]:
        return (areas.stands_in(o, area),)

    return Rows(pooled(inside, area))


def pooled(conditions: Conditions, outer: Any = None) -> Any:
    """One row like a total over the own submissions of many organizations: sums, never means.

    Distinct raters cannot be added up: they are counted where they are asked for (PostgreSQL
    leaves out the columns of a subquery that nobody reads).
    """
    o, t = Organization.__table__.alias(), Total.__table__.alias()
    sums = {name: _sum(t.c[name]) for name in ("submissions", "mark_sum", "satisfied")}
    query = (
        select(
            *(total.label(name) for name, total in sums.items()),
            func.rating_value(sums["mark_sum"], sums["submissions"]).label("value"),
            func.tally_add(func.tally_sum(t.c.marks), NO_MARKS).label("marks"),
            func.tally_sum(t.c.criterion_sums, type_=TALLY).label("criterion_sums"),
            func.tally_sum(t.c.criterion_counts, type_=TALLY).label("criterion_counts"),
            _distinct_raters(conditions).label("raters"),
            func.count().label("organizations"),
            func.count().filter(t.c.submissions > 0).label("rated"),
        )
        .select_from(o.join(t, t.c.organization_id == o.c.id))
        .where(t.c.pool == Pool.OWN, *conditions(o))
    )
    return query.lateral() if outer is None else query.correlate(outer).lateral()


def _sum(column: ColumnElement[int]) -> ColumnElement[int]:
    # The sum of bigints is numeric in PostgreSQL; ours stays far below 2^63.
    return cast(func.coalesce(func.sum(column), 0), BigInteger)


def _distinct_raters(conditions: Conditions) -> ColumnElement[int]:
    o, s = Organization.__table__.alias(), Submission.__table__.alias()
    return (
        select(func.count(s.c.rater_id.distinct()))
        .select_from(s.join(o, o.c.id == s.c.organization_id))
        .where(s.c.status == SubmissionStatus.COUNTED, *conditions(o))
        .scalar_subquery()
    )


# In hundredths.
value = own("value")
submissions = own("submissions")
raters = own("raters")


def satisfaction(r: FromClause, a: Arguments) -> ColumnElement[int]:
    """The share of satisfied submissions in ten-thousandths, rounded half up, in integers."""
    twice = func.nullif(2 * r.c.submissions, 0, type_=BigInteger())
    return (20_000 * r.c.satisfied + r.c.submissions) // twice


def withheld(r: FromClause, a: Arguments) -> ColumnElement[bool]:
    """All-time values of an organization or an area are public at once, however few they are."""
    return r.c.withheld if "withheld" in r.c else false()


def by_criterion(r: FromClause, a: Arguments) -> Rows:
    """A row for each criterion that was scored, in the criteria's own order."""
    c = Criterion.__table__.alias()
    count = r.c.criterion_counts[c.c.id]
    return Rows(
        c,
        where=(count > 0,),
        order=(Order(c.c.ordinal), Order(c.c.id)),
        extras={
            "submissions": count,
            "value": func.rating_value(r.c.criterion_sums[c.c.id] * MARK_UNITS, count),
        },
    )


def criterion(r: FromClause, a: Arguments) -> Rows:
    return Rows(r)


def marks(r: FromClause, a: Arguments) -> Rows:
    """How many submissions have a mark that rounds to 1, 2, 3, 4, 5."""
    tally = func.unnest(r.c.marks).table_valued("submissions", with_ordinality="mark")
    tally = tally.render_derived()
    return Rows(tally, order=(Order(tally.c.mark),))


mark = own("mark")
