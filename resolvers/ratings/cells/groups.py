"""Small groups: cells that would tell of a few raters by themselves, as any slice like them would."""

from functools import partial
from typing import Any

from sqlalchemy import BigInteger, FromClause, and_, case, false, func, not_, or_, select
from sqlalchemy.sql.elements import ColumnElement

from resolvers.ratings import protection, slices
from resolvers.ratings.cells import scans
from resolvers.ratings.cells.dimensions import Dimension
from resolvers.ratings.cells.question import Conditions, Question
from resolvers.ratings.periods import Edge, Period


def can_be_small(q: Question) -> bool:
    """Whether a question's cells can be withheld: not where each is of everyone over whole months."""
    return q.is_fine or bool(Period.of(q.slice_).edges)


def marked(q: Question, cells: FromClause) -> FromClause:
    """The cells with three more columns.

    `size` is how many raters can be recognised, `few` who they are (ids) where they are not enough,
    else null, and `hidden` whether the cell is withheld for another reason.
    """
    source, ids = cells, cells.c.rater_ids
    if not q.is_fine:
        guard = _of_cut_periods(q)
        source, ids = source.outerjoin(guard, q.same_cell(cells, guard)), guard.c.rater_ids
    reasons = [*([] if q.slice_.is_of_everyone else [_of_conditions(q)]), *(_edge(q, each) for each in _edges(q))]
    for reason in reasons:
        source = source.outerjoin(reason, q.same_cell(cells, reason))
    size = func.coalesce(func.cardinality(ids), 0)
    few = case((size < protection.least(), ids))
    hidden = or_(false(), *(func.coalesce(reason.c.withheld, false()) for reason in reasons))
    columns = [column for column in cells.c if column.name != "rater_ids"]
    query = select(*columns, size.label("size"), few.label("few"), hidden.label("hidden"))
    return query.select_from(source).subquery()


def _of_cut_periods(q: Question) -> FromClause:
    """The cells' raters, looked for only if the period is not of whole months."""
    period = Period.of(q.slice_)

    def days(day: ColumnElement[Any]) -> Conditions:
        return (period.is_cut, *q.days(day))

    return scans.summed(q, days)


def _of_conditions(q: Question) -> FromClause:
    """By cell, whether the services, channels and kinds of raters asked for are withheld as a slice."""
    found = scans.scan(q, q.days)
    said = protection.said_of(found.s, q.slice_, found.rows, *found.keys)
    return protection.of_groups(said, q.slice_, q.keys).subquery()


def _edges(q: Question) -> tuple[Edge, ...]:
    """The months that the period cuts, unless cells are weeks, which no month divides."""
    return () if Dimension.WEEK in q.by else Period.of(q.slice_).edges


def _edge(q: Question, edge: Edge) -> FromClause:
    """By cell, whether few raters stand behind a cut month's days inside of the period, or behind the others."""
    found = scans.scan(q, partial(_month, edge))
    inside = and_(*edge.inside(found.s.c.submitted_on))
    query = found.rows.add_columns(*found.keys, found.s.c.rater_id, inside.label("inside"))
    said = query.where(*slices.fits(found.s, q.slice_).values()).subquery()
    keys, raters = [said.c[key] for key in q.keys], func.count(said.c.rater_id.distinct(), type_=BigInteger())
    few = protection.any_few(*(raters.filter(part) for part in (said.c.inside, not_(said.c.inside))))
    return select(*keys, few.label("withheld")).group_by(*keys).subquery()


def _month(edge: Edge, day: ColumnElement[Any]) -> Conditions:
    return (edge.is_cut, *edge.month(day))
