"""Changes: how places of the same set differ between two standings; positions gained are positive."""

from sqlalchemy import FromClause, func, select
from sqlalchemy.sql.elements import ColumnElement

from engine.meanings.fields import Order
from models.organizations import Organization
from resolvers.rankings.standings import Standings

# Below and above all changes, so that who has none comes last.
BELOW_ALL, ABOVE_ALL = -(2**31), 2**31 - 1


def order(change: ColumnElement[int], *, descending: bool) -> Order:
    """Who rose most first, or who fell most; who has no change last in either direction."""
    return Order(func.coalesce(change, BELOW_ALL if descending else ABOVE_ALL), descending)


def since(then: Standings, now: Standings) -> FromClause:
    """A row for every organization there is: its `change` of place, null without two places, and its `key` now."""
    o = Organization.__table__.alias()
    source: FromClause = o
    for each in (now, then):
        source = source.outerjoin(each.tallies, each.tallies.c.id == o.c.id)
        source = source.outerjoin(each.places, each.places.c.key == each.tallies.c.key)
    change = then.places.c.position - now.places.c.position
    key = func.coalesce(now.tallies.c.key, 0)
    return select(o.c.id, change.label("change"), key.label("key")).select_from(source).subquery()
