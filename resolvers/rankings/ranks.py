"""Ranks: competition ranking (1, 2, 2, 4) by the published value among a stated set."""

import enum
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    Date,
    Enum,
    FromClause,
    Integer,
    Numeric,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    select,
)
from sqlalchemy.sql.elements import ColumnElement

from engine.meanings.arguments import Arguments
from engine.meanings.fields import Rows
from models import policies
from models.errors import InputError
from models.organizations import Organization
from models.policies import PolicyName
from resolvers.columns import own
from resolvers.rankings.frozen_standings import FrozenAmong, FrozenStandings
from resolvers.rankings.standings import RankingMethod, Standings
from resolvers.ratings import slices
from resolvers.ratings.ratings import pool_of
from resolvers.ratings.slices import Slice
from resolvers.sets import chosen, filters


class NotRankedReason(enum.Enum):
    """Why an organization has no position."""

    NO_SUBMISSIONS = "NO_SUBMISSIONS"
    TOO_FEW_RATERS = "TOO_FEW_RATERS"
    CLOSED = "CLOSED"
    NOT_AMONG = "NOT_AMONG"


def minimum(a: Arguments) -> ColumnElement[int]:
    """How many raters a position takes: the policy's number, which a query can only raise."""
    policy = policies.whole(PolicyName.MIN_RATERS)
    if a.min_raters is None:
        return select(policy).scalar_subquery()
    asked = a.min_raters.map(_checked_minimum, Integer())
    return select(func.greatest(policy, asked)).scalar_subquery()


def _checked_minimum(value: int) -> int:
    if not 0 <= value <= 1_000_000:
        raise InputError("minRaters", "must be between 0 and 1000000")
    return value


def standings(a: Arguments) -> Standings:
    """The standings that the arguments of `rank` or `ranking` ask for."""
    slice_ = slices.parsed_or_edition(a.slice)
    if slice_.edition is not None:
        _refuse_beside_edition(a)
        method = a.method or RankingMethod.MEAN
        if filters.asks(a.among):
            return FrozenAmong(chosen.by(lambda o: filters.picked(o, a.among)), slice_, pool_of(a), method)
        return FrozenStandings(slice_, pool_of(a), method)
    return _standings(a, slice_)


def _refuse_beside_edition(a: Arguments) -> None:
    """An edition's values and policies are as they were published."""
    filters.refuse_closed_beside_edition(a.among)
    for name, given in (("minRaters", a.min_raters), ("comparedTo", a.compared_to)):
        if given is not None:
            raise InputError(name, "does not go with slice.edition, whose policies are as they were published")


def earlier(a: Arguments) -> Standings | None:
    """The standings at the end of the day `comparedTo`: the same set, in which later submissions are not there yet."""
    if a.compared_to is None:
        return None
    return _standings(a, replace(slices.parsed(a.slice), last=a.map(_checked_date, Date())))


def _standings(a: Arguments, slice_: Slice) -> Standings:
    method = a.method or RankingMethod.MEAN
    of_all = not filters.asks(a.among)
    return Standings(chosen.open_ones(a.among), slice_, pool_of(a), minimum(a), method, of_all=of_all)


def _checked_date(values: Any) -> date:
    compared_to: date = values["comparedTo"]
    given = values.get("slice") or {}
    first, last = given.get("from"), given.get("to")
    if first is not None and compared_to < first:
        raise InputError("comparedTo", "must not be before slice.from")
    if last is not None and compared_to > last:
        raise InputError("comparedTo", "must not be after slice.to")
    return compared_to


def of_organization(o: FromClause, a: Arguments) -> Rows:
    """The rank of one organization, which may not even belong to the set."""
    now, then = a.once(standings), a.once(earlier)
    itself, tally, place = Organization.__table__.alias(), now.single(), now.places
    source = itself.outerjoin(tally, tally.c.id == itself.c.id).outerjoin(place, place.c.key == tally.c.key)
    previous: ColumnElement[Any] = null()
    if then is not None:
        before, previous = then.tallies, then.places.c.position
        source = source.outerjoin(before, before.c.id == itself.c.id)
        source = source.outerjoin(then.places, then.places.c.key == before.c.key)
    outside = case((now.is_closed(itself), because(NotRankedReason.CLOSED)), else_=because(NotRankedReason.NOT_AMONG))
    out_of = select(func.coalesce(func.max(place.c.out_of), 0)).scalar_subquery()
    query = _rank(now, place, tally, previous, outside, out_of).select_from(source).where(itself.c.id == o.c.id)
    return Rows(query.correlate(o).lateral())


def of_entry(e: FromClause, a: Arguments) -> Rows:
    """The rank of an entry of a ranking, by the ranking's own arguments."""
    now = a.outer.once(standings)
    place = now.place_of(e)
    return Rows(_rank(now, place, e, e.c.previous, null(), place.c.out_of).select_from(place).correlate(e).lateral())


def _rank(
    now: Standings,
    place: FromClause,
    tally: FromClause,
    previous: ColumnElement[Any],
    outside: ColumnElement[Any],
    out_of: ColumnElement[int],
) -> Select[Any]:
    """A rank from its place and the organization's row of the set, which is all nulls where it is outside."""
    reason = case(
        (tally.c.id.is_(None), outside),
        (tally.c.submissions == 0, because(NotRankedReason.NO_SUBMISSIONS)),
        (tally.c.key == 0, because(NotRankedReason.TOO_FEW_RATERS)),
    )
    # The number of raters behind a withheld value is not told, so neither is what is missing.
    missing = case((and_(tally.c.key == 0, ~tally.c.withheld), func.greatest(now.minimum - tally.c.raters, 0)))
    return select(
        place.c.position,
        reason.label("reason"),
        cast(missing, Integer).label("raters_missing"),
        out_of.label("out_of"),
        func.coalesce(place.c.tied, 0).label("tied"),
        cast(previous, Integer).label("previous"),
        (cast(previous, Integer) - place.c.position).label("change"),
        *(tally.c.value, tally.c.submissions, tally.c.mark_sum),
        *_method(now),
    )


def _method(now: Standings) -> tuple[ColumnElement[Any], ...]:
    """The columns that an explanation reads beside the tally; a mean has no prior, and needs no set."""
    prior, numbers = now.prior, ("prior", "set_mark_sum", "set_submissions")
    columns: tuple[ColumnElement[Any], ...] = literal(0), cast(null(), Numeric), cast(null(), BigInteger)
    if prior is not None:
        # Subqueries of one row: a join would keep PostgreSQL from picking the organizations first.
        found = (prior.c.prior, prior.c.mark_sum, cast(prior.c.submissions, BigInteger))
        columns = tuple(select(column).scalar_subquery() for column in found)
    method = literal(now.method, Enum(RankingMethod, native_enum=False)).label("method")
    return method, *(column.label(name) for name, column in zip(numbers, columns, strict=True))


def because(reason: NotRankedReason) -> ColumnElement[Any]:
    """A reason as SQL."""
    return literal(reason, Enum(NotRankedReason, native_enum=False))


position = own("position")
not_ranked = own("reason")
raters_missing = own("raters_missing")
out_of = own("out_of")
tied = own("tied")
previous = own("previous")
change = own("change")


# In hundredths.
value = own("value")
