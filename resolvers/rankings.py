"""Rankings: a set of organizations in the order of its ranks."""

import enum

from sqlalchemy import FromClause, Integer, cast, func, null
from sqlalchemy.sql.elements import ColumnElement

from engine.arguments import Arguments
from engine.fields import Order, Rows
from models.errors import InputError
from models.organizations import Organization
from resolvers import ranks, ratings

# Below and above all changes of position, so that who has none comes last.
BELOW_ALL, ABOVE_ALL = -(2**31), 2**31 - 1


class RankingOrder(enum.Enum):
    """The orders in which a ranking can be read."""

    POSITION = "POSITION"
    CHANGE_DESC = "CHANGE_DESC"
    CHANGE_ASC = "CHANGE_ASC"


def ranking(_: None, a: Arguments) -> Rows:
    """A set in the order of its ranks, or of their changes. Those that are not ranked are in no order but their id's."""
    now, then = a.once(ranks.standings), a.once(ranks.earlier)
    entry = now.tallies
    by_position = (Order(entry.c.key, True), Order(entry.c.id, True))
    if then is None:
        if a.order_by not in {None, RankingOrder.POSITION}:
            raise InputError("orderBy", f"{a.order_by.name} needs comparedTo")
        return Rows(entry, order=by_position, extras={"previous": cast(null(), Integer)})
    joins = (
        (now.places, now.places.c.key == entry.c.key),
        (then.tallies, then.tallies.c.id == entry.c.id),
        (then.places, then.places.c.key == then.tallies.c.key),
    )
    change = _by_change(a.order_by, then.places.c.position - now.places.c.position)
    return Rows(entry, joins=joins, order=(*change, *by_position), extras={"previous": then.places.c.position})


def _by_change(order: RankingOrder | None, change: ColumnElement[int]) -> tuple[Order, ...]:
    if order is RankingOrder.CHANGE_DESC:
        return (Order(func.coalesce(change, BELOW_ALL), True),)
    if order is RankingOrder.CHANGE_ASC:
        return (Order(func.coalesce(change, ABOVE_ALL)),)
    return ()


def organization(e: FromClause, a: Arguments) -> Rows:
    """The organization of an entry."""
    row = Organization.__table__.alias()
    return Rows(row, where=(row.c.id == e.c.id,))


def rating(e: FromClause, a: Arguments) -> Rows:
    """The rating that the entry's rank is by."""
    return ratings.of_organization(e, a.outer)
