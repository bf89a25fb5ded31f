"""Months: cells out of totals by month, which add up for organizations, subtrees, criteria and periods.

They know neither who rated nor, by criterion, which scores were given: that is left to a scan.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, FromClause, Select, cast, func, select, true, union_all
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.sql.elements import ColumnElement

from engine.arguments import Argument
from models.criteria import Criterion
from models.submissions import MARK_UNITS
from models.totals import MonthTotal
from resolvers import codes
from resolvers.cells.dimensions import KEYS, Facts
from resolvers.cells.question import Question, key_of
from resolvers.cells.scans import TALLY, WHOLES, scanned
from resolvers.slices import Slice


def can_tell(q: Question) -> bool:
    """Whether months tell a question's cells apart; what several criteria make of a mark they do not know."""
    return not q.is_fine and (q.slice_.criteria is None or q.by_criterion)


def told(q: Question) -> list[str]:
    """The columns of a cell that months can fill."""
    numbers = ["submissions", "mark_sum"]
    return numbers if q.by_criterion else [*numbers, "satisfied", "marks", "criterion_sums", "criterion_counts"]


def added(q: Question) -> FromClause:
    """A row for each cell that has submissions: its keys, and the sums that months can fill."""
    parts = [_whole_months(q)]
    for days, gate in _broken_months(q.slice_):
        found = scanned(replace(q, slice_=days), gate)
        parts.append(select(*(found.c[name] for name in [*q.keys, *told(q)])))
    facts = (union_all(*parts) if len(parts) > 1 else parts[0]).subquery()
    keys = [facts.c[key] for key in q.keys]
    sums = [SUMS[name](facts.c[name]).label(name) for name in told(q)]
    return select(*keys, *sums).group_by(*keys).having(func.sum(facts.c.submissions) > 0).subquery()


def _sum(column: ColumnElement[int]) -> ColumnElement[int]:
    return cast(func.sum(column), BigInteger)


def _tally(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.tally_sum(column, type_=TALLY)


SUMS: dict[str, Callable[[ColumnElement[Any]], ColumnElement[Any]]] = {
    "submissions": _sum,
    "mark_sum": _sum,
    "satisfied": _sum,
    "marks": lambda column: array([_sum(column[whole]) for whole in WHOLES]),
    "criterion_sums": _tally,
    "criterion_counts": _tally,
}


def _whole_months(q: Question) -> Select[Any]:
    """A row for each total of a month that lies in the slice's period as a whole, or for each criterion in it."""
    t, share, s = MonthTotal.__table__.alias(), q.shares(), q.slice_
    own = (t.c.organization_id == share.c.organization_id) & (t.c.pool == share.c.pool)
    facts = Facts(share.join(t, own), t, t.c.month, share, q.members)
    columns, where = _by_criterion(facts, s) if q.by_criterion else (t.c, [])
    if s.first is not None:
        where.append(t.c.month >= s.first.map(_first_whole).sql)
    if s.last is not None:
        where.append(t.c.month < s.last.map(_first_broken).sql)
    keys = [KEYS[each](facts).label(key_of(each)) for each in q.by]
    # All parts have the same types, or PostgreSQL would work out each of them as a whole first.
    found = [cast(columns[name], TALLY if name in ARRAYS else BigInteger()).label(name) for name in told(q)]
    return select(*keys, *found).select_from(facts.source).where(*where)


ARRAYS = ("marks", "criterion_sums", "criterion_counts")


def _by_criterion(facts: Facts, slice_: Slice) -> tuple[dict[str, ColumnElement[Any]], list[ColumnElement[bool]]]:
    """The numbers of each criterion of a month that was scored, and which of them are asked for."""
    of = func.unnest(facts.row.c.criterion_sums, facts.row.c.criterion_counts)
    score = of.table_valued("sum", "count", with_ordinality="criterion_id").render_derived()
    facts.join(score, true())
    facts.criterion_id = score.c.criterion_id
    wanted = [score.c.count > 0]
    if slice_.criteria is not None:
        wanted.append(codes.among(score.c.criterion_id, Criterion, slice_.criteria))
    units = cast(score.c.sum, BigInteger) * MARK_UNITS
    return {"submissions": score.c.count, "mark_sum": units}, wanted


def _broken_months(slice_: Slice) -> Iterator[tuple[Slice, ColumnElement[bool]]]:
    """The days before the first whole month of a period and those after its last, each with whether there are any."""
    first, last = slice_.first, slice_.last
    if first is not None:
        yield _beginning(slice_, first, last)
    if last is not None:
        yield _end(slice_, first, last)


def _beginning(slice_: Slice, first: Argument, last: Argument | None) -> tuple[Slice, ColumnElement[bool]]:
    def until(request: Any) -> date:
        before = _first_whole(first.value(request)) - timedelta(days=1)
        return before if last is None else min(before, last.value(request))

    is_broken = first.map(lambda day: day.day > 1, Boolean())
    return replace(slice_, last=first.derived(until, Date())), is_broken.sql


def _end(slice_: Slice, first: Argument | None, last: Argument) -> tuple[Slice, ColumnElement[bool]]:
    def is_broken(request: Any) -> bool:
        """Unless all days are in the beginning: no month is whole, and the first is broken."""
        end = last.value(request)
        start = date.min if first is None else _first_whole(first.value(request))
        return bool(start <= _first_broken(end) <= end)

    return replace(slice_, first=last.map(_first_broken, Date())), last.derived(is_broken, Boolean()).sql


def _first_whole(day: date) -> date:
    """The first day of the first month that begins on a day or later."""
    if day.day == 1:
        return day
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) if day < LATEST else date.max


def _first_broken(day: date) -> date:
    """The first day of the first month that is not over by the end of a day."""
    return (day + timedelta(days=1)).replace(day=1) if day < date.max else date.max.replace(day=1)


LATEST = date.max.replace(day=1)
