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
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import CTE

from models.hierarchies import Hierarchy, Position
from models.submissions import Submission
from models.totals import Pool, Total
from models.trees import below
from resolvers.ratings import protection, slices
from resolvers.ratings.periods import Edge, Period
from resolvers.ratings.slices import Marks, Slice
from resolvers.sets.chosen import Chosen

COLUMNS = ("submissions", "mark_sum", "raters", "value", "withheld")
ORGANIZATION = "organization_id"


def each(chosen: Chosen, slice_: Slice, pool: Pool, minimum: ColumnElement[int], *, of_all: bool) -> FromClause:
    """A row for each organization of a set, those without submissions included.

    `of_all` says that hardly any organization is not in it: then all submissions are read as they come, instead of
    those of one organization after the other. Of raters at least as many are told as there are, up to `minimum`.
    """
    if slice_.is_all_time:
        return _of_totals(chosen, pool)
    return _of_submissions(chosen, slice_, pool, minimum, of_all=of_all)


def _of_totals(chosen: Chosen, pool: Pool) -> FromClause:
    t = Total.__table__.alias()
    columns = [false().label(name) if name == "withheld" else t.c[name] for name in COLUMNS]
    query = select(t.c.organization_id, *columns).where(t.c.pool == pool)
    return chosen.among(query, t.c.organization_id).subquery()


