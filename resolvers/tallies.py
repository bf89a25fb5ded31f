"""Tallies: what stands behind the ratings of a slice, in rows with the columns of a total.

A total is the tally of all time. `COLUMNS` are those of `models.totals.Total` and `withheld`; `least`,
where it is not one, is the number of submissions from which on a criterion is told. Where a row is
withheld, only `submissions` is told: `raters` is 0, `marks` and the criteria are empty, the rest is
null. PostgreSQL works out only the columns that are read.
"""

from typing import Any

from sqlalchemy import (
    ARRAY,
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
    union_all,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.sql.elements import ColumnElement

from models.organizations import Organization
from models.submissions import Submission
from models.totals import MonthTotal, Pool, Total
from resolvers import members, protection, slices
from resolvers.members import Conditions, Members
from resolvers.periods import Period
from resolvers.slices import Marks, Slice

TALLY = ARRAY(BigInteger())
NO_MARKS = literal([0, 0, 0, 0, 0], TALLY)
NOTHING = literal_column("'{}'::bigint[]", TALLY)
PLACES = range(1, 17)

SUMS = ("submissions", "mark_sum", "satisfied")
ARRAYS = ("marks", "criterion_sums", "criterion_counts")
COLUMNS = (*SUMS, "raters", *ARRAYS, "value", "withheld")


def each(among: Conditions, slice_: Slice, pool: Pool) -> FromClause:
    """A tally for each organization of a set, under `organization_id`: those without submissions, too."""
    o = Organization.__table__.alias()
    if slice_.is_all_time:
        t = Total.__table__.alias()
        query = _of_totals(t, o.c.id.label("organization_id"))
        return query.select_from(o.join(t, t.c.organization_id == o.c.id)).where(t.c.pool == pool, *among(o)).subquery()
    tally = one(o, slice_, pool)
    query = select(o.c.id.label("organization_id"), *tally.c).select_from(o.join(tally, true())).where(*among(o))
    return query.subquery()


def one(o: FromClause, slice_: Slice, pool: Pool) -> FromClause:
    """The tally of an organization's row, lateral to it."""
    if slice_.is_all_time:
        t = Total.__table__.alias()
        return _of_totals(t).where(t.c.organization_id == o.c.id, t.c.pool == pool).correlate(o).lateral()
    return of_members(members.of_organization(o, pool), slice_)


def of_set(among: Conditions, slice_: Slice, outer: FromClause | None = None) -> FromClause:
    """The tally of the own submissions of a set's organizations together."""
    body = members.of_set(among, outer)
    if not slice_.is_all_time:
        return of_members(body, slice_)
    t = Total.__table__.alias()
    parts = _own(select(*(t.c[name] for name in (*SUMS, *ARRAYS))).where(*body.months(t)), body).lateral()
    return _told(added(parts).lateral(), _raters(body, slice_), false(), slice_)


def is_rated(o: FromClause, slice_: Slice) -> ColumnElement[bool]:
    """Whether an organization has a submission of its own in a slice."""
    body = members.of_organization(o, Pool.OWN)
    if slice_.is_all_time:
        t = Total.__table__.alias()
        return _own(select(t.c.organization_id).where(*body.months(t), t.c.submissions > 0), body).exists()
    s = Submission.__table__.alias()
    return _of(select(s.c.id), body, slice_, s, slices.marks(s, slice_)).exists()


def of_members(body: Members, slice_: Slice) -> FromClause:
    """The tally of what members were told in a slice that is not all time, as one row."""
    sums = added(_parts(body, slice_)).lateral()
    return _told(sums, _raters(body, slice_), _withheld(sums, body, slice_), slice_)


def _of_totals(t: FromClause, *more: ColumnElement[Any]) -> Select[Any]:
    return select(*more, *((false() if name == "withheld" else t.c[name]).label(name) for name in COLUMNS))


def _parts(body: Members, slice_: Slice) -> FromClause:
    """Rows that add up to the tally of a slice."""
    if not slice_.is_period:
        return said(body, slice_).lateral()
    period, s, m = Period.of(slice_), Submission.__table__.alias(), MonthTotal.__table__.alias()
    edges = (said(body, slices.ALL_TIME, edge.is_cut, *edge.inside(s.c.submitted_on), s=s) for edge in period.edges)
    return union_all(_own(months(m).where(*body.months(m), *period.months(m.c.month)), body), *edges).lateral()


def months(m: FromClause) -> Select[Any]:
    """The months that a row of totals by month has the sums of, in the types of a tally."""
    types: dict[str, Any] = {**dict.fromkeys(SUMS, BigInteger()), **dict.fromkeys(ARRAYS, TALLY)}
    return select(*(cast(m.c[name], type_).label(name) for name, type_ in types.items()))


def said(body: Members, slice_: Slice, *where: ColumnElement[bool], s: FromClause | None = None) -> Select[Any]:
    """The sums of what members were told in a slice, a row for each form."""
    s = Submission.__table__.alias() if s is None else s
    m = slices.marks(s, slice_)
    form = s.c.questionnaire_id
    sums = _array(*(func.sum(s.c.scores[place]) for place in PLACES))
    counts = _array(*(func.count(s.c.scores[place]) for place in PLACES))
    query: Select[Any] = select(
        func.count().label("submissions"),
        cast(func.sum(m.units), BigInteger).label("mark_sum"),
        func.count().filter(m.satisfied).label("satisfied"),
        _array(*(func.count().filter(m.whole == whole) for whole in range(1, 6))).label("marks"),
        func.by_criterion(form, sums, m.criteria, type_=TALLY).label("criterion_sums"),
        func.by_criterion(form, counts, m.criteria, type_=TALLY).label("criterion_counts"),
    )
    return _of(query, body, slice_, s, m).where(*where).group_by(form)


def _array(*values: ColumnElement[int]) -> ColumnElement[Any]:
    return array(values, type_=BigInteger())


def _of(query: Select[Any], body: Members, slice_: Slice, s: FromClause, m: Marks) -> Select[Any]:
    """A query over the submissions that members were told in a slice."""
    picked = (*slices.known(slice_), body.said(s.c.organization_id), *slices.conditions(s, slice_))
    return _own(query.select_from(m.source).where(*picked), body)


def added(parts: FromClause, *by: ColumnElement[Any]) -> Select[Any]:
    """Tallies added up, in groups of which there is one where nothing else is said."""
    sums = {name: cast(func.coalesce(func.sum(parts.c[name]), 0), BigInteger) for name in SUMS}
    query: Select[Any] = select(
        *by,
        *(total.label(name) for name, total in sums.items()),
        func.tally_add(NO_MARKS, func.tally_sum(parts.c.marks), type_=TALLY).label("marks"),
        *(func.tally_sum(parts.c[name], type_=TALLY).label(name) for name in ARRAYS[1:]),
    )
    return query.group_by(*by)


def _own(query: Select[Any], body: Members) -> Select[Any]:
    return query if body.outer is None else query.correlate(body.outer)


def _raters(body: Members, slice_: Slice) -> ColumnElement[int]:
    """Distinct raters cannot be added up: they are counted where they are asked for."""
    s = Submission.__table__.alias()
    query: Select[Any] = select(func.count(s.c.rater_id.distinct()))
    return _of(query, body, slice_, s, slices.marks(s, slice_)).scalar_subquery()


def _withheld(sums: FromClause, body: Members, slice_: Slice) -> ColumnElement[bool]:
    """Whether a tally is withheld: the little that is known of it may tell already."""
    few = and_(sums.c.submissions < protection.least(), protection.applies(slice_))
    return case((sums.c.submissions == 0, false()), (few, true()), else_=protection.withheld(body, slice_))


def _told(sums: FromClause, raters: ColumnElement[int], withheld: ColumnElement[bool], slice_: Slice) -> FromClause:
    """What is told of sums: all, or only how many submissions there are."""
    # OFFSET 0 keeps the planner from working it out again for each column that depends on it.
    known = select(sums, withheld.label("withheld")).offset(literal_column("0")).lateral()
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
        columns["least"] = cast(protection.least(), BigInteger)
    return select(*(column.label(name) for name, column in columns.items())).select_from(known).lateral()


def _unless(known: FromClause, value: ColumnElement[Any], else_: Any) -> ColumnElement[Any]:
    return case((known.c.withheld, else_), else_=value)
