"""Headcounts: the tally of each organization of a set as far as a ranking needs it, in one pass.

The numbers are those of `resolvers.ratings.tallies`, which adds up one organization at a time: over a whole
country that takes many times as long. A row has `organization_id`, `submissions`, and `mark_sum`,
`raters`, `value` and `withheld`; where it is withheld, only `submissions` is told.
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
    literal_column,
    not_,
    or_,
    select,
)
from sqlalchemy.sql.selectable import CTE

from models.hierarchies import Hierarchy, Position
from models.organizations import Organization
from models.submissions import Submission
from models.totals import Pool, Total
from models.trees import below
from resolvers.ratings import protection, slices
from resolvers.ratings.members import Conditions
from resolvers.ratings.periods import Edge, Period
from resolvers.ratings.slices import Marks, Slice

COLUMNS = ("submissions", "mark_sum", "raters", "value", "withheld")
ORGANIZATION = "organization_id"


def each(among: Conditions, slice_: Slice, pool: Pool) -> FromClause:
    """A row for each organization of a set, those without submissions included."""
    return _of_totals(among, pool) if slice_.is_all_time else _of_submissions(among, slice_, pool)


def _of_totals(among: Conditions, pool: Pool) -> FromClause:
    o, t = Organization.__table__.alias(), Total.__table__.alias()
    columns = [false().label(name) if name == "withheld" else t.c[name] for name in COLUMNS]
    query = select(o.c.id.label(ORGANIZATION), *columns).join_from(o, t, t.c.organization_id == o.c.id)
    return query.where(t.c.pool == pool, *among(o)).subquery()


def _of_submissions(among: Conditions, slice_: Slice, pool: Pool) -> FromClause:
    o = Organization.__table__.alias()
    chosen = select(o.c.id).where(*among(o)).cte()
    said = Said(_lines(chosen, pool), slice_)
    sums = _sums(said).cte()
    signs = [_cut(said, edge).subquery() for edge in Period.of(slice_).edges]
    if not slice_.is_of_everyone:
        signs.append(_told_apart(said, sums).subquery())
    source: FromClause = chosen
    for rows in (sums, *signs):
        source = source.outerjoin(rows, rows.c.organization_id == chosen.c.id)
    few = and_(protection.applies(slice_), protection.is_few(sums.c.raters))
    withheld = or_(few, *(func.coalesce(sign.c.withheld, false()) for sign in signs))
    known = select(
        chosen.c.id.label(ORGANIZATION),
        *(func.coalesce(sums.c[name], 0).label(name) for name in ("submissions", "mark_sum", "raters")),
        case((sums.c.submissions > 0, withheld), else_=false()).label("withheld"),
    )
    return _told(known.select_from(source))


def _told(query: Select[Any]) -> FromClause:
    # OFFSET 0 keeps the planner from working `withheld` out again for each column that depends on it.
    known = query.offset(literal_column("0")).subquery()
    shown, value = not_(known.c.withheld), func.rating_value(known.c.mark_sum, known.c.submissions, type_=Integer())
    columns = {
        "submissions": known.c.submissions,
        "mark_sum": case((shown, known.c.mark_sum)),
        "raters": case((shown, known.c.raters), else_=0),
        "value": case((shown, value)),
        "withheld": known.c.withheld,
    }
    return select(known.c.organization_id, *(columns[name].label(name) for name in COLUMNS)).subquery()


def _lines(chosen: CTE, pool: Pool) -> FromClause:
    """Each organization of the set with those whose submissions count for it, one a row: `member_id`."""
    itself = select(chosen.c.id.label(ORGANIZATION), chosen.c.id.label("member_id"))
    if pool is Pool.OWN:
        return itself.subquery()
    top, place = Position.__table__.alias(), Position.__table__.alias()
    lower = (
        select(chosen.c.id, place.c.organization_id)
        .join_from(chosen, top, top.c.organization_id == chosen.c.id)
        .join(place, and_(place.c.hierarchy == top.c.hierarchy, below(place.c.path, top.c.path)))
        .where(top.c.hierarchy == Hierarchy[pool.name], place.c.organization_id != chosen.c.id)
    )
    return itself.union_all(lower).subquery()


class Said:
    """What was said to the organizations of a set, as far as a slice has marks of it."""

    def __init__(self, lines: FromClause, slice_: Slice) -> None:
        self.slice_ = slice_
        self.lines = lines

    def rows(self) -> "tuple[FromClause, Marks, Select[Any]]":
        """A submission, its mark, and a query over them all, whatever the slice's other conditions."""
        s = Submission.__table__.alias()
        mark = slices.marks(s, self.slice_)
        source = self.lines.join(mark.source, s.c.organization_id == self.lines.c.member_id)
        query = select(self.lines.c.organization_id).select_from(source)
        return s, mark, query.where(*slices.known(self.slice_), slices.counts(s))


def _sums(said: Said) -> Select[Any]:
    """What the slice counts for each organization that has any of it."""
    s, mark, query = said.rows()
    columns = {
        "submissions": func.count(),
        "mark_sum": cast(func.sum(mark.units), BigInteger),
        "raters": func.count(s.c.rater_id.distinct()),
    }
    query = query.add_columns(*(column.label(name) for name, column in columns.items()))
    picked = (*slices.days(s, said.slice_), *slices.fits(s, said.slice_).values())
    return query.where(*picked).group_by(said.lines.c.organization_id)


def _cut(said: Said, edge: Edge) -> Select[Any]:
    """Whether few raters stand behind a cut month's days inside of the period, or behind the others."""
    s, _, query = said.rows()
    inside = and_(*edge.inside(s.c.submitted_on))
    few = [protection.is_few(func.count(s.c.rater_id.distinct()).filter(part)) for part in (inside, not_(inside))]
    picked = (edge.is_cut, *edge.month(s.c.submitted_on), *slices.fits(s, said.slice_).values())
    return query.add_columns(or_(*few).label("withheld")).where(*picked).group_by(said.lines.c.organization_id)


def _told_apart(said: Said, sums: FromClause) -> Select[Any]:
    """Whether the conditions of the slice tell few raters from the rest, of those that have some in it.

    Most have enough raters in every part, which one pass tells; only the others are looked at closely.
    """
    s, _, query = said.rows()
    within = query.where(*slices.days(s, said.slice_))
    column, values = said.lines.c.organization_id, [s.c[name] for name in slices.fits(s, said.slice_)]
    parts = within.add_columns(protection.seen(s.c.rater_id).label("seen")).group_by(column, *values).subquery()
    doubtful = (
        select(parts.c.organization_id)
        .join_from(parts, sums, sums.c.organization_id == parts.c.organization_id)
        .where(sums.c.raters >= protection.least())
        .group_by(parts.c.organization_id)
        .having(func.bool_or(parts.c.seen < protection.least()))
        .cte()
    )
    close = within.where(column.in_(select(doubtful.c.organization_id)))
    return protection.of_groups(protection.said_of(s, said.slice_, close, column), said.slice_, [ORGANIZATION])
