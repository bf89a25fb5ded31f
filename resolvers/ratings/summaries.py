"""Summaries: a set of organizations as one."""

from sqlalchemy import FromClause, Integer, cast, false, func, literal, select, true

from engine.arguments import Arguments
from engine.fields import Rows
from models.editions import Edition
from models.organizations import Organization
from models.totals import Pool
from resolvers.columns import own
from resolvers.ratings import frozen, slices, tallies
from resolvers.ratings.slices import Slice
from resolvers.ratings.sums import ARRAYS, SUMS, added
from resolvers.sets import filters


def summary(_: None, a: Arguments) -> Rows:
    """One row, with the numbers of the set's organizations.

    They are joined to nothing else, and so that there is a row without them: PostgreSQL counts only
    if one of them is read.
    """
    slice_, o = slices.parsed_or_edition(a.slice), Organization.__table__.alias()
    if slice_.edition is not None:
        filters.refuse_beside_edition(a.among)
        return _of_edition(slice_)
    rated = func.count().filter(tallies.is_rated(o, slice_))
    counted = select(cast(func.count(), Integer).label("organizations"), cast(rated, Integer).label("rated"))
    numbers = counted.where(*slices.known(slice_), *filters.conditions(o, a.among)).subquery()
    one = select(literal(1)).subquery()
    return Rows(select(numbers).select_from(one.outerjoin(numbers, true())).lateral())


def _of_edition(slice_: Slice) -> Rows:
    """All that were open when an edition was published; their distinct raters were counted then."""
    r, where = frozen.rows(slice_, Pool.OWN)
    parts = select(*(r.c[name] for name in (*SUMS, *ARRAYS))).where(*where).lateral()
    known = select(added(parts).lateral(), false().label("withheld")).lateral()
    e = Edition.__table__.alias()
    raters = select(e.c.raters).where(frozen.of(slice_, e.c.id)).scalar_subquery()
    tally = tallies.told(known, raters, slice_).lateral()
    rated = func.count().filter(r.c.submissions > 0)
    counted = select(cast(func.count(), Integer).label("organizations"), cast(rated, Integer).label("rated"))
    numbers = counted.where(*where).subquery()
    return Rows(select(tally, numbers).select_from(tally.join(numbers, true())).lateral())


organizations = own("organizations")
rated = own("rated")


def rating(s: FromClause, a: Arguments) -> Rows:
    """The tally of the own submissions of all of them together; an edition's row has it."""
    asked = a.outer
    slice_ = slices.parsed_or_edition(asked.slice)
    if slice_.edition is not None:
        return Rows(s)
    return Rows(tallies.of_set(lambda o: filters.conditions(o, asked.among), slice_))