def _of_submissions(
    chosen: Chosen, slice_: Slice, pool: Pool, minimum: ColumnElement[int], *, of_all: bool
) -> FromClause:
    members = chosen.each()
    said = Said(members, slice_, pool, of_all=of_all)
    sums = (_sums(said) if slice_.is_of_everyone else _of_parts(said, minimum)).subquery()
    cut = [_cut(said, edge).subquery() for edge in Period.of(slice_).edges]
    source: FromClause = members
    for rows in (sums, *cut):
        source = source.outerjoin(rows, rows.c.organization_id == members.c.id)
    withheld = or_(sums.c.withheld, *(func.coalesce(each.c.withheld, false()) for each in cut))
    known = select(
        members.c.id.label(ORGANIZATION),
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


class Said:
    """What was said to the organizations of a set, as far as a slice has marks of it."""

    def __init__(self, chosen: CTE, slice_: Slice, pool: Pool, *, of_all: bool) -> None:
        self.slice_ = slice_
        self._chosen = chosen
        self._lines = None if pool is Pool.OWN else _lines(chosen, pool)
        self._of_all = of_all

    def rows(self) -> "tuple[FromClause, Marks, Select[Any]]":
        """A submission, its mark, and a query for whom they count, whatever the slice's other conditions."""
        s = Submission.__table__.alias()
        mark = slices.marks(s, self.slice_)
        said = (*slices.known(self.slice_), slices.counts(s))
        if self._lines is not None:
            source = self._lines.join(mark.source, s.c.organization_id == self._lines.c.member_id)
            return s, mark, select(self._lines.c.organization_id).select_from(source).where(*said)
        query = select(s.c.organization_id).select_from(mark.source).where(*said)
        return s, mark, query if self._of_all else query.where(s.c.organization_id.in_(select(self._chosen.c.id)))


def _lines(chosen: CTE, pool: Pool) -> FromClause:
    """Each organization of the set with those whose submissions count for it, one a row: `member_id`."""
    itself = select(chosen.c.id.label(ORGANIZATION), chosen.c.id.label("member_id"))
    top, place = Position.__table__.alias(), Position.__table__.alias()
    lower = (
        select(chosen.c.id, place.c.organization_id)
        .join_from(chosen, top, top.c.organization_id == chosen.c.id)
        .join(place, and_(place.c.hierarchy == top.c.hierarchy, below(place.c.path, top.c.path)))
        .where(top.c.hierarchy == Hierarchy[pool.name], place.c.organization_id != chosen.c.id)
    )
    return itself.union_all(lower).subquery()


def _sums(said: Said) -> Select[Any]:
    """What a slice of everyone counts for each organization that has any of it."""
    s, mark, query = said.rows()
    raters = func.count(s.c.rater_id.distinct())
    columns: dict[str, ColumnElement[Any]] = {
        "submissions": func.count(),
        "mark_sum": cast(func.sum(mark.units), BigInteger),
        "raters": raters,
        "withheld": and_(protection.applies(said.slice_), protection.is_few(raters)),
    }
    query = query.add_columns(*(column.label(name) for name, column in columns.items()))
    return query.where(*slices.days(s, said.slice_)).group_by(*query.selected_columns[:1])


def _of_parts(said: Said, minimum: ColumnElement[int]) -> Select[Any]:
    """What any other slice counts for each organization that has any of it, in one pass over its parts.

    Parts are those that the slice's conditions can tell apart, whether they fit or not. Most organizations are seen
    to have enough raters in each; only of the others are they counted, and is looked for what would tell them.
    """
    sums = _summed(_parts(said)).cte()
    enough = sums.c.submissions >= protection.least()
    close = _close(said, select(sums.c.organization_id).where(enough, or_(sums.c.any_few, sums.c.seen < minimum)))
    return select(
        sums.c.organization_id,
        *(sums.c[name] for name in ("submissions", "mark_sum")),
        func.coalesce(close.c.raters, sums.c.seen).label("raters"),
        or_(not_(enough), func.coalesce(close.c.withheld, false())).label("withheld"),
    ).select_from(sums.outerjoin(close, close.c.organization_id == sums.c.organization_id))


def _parts(said: Said) -> FromClause:
    s, mark, query = said.rows()
    fits = slices.fits(s, said.slice_)
    columns: dict[str, ColumnElement[Any]] = {
        "fits": func.coalesce(and_(*fits.values()), false()),
        "submissions": func.count(),
        "mark_sum": func.sum(mark.units),
        "bits": protection.bits(s.c.rater_id),
    }
    by = (*query.selected_columns, *(s.c[name] for name in fits))
    query = query.add_columns(*(column.label(name) for name, column in columns.items()))
    return query.where(*slices.days(s, said.slice_)).group_by(*by).subquery()


def _summed(parts: FromClause) -> Select[Any]:
    """The parts that fit added up, with the raters that are `seen` in them, and whether they are few in `any` part."""
    columns = {
        "submissions": func.sum(parts.c.submissions).filter(parts.c.fits),
        "mark_sum": func.sum(parts.c.mark_sum).filter(parts.c.fits),
        "seen": protection.seen(func.bit_or(parts.c.bits).filter(parts.c.fits)),
        "any_few": func.bool_or(protection.seen(parts.c.bits) < protection.least()),
    }
    typed = [cast(columns[name], BigInteger).label(name) for name in ("submissions", "mark_sum", "seen")]
    query = select(parts.c.organization_id, *typed, columns["any_few"].label("any_few"))
    return query.group_by(parts.c.organization_id).having(func.bool_or(parts.c.fits))


def _close(said: Said, doubtful: Select[Any]) -> FromClause:
    """The raters of organizations, and whether the conditions of the slice tell few of them from the rest."""
    s, _, query = said.rows()
    (column,) = query.selected_columns
    within = query.where(*slices.days(s, said.slice_), column.in_(doubtful))
    rows = select(protection.said_of(s, said.slice_, within, column)).cte()
    return protection.of_groups(rows, said.slice_, [ORGANIZATION]).subquery()


def _cut(said: Said, edge: Edge) -> Select[Any]:
    """Whether few raters stand behind a cut month's days inside of the period, or behind the others."""
    s, _, query = said.rows()
    inside = and_(*edge.inside(s.c.submitted_on))
    raters = func.count(s.c.rater_id.distinct())
    few = protection.any_few(*(raters.filter(part) for part in (inside, not_(inside))))
    picked = (edge.is_cut, *edge.month(s.c.submitted_on), *slices.fits(s, said.slice_).values())
    by = tuple(query.selected_columns)
    return query.add_columns(few.label("withheld")).where(*picked).group_by(*by)
