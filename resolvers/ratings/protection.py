"""Protection: a part of a rating is withheld where it would tell of fewer people than a policy says.

Ratings of all time and of whole months are public at once, however few stand behind them. A slice
by service, channel or kind of rater, or by days, is withheld where one to k - 1 raters stand behind
it, and where it would single out so few by subtraction from what is public (decision 0010).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import (
    ARRAY,
    TIMESTAMP,
    BigInteger,
    Boolean,
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
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import BIT, aggregate_order_by
from sqlalchemy.sql.elements import ColumnElement

from models import policies
from models.policies import PolicyName
from models.submissions import Submission
from resolvers.ratings import parts, slices
from resolvers.ratings.members import Members
from resolvers.ratings.periods import Edge, Period, Point
from resolvers.ratings.slices import Slice

Days = Callable[[ColumnElement[date]], tuple[ColumnElement[bool], ...]]

# How many submissions are looked at first: a few visits by the same people are seen through.
FIRST = 100


def least() -> ColumnElement[int]:
    """How many raters it takes: k."""
    return select(policies.whole(PolicyName.SMALL_GROUP_RATERS)).scalar_subquery()


def is_possible(slice_: Slice) -> bool:
    """Whether a slice can be withheld, whatever the values that it was planned for."""
    return not slice_.is_of_everyone or bool(Period.of(slice_).edges)


def applies(slice_: Slice) -> ColumnElement[bool]:
    """True where a slice can be withheld: unless it is of everyone, over whole months."""
    return Period.of(slice_).is_cut if slice_.is_of_everyone else true()


def of_everyone(body: Members, slice_: Slice, many: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a slice of what everyone told members is withheld; false where nobody told anything.

    `many` is true only where there are enough raters in the days of each month that it cuts, and in the others.
    """
    period = Period.of(slice_)
    few = case((period.is_cut, _is_of_few(body, slice_, period.days)), else_=false())
    return case((many, false()), else_=or_(*_edges(body, slice_), few))


