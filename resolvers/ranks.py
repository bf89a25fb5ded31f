"""Ranks: competition ranking (1, 2, 2, 4) by the published value among a stated set.

There are at most 401 published values, so a set is ranked by counting its organizations at each
value, once a statement: nothing is sorted, and one organization's rank costs no more than a
page's.
"""

import enum
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Enum, FromClause, Integer, Select, and_, case, cast, func, literal, null, select, true
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import CTE

from engine.arguments import Arguments
from engine.fields import Order, Rows
from models import policies
from models.errors import InputError, NotAvailable
from models.organizations import Organization
from models.policies import PolicyName
from models.totals import Total
from resolvers import filters, ratings
from resolvers.columns import own
from resolvers.ratings import pool_of
from resolvers.slices import all_time


class RankingMethod(enum.Enum):
    """By what organizations are ranked."""

    MEAN = "MEAN"
    CREDIBLE = "CREDIBLE"


class NotRankedReason(enum.Enum):
    """Why an organization has no position."""

    NO_SUBMISSIONS = "NO_SUBMISSIONS"
    TOO_FEW_RATERS = "TOO_FEW_RATERS"
    CLOSED = "CLOSED"
    NOT_AMONG = "NOT_AMONG"


def among(o: FromClause, a: Arguments) -> tuple[ColumnElement[bool], ...]:
    """The conditions of the set that is ranked; closed organizations are never in it."""
    return (*filters.conditions(o, a.among), filters.is_open(o))


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


def standings(a: Arguments) -> CTE:
    """For each published value of the set: the position there, how many share it, out of how many.

    A common table expression, so that it is worked out once, whatever the number of rows.
    """
    o, t = Organization.__table__.alias(), Total.__table__.alias()
    at_value = func.count()
    better = func.sum(at_value).over(order_by=t.c.value.desc())
    query: Select[Any] = (
        select(
            t.c.value,
            at_value.label("tied"),
            # The sum of bigints is numeric in PostgreSQL; these are numbers of organizations.
            cast(better - at_value + 1, Integer).label("position"),
            cast(func.sum(at_value).over(), Integer).label("out_of"),
        )
        .select_from(o.join(t, t.c.organization_id == o.c.id))
        .where(t.c.pool == pool_of(a), t.c.raters >= minimum(a), t.c.submissions > 0, *among(o, a))
        .group_by(t.c.value)
    )
    return query.cte().prefix_with("MATERIALIZED", dialect="postgresql")


def supported(a: Arguments) -> None:
    """Refuse what rankings do not answer yet."""
    all_time(a.slice)
    if a.method is RankingMethod.CREDIBLE:
        raise NotAvailable("The method CREDIBLE is not available yet, only MEAN.")
    if a.compared_to is not None:
        raise NotAvailable("Comparing ranks with an earlier date is not available yet.")


def of_organization(o: FromClause, a: Arguments) -> Rows:
    """The rank of one organization, which may not even belong to the set."""
    supported(a)
    outside = [
        (~filters.is_open(o), because(NotRankedReason.CLOSED)),
        (and_(*among(o, a)).is_not(true()), because(NotRankedReason.NOT_AMONG)),
    ]
    return _rank(o, a, outside)


def of_entry(o: FromClause, a: Arguments) -> Rows:
    """The rank of an entry of a ranking, by the ranking's own arguments."""
    return _rank(o, a.outer, [])


def _rank(o: FromClause, a: Arguments, outside: Sequence[tuple[ColumnElement[bool], ColumnElement[Any]]]) -> Rows:
    standing, total = standings(a), Total.__table__.alias()
    reason = case(
        *outside,
        (total.c.submissions == 0, because(NotRankedReason.NO_SUBMISSIONS)),
        (total.c.raters < minimum(a), because(NotRankedReason.TOO_FEW_RATERS)),
    )
    standing_out_of = select(func.max(standing.c.out_of)).scalar_subquery()
    ranked = reason.is_(None)
    row = (
        select(
            case((ranked, standing.c.position)).label("position"),
            reason.label("reason"),
            cast(func.coalesce(standing_out_of, 0), Integer).label("out_of"),
            cast(case((ranked, standing.c.tied), else_=0), Integer).label("tied"),
            total.c.value,
        )
        .select_from(total.outerjoin(standing, standing.c.value == total.c.value))
        .where(total.c.organization_id == o.c.id, total.c.pool == pool_of(a))
        .correlate(o)
        .lateral()
    )
    return Rows(row)


def because(reason: NotRankedReason) -> ColumnElement[Any]:
    """A reason as SQL."""
    return literal(reason, Enum(NotRankedReason, native_enum=False))


def ranking(_: None, a: Arguments) -> Rows:
    """A set in the order of its ranks; those that are not ranked come last."""
    supported(a)
    o, total = Organization.__table__.alias(), Total.__table__.alias()
    enough = and_(total.c.submissions > 0, total.c.raters >= minimum(a))
    of_pool = and_(total.c.organization_id == o.c.id, total.c.pool == pool_of(a))
    return Rows(
        o,
        joins=((total, of_pool),),
        where=among(o, a),
        order=(Order(case((enough, total.c.value), else_=0), True), Order(o.c.id, True)),
    )


def entry_organization(o: FromClause, a: Arguments) -> Rows:
    return Rows(o)


def entry_rating(o: FromClause, a: Arguments) -> Rows:
    """The rating that the entry's rank is by."""
    return ratings.total_of(o, pool_of(a.outer))


position = own("position")
not_ranked = own("reason")
out_of = own("out_of")
tied = own("tied")


# In hundredths.
value = own("value")


def compared(k: FromClause, a: Arguments) -> ColumnElement[Any]:
    """Null: there is nothing to compare with where no earlier date is given."""
    return cast(null(), Integer)
