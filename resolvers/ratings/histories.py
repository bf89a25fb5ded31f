"""Histories: the ratings of a slice by intervals of the portal's calendar.

Months, quarters and years come from totals by month, days and weeks from the submissions, in one
pass whatever the number of points.
"""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import (
    TIMESTAMP,
    Date,
    FromClause,
    Integer,
    Interval,
    Select,
    Text,
    and_,
    case,
    cast,
    column,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.sql.elements import ColumnElement

from engine.meanings.arguments import Argument, Arguments
from engine.meanings.fields import Order, Rows
from engine.meanings.requests import Request
from models.clock import today
from models.submissions import Submission
from models.totals import MonthTotal
from resolvers.columns import own
from resolvers.ratings import breakdowns, members, protection, slices, sums, tallies
from resolvers.ratings.arrays import NO_MARKS, NOTHING
from resolvers.ratings.members import Members
from resolvers.ratings.ratings import pool_of
from resolvers.ratings.slices import Slice

Unit = breakdowns.Interval

MAXIMUM_POINTS = 400

# Intervals that are not made of whole months.
FINE = (Unit.DAY, Unit.WEEK)

# How many days the shortest of each has.
SHORTEST = {Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 28, Unit.QUARTER: 90, Unit.YEAR: 365}

POINT = "point"


def of_organization(o: FromClause, a: Arguments) -> Rows:
    """The history of an organization's scope."""
    return _points(members.of_organization(o, pool_of(a)), slices.parsed(a.slice), a.interval)


def of_summary(s: FromClause, a: Arguments) -> Rows:
    """The history of the set and the slice that a summary is of."""
    asked = a.outer
    return _points(members.of_summary(asked), slices.parsed(asked.slice), a.interval)


begins = own("begins")
ends = own("ends")


def rating(point: FromClause, a: Arguments) -> Rows:
    return Rows(point)


def _points(body: Members, slice_: Slice, unit: Unit) -> Rows:
    """A tally for each interval, with its first and last day in the slice."""
    known = _known(body, slice_, unit).offset(literal_column("0")).lateral()
    days = [known.c[name] for name in ("begins", "ends")]
    row = tallies.told(known, known.c.raters, slice_, *days).lateral()
    return Rows(row, order=(Order(row.c.begins),), limit=_size(slice_, unit))


def _known(body: Members, slice_: Slice, unit: Unit) -> Select[Any]:
    """All that is known of each interval, also where it is to be withheld."""
    p, point = _intervals(body, slice_, unit), partial(_point_of, unit)
    totals_know = slice_.is_period and unit not in FINE
    sum_ = (sums.by_months if totals_know else sums.by_submissions)(body, slice_, point)
    rater = _raters(body, slice_, unit)
    source = p.outerjoin(sum_, sum_.c.point == p.c.begins).outerjoin(rater, rater.c.point == p.c.begins)
    begin, end = _clipped(p, slice_)
    withheld = protection.at_edges(body, slice_, begin, end, p) if unit not in FINE else false()
    hidden = protection.by_points(body, slice_, point, fine=unit in FINE)
    if hidden is not None:
        source = source.outerjoin(hidden, hidden.c.point == p.c.begins)
        withheld = or_(func.coalesce(hidden.c.withheld, false()), withheld)
    nothing = {**dict.fromkeys(sums.SUMS, literal(0)), **dict.fromkeys(sums.ARRAYS, NOTHING)}
    nothing["marks"] = NO_MARKS
    columns: dict[str, ColumnElement[Any]] = {
        "begins": begin,
        "ends": end,
        **{name: func.coalesce(sum_.c[name], none) for name, none in nothing.items()},
        "raters": func.coalesce(rater.c.raters, 0),
        "withheld": case((sum_.c.submissions > 0, withheld), else_=false()),
    }
    query = select(*(column.label(name) for name, column in columns.items())).select_from(source)
    return query.where(*slices.known(slice_))


def _intervals(body: Members, slice_: Slice, unit: Unit) -> FromClause:
    """The calendar's intervals, from the slice's first date or the first submission to its last date or today."""
    first = _first_day(body, unit) if slice_.first is None else slice_.first.sql
    last = today() if slice_.last is None else slice_.last.sql
    most, name = literal(MAXIMUM_POINTS, Integer()), literal("interval", Text())
    found = func.intervals(literal(unit.value.lower(), Text()), first, last, most, name)
    return found.table_valued(column("begins", Date()), column("ends", Date())).render_derived().lateral()


def _first_day(body: Members, unit: Unit) -> ColumnElement[date]:
    """The date of the first submission that counts, or the first of its month where that will do."""
    m = MonthTotal.__table__.alias()
    month = body.look(select(func.min(m.c.month)).where(*body.months(m), m.c.submissions > 0)).scalar_subquery()
    if unit not in FINE:
        return month
    s, length = Submission.__table__.alias(), literal_column("interval '1 month'", Interval())
    in_it = and_(s.c.submitted_on >= month, s.c.submitted_on < month + length)
    day = select(func.min(s.c.submitted_on)).where(body.said(s.c.organization_id), slices.counts(s), in_it)
    return body.look(day).scalar_subquery()


def _point_of(unit: Unit, day: ColumnElement[date]) -> ColumnElement[date]:
    """The first day of the interval that a date belongs to."""
    whole = func.date_trunc(literal(unit.value.lower(), Text()), cast(day, TIMESTAMP()))
    return cast(whole, Date()).label(POINT)


def _clipped(p: FromClause, slice_: Slice) -> tuple[ColumnElement[date], ColumnElement[date]]:
    """The first and the last day of an interval in the slice."""
    begin, end = p.c.begins, p.c.ends
    return (
        begin if slice_.first is None else func.greatest(begin, slice_.first, type_=Date()),
        end if slice_.last is None else func.least(end, slice_.last, type_=Date()),
    )


def _raters(body: Members, slice_: Slice, unit: Unit) -> FromClause:
    """The distinct raters of each interval."""
    s = Submission.__table__.alias()
    point = _point_of(unit, s.c.submitted_on)
    columns: list[ColumnElement[Any]] = [point, func.count(s.c.rater_id.distinct()).label("raters")]
    return sums.picked(select(*columns), body, slice_, s, slices.marks(s, slice_)).group_by(point).lateral()


def _size(slice_: Slice, unit: Unit) -> Argument | int:
    """How many points there are at most: lists of histories are bounded by their number together."""
    first, last = slice_.first, slice_.last
    if first is None:
        return MAXIMUM_POINTS

    def size(request: Request) -> int:
        # The portal's day may be tomorrow's already, and an interval may be cut at either end.
        end: date = datetime.now(UTC).date() + timedelta(days=1) if last is None else last.value(request)
        days: int = (end - first.value(request)).days
        return min(MAXIMUM_POINTS, max(0, days // SHORTEST[unit]) + 2)

    return first.derived(size, Integer())
