"""The viewer's budget of points, as it is when an operation is charged for."""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import Integer, cast, select

from engine.meanings.arguments import Arguments
from engine.meanings.fields import Rows
from resolvers.columns import own

# The name of what statements are told of it.
SHARED = "charge"


class Charge(NamedTuple):
    """What an operation costs; `limit` points are there for a minute, `remaining` of them are left for `seconds`.

    These are null where there is no limit.
    """

    cost: int
    limit: int | None = None
    remaining: int | None = None
    seconds: int | None = None


cost, limit, remaining, seconds = own("cost"), own("limit"), own("remaining"), own("seconds")


def of_viewer(_: None, a: Arguments) -> Rows:
    """The budget of whoever asks."""
    charge = a.shared(SHARED, Integer())
    told = [
        cast(charge.map(_part(name)).sql, Integer).label(name) for name in ("cost", "limit", "remaining", "seconds")
    ]
    return Rows(select(*told).subquery())


def _part(name: str) -> Callable[[Charge], Any]:
    return lambda charge: getattr(charge, name)
