"""Ratings: what stands behind a value, and the value, from a row of totals or a tally.

`r` is a row with the columns of `resolvers.ratings.tallies`; a stored total has all but what is constant in it.
"""

import enum
from typing import Any

from sqlalchemy import ARRAY, BigInteger, FromClause, SmallInteger, and_, false, func, literal, select
from sqlalchemy.sql.elements import ColumnElement

from engine.meanings.arguments import Arguments
from engine.meanings.fields import Members, Order, Rows
from models.criteria import Criterion
from models.organizations import Organization
from models.totals import Pool, Total
from resolvers.catalogue import areas
from resolvers.columns import own
from resolvers.ratings import slices, tallies
from resolvers.trees import tree


class Scope(enum.Enum):
    """Whose submissions are counted: the organization's own, or those of its whole subtree."""

    OWN = "OWN"
    SUBTREE = "SUBTREE"


def pool_of(a: Arguments) -> Pool:
    """Which pool the arguments `scope` and `hierarchy` mean."""
    return Pool[tree(a).name] if a.scope is Scope.SUBTREE else Pool.OWN


def of_organization(o: FromClause, a: Arguments) -> Rows:
    """The stored total of an organization's scope, or its tally of a slice."""
    slice_, pool = slices.parsed_or_edition(a.slice), pool_of(a)
    return total_of(o, pool) if slice_.is_all_time else Rows(tallies.one(o, slice_, pool))


def with_own_totals() -> FromClause:
    """All organizations, each with its own total in the same row: whoever picks them by it has read it."""
    o, total = Organization.__table__.alias(), Total.__table__.alias()
    own = and_(total.c.organization_id == o.c.id, total.c.pool == Pool.OWN)
    return select(*o.c, *total.c).select_from(o.join(total, own)).subquery()


def total_of(o: FromClause, pool: Pool) -> Rows:
    """The stored total of an organization and pool; its own may stand in the same row."""
    if pool is Pool.OWN and "pool" in o.c:
        return Rows(o)
    row = Total.__table__.alias()
    return Rows(row, where=(row.c.organization_id == o.c.id, row.c.pool == pool))


def of_area(area: FromClause, a: Arguments) -> Rows:
    """All submissions of the organizations in an area, pooled."""
    return Rows(tallies.of_set(lambda o: (areas.stands_in(o, area),), slices.parsed(a.slice), area))


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


def by_criterion(r: FromClause, a: Arguments) -> Members:
    """Those criteria that were scored (by enough, in a finer slice), in their own order."""
    c = Criterion.__table__.alias()
    columns = {"value": criterion_values(r), "submissions": r.c.criterion_counts}
    return Members(Rows(c, order=(Order(c.c.ordinal), Order(c.c.id))), columns=columns)


def criterion_values(r: FromClause) -> ColumnElement[Any]:
    """The published values by criteria's ids: stored totals have them, of a tally they are worked out."""
    if "criterion_values" in r.c:
        return r.c.criterion_values
    values = ARRAY(SmallInteger())
    return func.criterion_values(
        r.c.criterion_sums, r.c.criterion_counts, r.c.get("least", literal(1, BigInteger())), type_=values
    )


def criterion(r: FromClause, a: Arguments) -> Rows:
    return Rows(r)


def marks(r: FromClause, a: Arguments) -> Rows:
    """How many submissions have a mark that rounds to 1, 2, 3, 4, 5."""
    tally = func.unnest(r.c.marks).table_valued("submissions", with_ordinality="mark")
    tally = tally.render_derived()
    return Rows(tally, order=(Order(tally.c.mark),))


mark = own("mark")
