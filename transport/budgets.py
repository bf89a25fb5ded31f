"""Budgets: points that each viewer may spend in a minute, counted here or, for several processes, in Redis."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Protocol

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from auth.machines import Machine
from auth.viewers import Viewer
from models.errors import ErrorCode, PortalError
from resolvers.accounts.budgets import Charge
from transport.shares import Shares

WINDOW_SECONDS = 60
# Counting may not hold up what it guards: Redis gets so long for an answer.
REDIS_SECONDS = 0.25

log = structlog.get_logger()


class Counting(Protocol):
    """Adds up the points of a minute."""

    async def spend(self, who: str, points: int, minute: int) -> int:
        """How many points somebody has spent in a minute, these included; negative ones are given back."""

    async def close(self) -> None:
        """Let go of what it holds."""


@dataclass
class HereAlone:
    """Counts in this process: a minute's counts are forgotten together, so each costs a dictionary's look-up.

    It remembers so many names at `most`. In a flood of more, those who have spent least are forgotten, and whoever was is
    taken to have spent as much as any of them (`_floor`): so nobody gets rid of what they have spent, and nobody is
    charged more than that for others. It is at most twice what all have spent, divided by `most`.
    """

    most: int = 20_000
    _minute: int = -1
    _spent: dict[str, int] = field(default_factory=dict)
    _floor: int = 0

    def __len__(self) -> int:
        return len(self._spent)

    async def spend(self, who: str, points: int, minute: int) -> int:
        """See `Counting`."""
        if minute != self._minute:
            self._minute, self._spent, self._floor = minute, {}, 0
        spent = self._spent[who] = self._spent.get(who, self._floor) + points
        if len(self._spent) > self.most:
            self._forget()
        return spent

    def _forget(self) -> None:
        """Forget half of all names at once, which is seldom enough to sort them."""
        found = sorted(self._spent.items(), key=itemgetter(1))
        forgotten = len(found) - self.most // 2
        self._spent, self._floor = dict(found[forgotten:]), found[forgotten - 1][1]

    async def close(self) -> None:
        """See `Counting`."""


class Shared:
    """Counts in Redis, for all processes together; alone while Redis is away, so that the portal goes on answering."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(
            url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS, retry=Retry(NoBackoff(), 1)
        )
        self._alone = HereAlone()
        self._told = -1

    async def spend(self, who: str, points: int, minute: int) -> int:
        """See `Counting`."""
        key = f"portal:points:{minute}:{who}"
        try:
            async with asyncio.timeout(2 * REDIS_SECONDS):
                pipeline = self._redis.pipeline(transaction=False)
                pipeline.incrby(key, points)
                pipeline.expire(key, 2 * WINDOW_SECONDS)
                spent, _ = await pipeline.execute()
                return int(spent)
        except (RedisError, OSError, TimeoutError) as cause:
            if self._told != minute:
                self._told = minute
                log.warning("budgets are counted by each process alone", cause=type(cause).__name__)
            return await self._alone.spend(who, points, minute)

    async def close(self) -> None:
        """See `Counting`."""
        await self._redis.aclose()


def headers_of(charge: Charge) -> dict[str, str]:
    """What a client is told of its budget (draft-ietf-httpapi-ratelimit-headers); nothing where there is no limit."""
    if charge.limit is None:
        return {}
    return {
        "RateLimit-Policy": f'"points";q={charge.limit};w={WINDOW_SECONDS}',
        "RateLimit": f'"points";r={charge.remaining};t={charge.seconds}',
    }


class BudgetSpent(PortalError):
    """The points of a minute do not reach for an operation; `charge` tells how many are left, and for how long."""

    code = ErrorCode.RATE_LIMIT

    def __init__(self, charge: Charge) -> None:
        super().__init__(
            f"The operation costs {charge.cost} points, and of {charge.limit} a minute {charge.remaining} are left:"
            f" wait {charge.seconds} seconds."
        )
        self.charge = charge


@dataclass(frozen=True)
class Budgets:
    """The points of a minute, of which everybody has their share."""

    shares: Shares
    counting: Counting = field(default_factory=HereAlone)
    clock: Callable[[], float] = time.time

    async def charge(self, asks: Viewer | Machine | None, address: str, cost: int) -> Charge:
        """Take an operation's points; raises BudgetSpent, and takes nothing then."""
        who, limit = self.shares.of(asks, address)
        if not limit:
            return Charge(cost)
        minute, second = divmod(int(self.clock()), WINDOW_SECONDS)
        seconds = WINDOW_SECONDS - second
        spent = await self.counting.spend(who, cost, minute)
        if spent > limit:
            left = max(limit - await self.counting.spend(who, -cost, minute), 0)
            raise BudgetSpent(Charge(cost, limit, left, seconds))
        return Charge(cost, limit, limit - spent, seconds)
