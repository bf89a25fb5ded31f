"""Summaries: a set of organizations as one."""

from typing import Any

from sqlalchemy import FromClause, Integer, Select, and_, cast, false, func, literal, select, true
from sqlalchemy.sql.elements import ColumnElement

from engine.meanings.arguments import Arguments
from engine.meanings.fields import Rows
from models.editions import Edition
from models.organizations import Organization
from models.totals import Pool, Total
from resolvers.columns import own
from resolvers.ratings import frozen, members, slices, tallies
from resolvers.ratings.slices import Slice
from resolvers.ratings.sums import ARRAYS, SUMS, added
from resolvers.sets import filters


def summary(_: None, a: Arguments) -> Rows:
    """One row, with the numbers of the set's organizations, and of all time with their tally, too.

    They are joined to nothing else, and so that there is a row without them: PostgreSQL counts only
    if one of them is read.
    """
    slice_ = slices.parsed_or_edition(a.slice)
    if slice_.edition is not None:
        filters.refuse_beside_edition(a.among)
        return _of_edition(slice_)
    numbers = (_of_totals(a, slice_) if slice_.is_all_time else _numbers(a, slice_)).subquery()
    one = select(literal(1)).subquery()
    return Rows(select(numbers).select_from(one.outerjoin(numbers, true())).lateral())


def _numbers(a: Arguments, slice_: Slice) -> Select[Any]:
    o: FromClause = Organization.__table__.alias()
    conditions = filters.conditions(o, a.among)
    if filters.asks(a.among):
        o, conditions = func.unnest(members.chosen(a)).table_valued("id").render_derived(), ()
    return select(*_counted(tallies.is_rated(o, slice_))).select_from(o).where(*slices.known(slice_), *conditions)


def _of_totals(a: Arguments, slice_: Slice) -> Select[Any]:
    """The set's own totals, added up as it is counted."""
    o, t = Organization.__table__.alias(), Total.__table__.alias()
    # An outer join, as everybody has a total: who only counts does not read it.
    itself = o.outerjoin(t, and_(t.c.organization_id == o.c.id, t.c.pool == Pool.OWN))
    query = select(*(t.c[name] for name in (*SUMS, *ARRAYS))).select_from(itself)
    parts = query.where(*filters.conditions(o, a.among)).subquery()
    known = added(parts).add_columns(*_counted(parts.c.submissions > 0), false().label("withheld")).subquery()
    raters = tallies.raters_of(members.of_summary(a), slice_)
    return tallies.told(known, raters, slice_, known.c.organizations, known.c.rated)


def _counted(is_rated: ColumnElement[bool]) -> tuple[ColumnElement[Any], ...]:
    """How many organizations there are, and how many of them have been rated."""
    rated = func.count().filter(is_rated)
    return cast(func.count(), Integer).label("organizations"), cast(rated, Integer).label("rated")


def _of_edition(slice_: Slice) -> Rows:
    """All that were open when an edition was published; their distinct raters were counted then."""
    r, where = frozen.rows(slice_, Pool.OWN)
    parts = select(*(r.c[name] for name in (*SUMS, *ARRAYS))).where(*where).lateral()
    known = select(added(parts).lateral(), false().label("withheld")).lateral()
    e = Edition.__table__.alias()
    raters = select(e.c.raters).where(frozen.of(slice_, e.c.id)).scalar_subquery()
    tally = tallies.told(known, raters, slice_).lateral()
    numbers = select(*_counted(r.c.submissions > 0)).where(*where).subquery()
    return Rows(select(tally, numbers).select_from(tally.join(numbers, true())).lateral())


organizations = own("organizations")
rated = own("rated")


def rating(s: FromClause, a: Arguments) -> Rows:
    """The tally of the own submissions of all of them together; the row of all time and of an edition has it."""
    asked = a.outer
    slice_ = slices.parsed_or_edition(asked.slice)
    if slice_.is_all_time or slice_.edition is not None:
        return Rows(s)
    return Rows(tallies.of_members(members.of_summary(asked), slice_))
