"""Sums: what tallies are made of, added up from totals by month and from the submissions themselves.

A row has the columns of `models.totals.Total` that can be added up, and those that it is added up by.
PostgreSQL works out only the columns that are read, and leaves out a join that none of them needs: so
scores, which are added up by form first, are joined to the numbers, which an index may hold already.
"""

from functools import partial
from typing import Any

from sqlalchemy import (
    BigInteger,
    FromClause,
    Select,
    and_,
    case,
    cast,
    func,
    not_,
    null,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.sql.elements import ColumnElement

from models.submissions import Submission
from models.totals import MonthTotal
from resolvers.ratings import parts, protection, slices
from resolvers.ratings.arrays import NO_MARKS, NOTHING, PLACES, TALLY, WHOLES, added_up
from resolvers.ratings.members import Members
from resolvers.ratings.periods import Edge, Period, Point
from resolvers.ratings.slices import Marks, Slice

SUMS = ("submissions", "mark_sum", "satisfied")
ARRAYS = ("marks", "criterion_sums", "criterion_counts")
NUMBERS, SCORES = (*SUMS, "marks"), ARRAYS[1:]
TYPES: dict[str, Any] = {**dict.fromkeys(SUMS, BigInteger()), **dict.fromkeys(ARRAYS, TALLY)}


def by_months(body: Members, slice_: Slice, *points: Point) -> FromClause:
    """The sums of a period: of its whole months, and of the days of the months that it cuts."""
    edges = [partial(_on_edge, edge) for edge in Period.of(slice_).edges]
    if not edges:
        months = _months(body, slice_, (*NUMBERS, *SCORES), *points).lateral()
        return _added(months, (*NUMBERS, *SCORES), *_keys(months)).lateral()
    numbers = [_numbers(body, slices.ALL_TIME, *points, where=where) for where in edges]
    scores = [_scores(body, slices.ALL_TIME, *points, where=where) for where in edges]
    return _together(
        union_all(_months(body, slice_, NUMBERS, *points), *numbers).lateral(),
        union_all(_months(body, slice_, SCORES, *points), *scores).lateral(),
    )


def by_days(body: Members, slice_: Slice) -> FromClause:
    """The sums of a period that may cut months, with the fewest raters `seen` in a part of such a month, and k (`least`).

    One pass over the months that are cut tells both. Where fewer are seen than it takes, raters have to be counted.
    """
    edges = Period.of(slice_).edges
    uncut = _months(body, slice_, NUMBERS).add_columns(cast(null(), BigInteger).label("seen"))
    numbers = union_all(uncut, *(_cut_month(body, edge) for edge in edges)).lateral()
    inside = (_scores(body, slices.ALL_TIME, where=partial(_on_edge, edge)) for edge in edges)
    scores = union_all(_months(body, slice_, SCORES), *inside).lateral()
    return _joined(_with_seen(_added(numbers, NUMBERS), numbers), _added(scores, SCORES))


def _cut_month(body: Members, edge: Edge) -> Select[Any]:
    """The numbers of a cut month's days in the period, and the raters seen behind these or behind the others."""
    s = Submission.__table__.alias()
    m, inside = slices.marks(s, slices.ALL_TIME), and_(*edge.inside(s.c.submitted_on))
    within, beyond = (protection.bits(s.c.rater_id).filter(part) for part in (inside, not_(inside)))
    seen = func.least(func.coalesce(protection.seen(within), 0), protection.seen(beyond), type_=BigInteger())
    columns = (*_numbers_of(m, inside), case((edge.is_cut, seen)).label("seen"))
    return picked(select(*columns), body, slices.ALL_TIME, s, m).where(edge.is_cut, *edge.month(s.c.submitted_on))


def by_submissions(body: Members, slice_: Slice, *points: Point) -> FromClause:
    """The sums of any slice."""
    return _together(_numbers(body, slice_, *points).lateral(), _scores(body, slice_, *points).lateral())


def by_parts(body: Members, slice_: Slice) -> FromClause:
    """The sums of a slice by service, channel, kind of rater or visit, and what tells whether it is withheld.

    One pass over all submissions tells both: the parts are those that the slice's conditions can tell apart, whether they
    fit or not. Of one organization and condition raters are counted in each (`resolvers.ratings.parts`). Else the fewest
    raters `seen` in a part stand beside k (`least`): where fewer are seen than it takes, they have to be counted.
    """
    s = Submission.__table__.alias()
    m, names = slices.marks(s, slice_), list(slices.fits(s, slice_))
    picked = (*slices.known(slice_), body.said(s.c.organization_id), slices.counts(s), *slices.days(s, slice_))
    query, numbers = body.look(select(s.c.id).select_from(m.source).where(*picked)), _apart(m)
    if body.is_one and len(names) == 1:
        part = parts.by_rater(s, query, names[0], numbers)
        fits = slices.every_fits(part, slice_)
        found = parts.seen_through(part, names[0], fits)
    else:
        part = _seen_parts(s, query, names, numbers)
        fits = slices.every_fits(part, slice_)
        found = _with_seen(select(), part)
    return _joined(found.add_columns(*_fitting(part, fits)), _added(_scores(body, slice_).lateral(), SCORES))


def _seen_parts(s: FromClause, query: Select[Any], names: list[str], numbers: dict[str, Any]) -> FromClause:
    by = [s.c[name] for name in names]
    seen = protection.seen(protection.bits(s.c.rater_id)).label("seen")
    columns = (*by, *(number.label(name) for name, number in numbers.items()), seen)
    return query.with_only_columns(*columns).group_by(*by).lateral()


def _fitting(part: FromClause, fits: ColumnElement[bool]) -> list[ColumnElement[Any]]:
    """The numbers of the parts that fit."""

    def of(name: str) -> ColumnElement[Any]:
        return cast(func.coalesce(func.sum(part.c[name]).filter(fits), 0), BigInteger)

    marks = _array([of(f"marks_{whole}") for whole in WHOLES])
    return [*(of(name).label(name) for name in SUMS), marks.label("marks")]


def _with_seen(sums: Select[Any], rows: FromClause) -> Select[Any]:
    """Sums of parts with the fewest raters seen in one of them, and how many it takes."""
    return sums.add_columns(func.min(rows.c.seen).label("seen"), cast(protection.least(), BigInteger).label("least"))


def added(parts: FromClause) -> Select[Any]:
    """All sums of some rows, added up to one."""
    return _added(parts, (*NUMBERS, *SCORES))


def picked(query: Select[Any], body: Members, slice_: Slice, s: FromClause, m: Marks) -> Select[Any]:
    """A query over the submissions that members were told in a slice."""
    conditions = (*slices.known(slice_), body.said(s.c.organization_id), *slices.conditions(s, slice_))
    return body.look(query.select_from(m.source).where(*conditions))


def _months(body: Members, slice_: Slice, names: tuple[str, ...], *points: Point) -> Select[Any]:
    m = MonthTotal.__table__.alias()
    columns = [*(point(m.c.month) for point in points), *(cast(m.c[name], TYPES[name]).label(name) for name in names)]
    return body.look(select(*columns).where(*body.months(m), *Period.of(slice_).months(m.c.month)))


def _on_edge(edge: Edge, s: FromClause) -> tuple[ColumnElement[bool], ...]:
    return (edge.is_cut, *edge.inside(s.c.submitted_on))


def _numbers(body: Members, slice_: Slice, *points: Point, where: Any = lambda s: ()) -> Select[Any]:
    """Numbers and marks of what members were told in a slice."""
    s = Submission.__table__.alias()
    m, by = slices.marks(s, slice_), [point(s.c.submitted_on) for point in points]
    return picked(select(*by, *_numbers_of(m)), body, slice_, s, m).where(*where(s)).group_by(*by)


def _numbers_of(m: Marks, fits: Any = None) -> list[ColumnElement[Any]]:
    """The numbers of the submissions that fit, or of all, with their marks as an array."""
    columns = _apart(m, fits)
    marks = _array([columns[f"marks_{whole}"] for whole in WHOLES])
    return [*(columns[name].label(name) for name in SUMS), marks.label("marks")]


def _apart(m: Marks, fits: Any = None) -> dict[str, ColumnElement[Any]]:
    """The same with a number for each mark: these are added up faster than arrays."""

    def of(function: Any, *more: Any) -> Any:
        conditions = [each for each in (fits, *more) if each is not None]
        return function.filter(*conditions) if conditions else function

    return {
        "submissions": of(func.count()),
        "mark_sum": cast(of(func.sum(m.units)), BigInteger),
        "satisfied": of(func.count(), m.satisfied),
        **{f"marks_{whole}": of(func.count(), m.whole == whole) for whole in WHOLES},
    }


def _scores(body: Members, slice_: Slice, *points: Point, where: Any = lambda s: ()) -> Select[Any]:
    """Sums and numbers of scores by criterion, a row for each form, as that says where they stand."""
    s = Submission.__table__.alias()
    m, form = slices.marks(s, slice_), s.c.questionnaire_id
    by = [point(s.c.submitted_on) for point in points]
    scores = [s.c.scores[place] for place in PLACES]
    places = (_array([func.sum(score) for score in scores]), _array([func.count(score) for score in scores]))
    tallies = [func.by_criterion(form, each, m.criteria, type_=TALLY) for each in places]
    columns = [tally.label(name) for name, tally in zip(SCORES, tallies, strict=True)]
    return picked(select(*by, *columns), body, slice_, s, m).where(*where(s)).group_by(form, *by)


def _together(numbers: FromClause, scores: FromClause) -> FromClause:
    """Numbers and scores, each added up by the same points."""
    by = _keys(scores)
    return _joined(_added(numbers, NUMBERS, *by), _added(scores, SCORES, *by), *by)


def _keys(parts: FromClause) -> list[str]:
    """The columns that sums are added up by."""
    return [column.name for column in parts.c if column.name not in TYPES]


def _joined(numbers: Select[Any], scores: Select[Any], *by: str) -> FromClause:
    number, score = numbers.lateral(), scores.lateral()
    same = and_(true(), *(number.c[name] == score.c[name] for name in by))
    query = select(*number.c, *(score.c[name] for name in SCORES))
    return query.select_from(number.outerjoin(score, same)).lateral()


def _added(parts: FromClause, names: tuple[str, ...], *by: str) -> Select[Any]:
    """Sums added up, in groups, of which there is one where nothing else is said."""
    keys = [parts.c[name] for name in by]
    sums = [_sum(parts.c[name]).label(name) for name in names]
    return select(*keys, *sums).group_by(*keys)


def _sum(column: ColumnElement[Any]) -> ColumnElement[Any]:
    if column.name in SUMS:
        # The sum of bigints is numeric in PostgreSQL; ours stays far below 2^63.
        return cast(func.coalesce(func.sum(column), 0), BigInteger)
    return added_up(column, NO_MARKS if column.name == "marks" else NOTHING)


def _array(values: list[Any]) -> ColumnElement[Any]:
    return array(values, type_=BigInteger())
