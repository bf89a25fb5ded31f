"""Frozen: what a slice that names an edition is answered from, which is the edition's own rows and nothing else."""

from typing import Any

from sqlalchemy import FromClause, Integer, and_, cast, false, func, literal, select
from sqlalchemy.sql.elements import ColumnElement

from models.editions import Edition, EditionRating
from models.policies import PolicyName
from models.totals import Pool
from resolvers import codes
from resolvers.ratings.arrays import NO_MARKS, NOTHING
from resolvers.ratings.slices import Slice
from resolvers.ratings.sums import ARRAYS, SUMS

# The tally of nobody; its value is null.
EMPTY: dict[str, Any] = {**dict.fromkeys((*SUMS, "raters"), 0), **dict.fromkeys(ARRAYS, NOTHING), "marks": NO_MARKS}


def of(slice_: Slice, column: ColumnElement[int]) -> ColumnElement[bool]:
    """True for the id of the slice's edition; the database refuses an unknown code."""
    return codes.among(column, Edition, slice_.edition)


def policy(slice_: Slice, name: PolicyName) -> ColumnElement[int]:
    """What a policy was when the edition was published."""
    e = Edition.__table__.alias()
    return select(cast(e.c.policies[name.value], Integer)).where(of(slice_, e.c.id)).scalar_subquery()


def tally(o: FromClause, slice_: Slice, pool: Pool) -> FromClause:
    """The tally of an organization's row, lateral to it: empty for who was not on the register then."""
    r, one = EditionRating.__table__.alias(), select(literal(1).label("one")).subquery()
    its = and_(of(slice_, r.c.edition_id), r.c.organization_id == o.c.id, r.c.pool == pool)
    found = [func.coalesce(r.c[name], nothing).label(name) for name, nothing in EMPTY.items()]
    query = select(*found, r.c.value, false().label("withheld")).select_from(one.outerjoin(r, its))
    return query.correlate(o).lateral()


def rows(slice_: Slice, pool: Pool) -> tuple[FromClause, tuple[ColumnElement[bool], ...]]:
    """The ratings of all that were open when the edition was published, as a table and conditions."""
    r = EditionRating.__table__.alias()
    return r, (of(slice_, r.c.edition_id), r.c.pool == pool, r.c.not_ranked.is_distinct_from("CLOSED"))