def of_some(body: Members, slice_: Slice, told: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same of any other slice, if it is known whether its conditions tell few (`told`)."""
    return or_(*_edges(body, slice_), told)


def _edges(body: Members, slice_: Slice) -> list[ColumnElement[bool]]:
    return [_edge(body, slice_, edge) for edge in Period.of(slice_).edges]


def at_edges(
    body: Members, slice_: Slice, begin: ColumnElement[date], end: ColumnElement[date], row: FromClause
) -> ColumnElement[bool]:
    """Whether the days of a row, from `begin` to `end`, are withheld: whole months but where the slice ends."""
    cut = [(and_(edge.is_cut, edge.bounds(begin, end)), edge) for edge in Period.of(slice_).edges]
    few = _is_of_few(replace(body, outer=(*body.outer, row)), slice_, lambda day: (day >= begin, day <= end))
    return or_(false(), *(case((is_cut, or_(_edge(body, slice_, edge), few)), else_=false()) for is_cut, edge in cut))


def by_points(body: Members, slice_: Slice, point: Point, *, fine: bool) -> FromClause | None:
    """Which points of a slice's dates are withheld for what they are, not for where the slice begins or ends.

    `fine` points are days or weeks. None where none can be.
    """
    queries: list[Any] = []
    if not slice_.is_of_everyone:
        queries.append(_of_points(body, slice_, point))
    if fine:
        queries.append(_of_days(body, slice_, point))
    if not queries:
        return None
    found = union_all(*queries).lateral()
    return select(found.c.point, func.bool_or(found.c.withheld).label("withheld")).group_by(found.c.point).lateral()


def _of_points(body: Members, slice_: Slice, point: Point) -> Select[Any]:
    """Whether the conditions of a slice tell few raters from the rest at a point."""
    s = Submission.__table__.alias()
    query = _said(body, slice_, s, *slices.days(s, slice_))
    of_day = point(s.c.submitted_on)
    close = query.where(of_day.in_(_doubtful(query, s, of_day, *(s.c[name] for name in slices.fits(s, slice_)))))
    group = of_groups(said_of(s, slice_, close, of_day), slice_, ["point"]).subquery()
    return select(group.c.point, group.c.withheld)


def _of_days(body: Members, slice_: Slice, point: Point) -> Select[Any]:
    """Whether days or weeks are hidden in the month that they begin in, where what is not asked for is another one."""
    s = Submission.__table__.alias()
    day, period = s.c.submitted_on, Period.of(slice_)
    has_day = slices.days(s, slice_)
    shown = case((and_(*has_day), point(day)), else_=null()) if has_day else point(day)
    month = func.date_trunc("month", cast(func.coalesce(shown, day), TIMESTAMP()))
    query = _said(body, slice_, s, *period.touched(day), *slices.fits(s, slice_).values())
    close = query.where(month.in_(_doubtful(query, s, month, shown)))
    said = close.with_only_columns(s.c.rater_id, shown.label("point"), month.label("month")).lateral()
    cell = cells(said, ("month",), ("point",)).subquery()
    return select(cell.c.point, cell.c.hidden.label("withheld")).where(cell.c.point.is_not(None))


def _doubtful(query: Select[Any], s: FromClause, group: ColumnElement[Any], *cell: ColumnElement[Any]) -> Select[Any]:
    """Of the groups of what was said, those where few raters are seen in a cell: the others need no closer look."""
    found = query.with_only_columns(group.label("doubtful"), seen(bits(s.c.rater_id)).label("seen"))
    part = found.group_by(group, *cell).lateral()
    return select(part.c.doubtful).where(part.c.seen < least())


def _is_of_few(body: Members, slice_: Slice, days: Days) -> ColumnElement[bool]:
    """Whether few raters stand behind some days: mostly the first submissions show that they are not."""
    s = Submission.__table__.alias()
    query = _said(body, slice_, s, *days(s.c.submitted_on), *slices.fits(s, slice_).values())
    some = query.limit(literal_column(str(FIRST))).lateral()
    found = select(func.count(some.c.rater_id.distinct())).scalar_subquery()
    every = query.with_only_columns(is_few(func.count(s.c.rater_id.distinct()))).scalar_subquery()
    return case((found >= least(), false()), else_=every)


def _edge(body: Members, slice_: Slice, edge: Edge) -> ColumnElement[bool]:
    """Whether few raters stand behind a cut month's days inside of a period, or behind the others."""
    s = Submission.__table__.alias()
    inside = and_(*edge.inside(s.c.submitted_on))
    query = _said(body, slice_, s, *edge.month(s.c.submitted_on), *slices.fits(s, slice_).values())
    few = any_few(*(_raters(s.c.rater_id, part) for part in (inside, not_(inside))))
    return case((edge.is_cut, query.with_only_columns(few).scalar_subquery()), else_=false())


def is_told(body: Members, slice_: Slice) -> ColumnElement[bool]:
    """Whether the conditions of a slice by service, channel, kind of rater or visit tell few raters from the rest."""
    s = Submission.__table__.alias()
    query, names = _said(body, slice_, s, *slices.days(s, slice_)), list(slices.fits(s, slice_))
    if len(names) == 1:
        part = parts.by_rater(s, query, names[0], {})
        seen = parts.seen_through(part, names[0], slices.every_fits(part, slice_)).lateral()
        return select(parts.is_told(seen)).scalar_subquery()
    return select(of_groups(said_of(s, slice_, query), slice_).subquery().c.withheld).scalar_subquery()


def bits(rater: ColumnElement[int]) -> ColumnElement[int]:
    """Raters in one pass and without sorting: each sets one bit of 64."""
    return func.bit_or(literal_column("1::bigint").op("<<")(cast(rater % 64, Integer)), type_=BigInteger())


def seen(raters: ColumnElement[int]) -> ColumnElement[int]:
    """How many raters there are at least, by their bits."""
    return func.bit_count(cast(raters, BIT(64)), type_=BigInteger())


def _said(body: Members, slice_: Slice, s: FromClause, *where: ColumnElement[bool]) -> Select[Any]:
    """The submissions to members that have a mark under a slice, whatever its other conditions."""
    mark = slices.marks(s, slice_)
    query = select(s.c.rater_id).select_from(mark.source).where(body.said(s.c.organization_id))
    return body.look(query.where(slices.counts(s), *where))


def said_of(s: FromClause, slice_: Slice, query: Select[Any], *more: ColumnElement[Any]) -> FromClause:
    """The submissions of a query with what the slice's conditions are about, and whether they fit."""
    fits = slices.fits(s, slice_)
    columns = [s.c[name] for name in fits]
    flags = [func.coalesce(fit, false()).label(f"fits_{name}") for name, fit in fits.items()]
    return query.with_only_columns(s.c.rater_id, *columns, *flags, *more).lateral()


def of_groups(said: FromClause, slice_: Slice, by: Sequence[str] = ()) -> Select[Any]:
    """The `raters` of the slice of what was said, and whether it is `withheld`, for each value of some columns.

    It is where few raters stand behind it, or behind all else that was said; and where, by one of
    its conditions, it takes in some but not all of what is hidden.
    """
    names = list(slices.fits(said, slice_))
    fits = {name: said.c[f"fits_{name}"] for name in names}
    every = and_(*fits.values())
    keys = [said.c[key] for key in by]
    raters, rest = _raters(said.c.rater_id, every), _raters(said.c.rater_id, not_(every))
    queries = [select(*keys, raters.label("raters"), any_few(raters, rest).label("withheld")).group_by(*keys)]
    queries += [_splits(said, name, [fit for other, fit in fits.items() if other != name], by) for name in names]
    found = union_all(*queries).subquery()
    keys = [found.c[key] for key in by]
    columns = func.max(found.c.raters).label("raters"), func.bool_or(found.c.withheld).label("withheld")
    return select(*keys, *columns).group_by(*keys)


def _splits(said: FromClause, name: str, others: Iterable[ColumnElement[bool]], by: Sequence[str]) -> Select[Any]:
    """Whether a condition takes in some but not all of the hidden values of its column; which are, `cells` says.

    It is seen without telling for each value whether it is hidden: that is seldom asked, and has to cost little.
    """
    fits = f"fits_{name}"
    sized = _sized(select(said).where(*others).subquery(), (*by, name, fits))
    keys, fit, few = [sized.c[key] for key in by], sized.c[fits], sized.c.few
    taken, left = func.bool_or(fit).filter(few), func.bool_or(not_(fit)).filter(few)
    in_order = func.array_agg(aggregate_order_by(fit, sized.c.raters, sized.c[name], fit), type_=ARRAY(Boolean()))
    next_ = in_order.filter(not_(few))[1]
    with_next = and_(is_few(_raters(sized.c.rater, few)), or_(and_(taken, not_(next_)), and_(left, next_)))
    uncounted = cast(null(), BigInteger)
    split = or_(and_(taken, left), with_next)
    return select(*keys, uncounted.label("raters"), split.label("withheld")).group_by(*keys)


def cells(said: FromClause, group: Sequence[str], cell: Sequence[str]) -> Select[Any]:
    """What was said, divided into cells: the `raters` of each, and whether it is `hidden`.

    Cells with few raters are hidden. Where all those of a group together have few raters still, the
    next smallest is hidden with them: the group is public, and what is hidden in it could be told
    from the rest otherwise. Each rater counts once in a cell, and once in what is hidden.
    """
    names = (*group, *cell)
    counted = _counted(_sized(said, names), group, names).subquery()
    few = counted.c.few
    within = [counted.c[name] for name in group]
    together = func.sum(counted.c.new).over(partition_by=within)
    order = [counted.c.raters, *(counted.c[name] for name in cell)]
    is_next = func.row_number().over(partition_by=[*within, few], order_by=order) == 1
    ranked = select(counted, and_(is_few(together), is_next).label("next")).subquery()
    columns = [ranked.c[name] for name in names]
    return select(*columns, ranked.c.raters, or_(ranked.c.few, ranked.c.next).label("hidden"))


def _sized(said: FromClause, names: Sequence[str]) -> FromClause:
    """The cells, each with its number of `raters`, in as many rows as there are of them where they are `few` (`rater`).

    Most raters are in cells that are large enough, which is one row: they need not be told apart.
    """
    pair = select(*(said.c[name] for name in names), said.c.rater_id).distinct().subquery()
    keys, raters = [pair.c[name] for name in names], func.count()
    ids = func.array_agg(pair.c.rater_id, type_=ARRAY(BigInteger()))
    columns = (raters.label("raters"), (raters < least()).label("few"), ids.label("ids"))
    cell = select(*keys, *columns).group_by(*keys).subquery()
    rater = func.unnest(case((cell.c.few, cell.c.ids))).table_valued("id").render_derived().lateral()
    told = [cell.c[name] for name in (*names, "raters", "few")]
    return select(*told, rater.c.id.label("rater")).select_from(cell.outerjoin(rater, true())).subquery()


def _counted(sized: FromClause, group: Sequence[str], names: Sequence[str]) -> Select[Any]:
    """The cells, each with the number of raters who are `new` in it among those of all that have few."""
    whose = [sized.c[name] for name in (*group, "rater", "few")]
    first = func.row_number().over(partition_by=whose) == 1
    marked = select(sized, and_(sized.c.few, first).label("is_first")).subquery()
    keys = [marked.c[name] for name in (*names, "raters", "few")]
    return select(*keys, func.count().filter(marked.c.is_first).label("new")).group_by(*keys)


def is_few(raters: ColumnElement[int]) -> ColumnElement[bool]:
    """True for some, but fewer than it takes."""
    return raters.between(1, least() - 1)


def any_few(*raters: ColumnElement[int]) -> ColumnElement[bool]:
    """True where one of these numbers at least is of some, but fewer than it takes; nobody is no small group."""
    fewest = func.least(*(func.nullif(number, 0) for number in raters), type_=BigInteger())
    return func.coalesce(fewest < least(), false())


def _raters(rater: ColumnElement[int], part: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(rater.distinct(), type_=BigInteger()).filter(part)
