"""Tallies: what stands behind the ratings of a slice, in rows with the columns of a total.

A total is the tally of all time. `COLUMNS` are those of `models.totals.Total` and `withheld`; `least`,
where it is not one, is the number of submissions from which on a criterion is told. Where a row is
withheld, only `submissions` is told: `raters` is 0, `marks` and the criteria are empty, the rest is
null. PostgreSQL works out only the columns that are read.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    FromClause,
    Integer,
    Select,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    literal_column,
    null,
    select,
    true,
)
from sqlalchemy.sql.elements import ColumnElement

from models.submissions import Submission
from models.totals import Pool, Total
from resolvers.ratings import frozen, members, parts, protection, slices
from resolvers.ratings.arrays import NOTHING
from resolvers.ratings.members import Conditions, Members
from resolvers.ratings.slices import Slice
from resolvers.ratings.sums import ARRAYS, SUMS, added, by_days, by_months, by_parts, by_submissions, picked

COLUMNS = (*SUMS, "raters", *ARRAYS, "value", "withheld")


def one(o: FromClause, slice_: Slice, pool: Pool) -> FromClause:
    """The tally of an organization's row, lateral to it."""
    if slice_.edition is not None:
        return frozen.tally(o, slice_, pool)
    if slice_.is_all_time:
        t = Total.__table__.alias()
        return _of_totals(t).where(t.c.organization_id == o.c.id, t.c.pool == pool).correlate(o).lateral()
    return of_members(members.of_organization(o, pool), slice_)


def of_set(among: Conditions, slice_: Slice, *outer: FromClause) -> FromClause:
    """The tally of the own submissions of a set's organizations together."""
    body = members.of_set(among, *outer)
    if not slice_.is_all_time:
        return of_members(body, slice_)
    t = Total.__table__.alias()
    parts = body.look(select(*(t.c[name] for name in (*SUMS, *ARRAYS))).where(*body.months(t))).lateral()
    known = select(added(parts).lateral(), false().label("withheld")).lateral()
    return told(known, raters_of(body, slice_), slice_).lateral()


def is_rated(o: FromClause, slice_: Slice) -> ColumnElement[bool]:
    """Whether an organization has a submission of its own in a slice."""
    body = members.of_organization(o, Pool.OWN)
    if slice_.is_all_time:
        t = Total.__table__.alias()
        return body.look(select(t.c.organization_id).where(*body.months(t), t.c.submissions > 0)).exists()
    s = Submission.__table__.alias()
    return picked(select(s.c.id), body, slice_, s, slices.marks(s, slice_)).exists()


def of_members(body: Members, slice_: Slice) -> FromClause:
    """The tally of what members were told in a slice that is not all time, as one row."""
    if not protection.is_possible(slice_):
        known = select(_sums(body, slice_), false().label("withheld")).lateral()
        return told(known, raters_of(body, slice_), slice_).lateral()
    body, ids = members.gathered(body)
    sums = _sums(body, slice_)
    # OFFSET 0 keeps the planner from working it out again for each column that depends on it.
    known = select(sums, _withheld(sums, body, slice_).label("withheld")).offset(literal_column("0")).lateral()
    query = told(known, raters_of(body, slice_), slice_)
    return (query if ids is None else query.select_from(ids.join(known, true()))).lateral()


def _sums(body: Members, slice_: Slice) -> FromClause:
    if slice_.is_period:
        return by_days(body, slice_) if protection.is_possible(slice_) else by_months(body, slice_)
    return by_submissions(body, slice_) if slice_.is_of_everyone else by_parts(body, slice_)


def raters_of(body: Members, slice_: Slice) -> ColumnElement[int]:
    """Distinct raters cannot be added up: they are counted where they are asked for."""
    s = Submission.__table__.alias()
    query: Select[Any] = select(func.count(s.c.rater_id.distinct()))
    return picked(query, body, slice_, s, slices.marks(s, slice_)).scalar_subquery()


def told(known: FromClause, raters: ColumnElement[int], slice_: Slice, *more: ColumnElement[Any]) -> Select[Any]:
    """What is told of sums: all, or where they are `withheld` only how many submissions there are."""
    value = func.rating_value(known.c.mark_sum, known.c.submissions, type_=Integer())
    columns = {
        "submissions": known.c.submissions,
        **{name: _unless(known, known.c[name], null()) for name in ("mark_sum", "satisfied")},
        "raters": _unless(known, raters, literal(0)),
        **{name: _unless(known, known.c[name], NOTHING) for name in ARRAYS},
        "value": _unless(known, value, null()),
        "withheld": known.c.withheld,
    }
    if not slice_.is_of_everyone:
        columns["least"] = known.c.get("least", cast(protection.least(), BigInteger))
    return select(*more, *(column.label(name) for name, column in columns.items())).select_from(known)


def _of_totals(t: FromClause) -> Select[Any]:
    return select(*((false() if name == "withheld" else t.c[name]).label(name) for name in COLUMNS))


def _withheld(sums: FromClause, body: Members, slice_: Slice) -> ColumnElement[bool]:
    """Whether a tally is withheld: the little that is known of it may tell already."""
    few = and_(sums.c.submissions < sums.c.get("least", protection.least()), protection.applies(slice_))
    return case((sums.c.submissions == 0, false()), (few, true()), else_=_is_told(sums, body, slice_))


def _is_told(sums: FromClause, body: Members, slice_: Slice) -> ColumnElement[bool]:
    many = sums.c.seen >= sums.c.least if "seen" in sums.c else false()
    if slice_.is_of_everyone:
        return protection.of_everyone(body, slice_, many)
    if "few" in sums.c:
        return protection.of_some(body, slice_, parts.is_told(sums))
    return protection.of_some(body, slice_, case((many, false()), else_=protection.is_told(body, slice_)))


def _unless(known: FromClause, value: ColumnElement[Any], else_: Any) -> ColumnElement[Any]:
    return case((known.c.withheld, else_), else_=value)
