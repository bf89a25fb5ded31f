"""Months: cells out of totals by month, which add up for organizations, subtrees, criteria and periods.

They know neither who rated nor, by criterion, which scores were given: that is left to a scan.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, FromClause, Select, cast, func, select, true, union_all
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.sql.elements import ColumnElement

from models.criteria import Criterion
from models.submissions import MARK_UNITS
from models.totals import MonthTotal
from resolvers import codes
from resolvers.ratings import slices
from resolvers.ratings.arrays import TALLY, WHOLES, added_up
from resolvers.ratings.cells.dimensions import KEYS, Facts
from resolvers.ratings.cells.question import Conditions, Question, key_of
from resolvers.ratings.cells.scans import scanned
from resolvers.ratings.periods import Edge, Period
from resolvers.ratings.slices import Slice

Columns = dict[str, ColumnElement[Any]]


def can_tell(q: Question) -> bool:
    """Whether months tell a question's cells apart; what several criteria make of a mark they do not know."""
    return not q.is_fine and (q.slice_.criteria is None or q.by_criterion)


def told(q: Question) -> list[str]:
    """The columns of a cell that months can fill."""
    numbers = ["submissions", "mark_sum"]
    return numbers if q.by_criterion else [*numbers, "satisfied", "marks", "criterion_sums", "criterion_counts"]


def added(q: Question) -> FromClause:
    """A row for each cell that has submissions: its keys, and the sums that months can fill.

    The days of the months that a period cuts are scanned.
    """
    parts = [_whole_months(q)]
    for edge in Period.of(q.slice_).edges:
        found = scanned(q, partial(_inside, edge))
        parts.append(select(*(found.c[name] for name in [*q.keys, *told(q)])))
    facts = (union_all(*parts) if len(parts) > 1 else parts[0]).subquery()
    keys = [facts.c[key] for key in q.keys]
    sums = [SUMS[name](facts.c[name]).label(name) for name in told(q)]
    return select(*keys, *sums).group_by(*keys).having(func.sum(facts.c.submissions) > 0).subquery()


def _inside(edge: Edge, day: ColumnElement[Any]) -> Conditions:
    return (edge.is_cut, *edge.inside(day))


def _sum(column: ColumnElement[int]) -> ColumnElement[int]:
    return cast(func.sum(column), BigInteger)


SUMS: dict[str, Callable[[ColumnElement[Any]], ColumnElement[Any]]] = {
    "submissions": _sum,
    "mark_sum": _sum,
    "satisfied": _sum,
    "marks": lambda column: array([_sum(column[whole]) for whole in WHOLES]),
    "criterion_sums": added_up,
    "criterion_counts": added_up,
}
ARRAYS = ("marks", "criterion_sums", "criterion_counts")


def _whole_months(q: Question) -> Select[Any]:
    """A row for each total of a month that lies in the slice's period as a whole, or for each criterion in it."""
    total, share = MonthTotal.__table__.alias(), q.shares()
    inside = Period.of(q.slice_).months(total.c.month)
    t, own = q.told_of(share, total, total.c.pool == share.c.pool, *inside)
    facts = Facts(share.join(t, own), t, t.c.month, share, q.members)
    columns, where = _by_criterion(facts, q.slice_) if q.by_criterion else (dict(t.c), ())
    keys = [KEYS[each](facts).label(key_of(each)) for each in q.by]
    # All parts have the same types, or PostgreSQL would work out each of them as a whole first.
    found = [cast(columns[name], TALLY if name in ARRAYS else BigInteger()).label(name) for name in told(q)]
    return select(*keys, *found).select_from(facts.source).where(*slices.known(q.slice_), *where)


def _by_criterion(facts: Facts, slice_: Slice) -> tuple[Columns, Conditions]:
    """The numbers of each criterion of a month that was scored, and which of them are asked for."""
    of = func.unnest(facts.row.c.criterion_sums, facts.row.c.criterion_counts)
    score = of.table_valued("sum", "count", with_ordinality="criterion_id").render_derived()
    facts.join(score, true())
    facts.criterion_id = score.c.criterion_id
    chosen = () if slice_.criteria is None else (codes.among(score.c.criterion_id, Criterion, slice_.criteria),)
    units = cast(score.c.sum, BigInteger) * MARK_UNITS
    return {"submissions": score.c.count, "mark_sum": units}, (score.c.count > 0, *chosen)
