"""Sums: rows that add up to tallies, of totals by month and of the submissions themselves.

They have the columns of `models.totals.Total` that can be added up, and those that they are added up
by. PostgreSQL works out only the columns that are read.
"""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import ARRAY, BigInteger, FromClause, Select, cast, func, literal, literal_column, select, union_all
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.sql.elements import ColumnElement

from models.submissions import Submission
from models.totals import MonthTotal
from resolvers import slices
from resolvers.members import Members
from resolvers.periods import Edge, Period
from resolvers.slices import Marks, Slice

TALLY = ARRAY(BigInteger())
NOTHING = literal_column("'{}'::bigint[]", TALLY)
NO_MARKS = literal([0, 0, 0, 0, 0], TALLY)
PLACES, WHOLES = range(1, 17), range(1, 6)

SUMS = ("submissions", "mark_sum", "satisfied")
ARRAYS = ("marks", "criterion_sums", "criterion_counts")

# What a date belongs to, under a name; and conditions on the row of a submission.
Point = Callable[[ColumnElement[date]], ColumnElement[Any]]
Picked = Callable[[FromClause], tuple[ColumnElement[bool], ...]]


def by_months(body: Members, slice_: Slice, *points: Point) -> FromClause:
    """The sums of a period: of its whole months, and of the days of the months that it cuts."""
    period, m = Period.of(slice_), MonthTotal.__table__.alias()
    edges = [said(body, slices.ALL_TIME, *points, where=partial(_on_edge, edge)) for edge in period.edges]
    types: dict[str, Any] = {**dict.fromkeys(SUMS, BigInteger()), **dict.fromkeys(ARRAYS, TALLY)}
    months = select(
        *(point(m.c.month) for point in points), *(cast(m.c[name], type_).label(name) for name, type_ in types.items())
    )
    whole = body.look(months.where(*body.months(m), *period.months(m.c.month)))
    return union_all(whole, *edges).lateral()


def _on_edge(edge: Edge, s: FromClause) -> tuple[ColumnElement[bool], ...]:
    return (edge.is_cut, *edge.inside(s.c.submitted_on))


def by_submissions(body: Members, slice_: Slice, *points: Point) -> FromClause:
    """The sums of any slice."""
    return said(body, slice_, *points).lateral()


def said(body: Members, slice_: Slice, *points: Point, where: Picked = lambda s: ()) -> Select[Any]:
    """The sums of what members were told in a slice, a row for each form."""
    s = Submission.__table__.alias()
    m, form = slices.marks(s, slice_), s.c.questionnaire_id
    scores = [s.c.scores[place] for place in PLACES]
    sums, counts = _array([func.sum(score) for score in scores]), _array([func.count(score) for score in scores])
    by = [point(s.c.submitted_on) for point in points]
    query: Select[Any] = select(
        *by,
        func.count().label("submissions"),
        cast(func.sum(m.units), BigInteger).label("mark_sum"),
        func.count().filter(m.satisfied).label("satisfied"),
        _array([func.count().filter(m.whole == whole) for whole in WHOLES]).label("marks"),
        func.by_criterion(form, sums, m.criteria, type_=TALLY).label("criterion_sums"),
        func.by_criterion(form, counts, m.criteria, type_=TALLY).label("criterion_counts"),
    )
    return picked(query, body, slice_, s, m).where(*where(s)).group_by(form, *by)


def picked(query: Select[Any], body: Members, slice_: Slice, s: FromClause, m: Marks) -> Select[Any]:
    """A query over the submissions that members were told in a slice."""
    conditions = (*slices.known(slice_), body.said(s.c.organization_id), *slices.conditions(s, slice_))
    return body.look(query.select_from(m.source).where(*conditions))


def added(parts: FromClause, *by: str) -> Select[Any]:
    """Sums added up, in groups, of which there is one where nothing else is said."""
    keys = [parts.c[name] for name in by]
    sums = {name: cast(func.coalesce(func.sum(parts.c[name]), 0), BigInteger) for name in SUMS}
    query: Select[Any] = select(
        *keys,
        *(total.label(name) for name, total in sums.items()),
        func.tally_add(NO_MARKS, func.tally_sum(parts.c.marks), type_=TALLY).label("marks"),
        *(func.tally_sum(parts.c[name], type_=TALLY).label(name) for name in ARRAYS[1:]),
    )
    return query.group_by(*keys)


def _array(values: list[Any]) -> ColumnElement[Any]:
    return array(values, type_=BigInteger())
