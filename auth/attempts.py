"""Attempts: how often may be tried what must not be guessed. Delays grow with each one.

An attempt is counted before what it tries is looked at, and committed: so many at once are as many
one after the other. Who succeeds is forgiven.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Interval, case, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from models.attempts import Attempt


@dataclass(frozen=True)
class Limit:
    """`free` attempts have no delay; then it is `first`, and doubles up to `longest`.

    Attempts are forgotten when there was none for `memory`.
    """

    name: str
    free: int
    first: timedelta
    longest: timedelta
    memory: timedelta


SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
SIGN_INS_OF_ACCOUNT = Limit("sign-ins of an account", 5, SECOND, 15 * MINUTE, 24 * HOUR)
# Many people may share an address; who succeeds is not counted.
SIGN_INS_FROM_ADDRESS = Limit("sign-ins from an address", 50, SECOND, 15 * MINUTE, 24 * HOUR)
MAIL_TO_ADDRESS = Limit("mail to an address", 3, 5 * MINUTE, 6 * HOUR, 24 * HOUR)
MAIL_FROM_ADDRESS = Limit("mail caused by an address", 20, MINUTE, HOUR, 24 * HOUR)


@dataclass(frozen=True)
class Attempts:
    """Counts attempts under keyed hashes of what was tried; without the key they tell nothing."""

    key: bytes

    async def count(self, connection: AsyncConnection, limit: Limit, whose: str) -> datetime | None:
        """Count an attempt in the caller's transaction; the moment from which, if it is too early."""
        key, now = self._hashed(limit, whose), func.clock_timestamp()
        first = {"key": key, "count": 1, "free_at": now, "expires_at": now + _interval(limit.memory)}
        count = case((Attempt.expires_at < now, 1), else_=Attempt.count + 1)
        counted = (
            insert(Attempt)
            .values(first)
            .on_conflict_do_update(
                index_elements=[Attempt.key],
                set_={
                    "count": count,
                    "free_at": now + _delay(limit, count),
                    "expires_at": now + _interval(limit.memory),
                },
                where=Attempt.free_at <= now,
            )
            .returning(Attempt.key)
        )
        if (await connection.execute(counted)).one_or_none() is not None:
            return None
        return (await connection.execute(select(Attempt.free_at).where(Attempt.key == key))).scalar_one()

    async def forget(self, connection: AsyncConnection, limit: Limit, whose: str) -> None:
        """Forget all attempts: who knows the password has not guessed."""
        await connection.execute(delete(Attempt).where(Attempt.key == self._hashed(limit, whose)))

    async def forgive(self, connection: AsyncConnection, limit: Limit, whose: str) -> None:
        """Take one attempt back: others from the same address stay counted."""
        now = func.clock_timestamp()
        query = update(Attempt).where(Attempt.key == self._hashed(limit, whose))
        await connection.execute(query.values(count=func.greatest(Attempt.count - 1, 0), free_at=now))

    def _hashed(self, limit: Limit, whose: str) -> bytes:
        text = f"{limit.name}\0{whose.lower()}".encode("utf-8", "surrogatepass")
        return hmac.digest(self.key, text, hashlib.sha256)


def _delay(limit: Limit, count: ColumnElement[int]) -> ColumnElement[timedelta]:
    doublings = func.least(count - limit.free, 30)
    growing = func.least(limit.first.total_seconds() * func.power(2.0, doublings), limit.longest.total_seconds())
    seconds = case((count < limit.free, 0.0), else_=growing)
    return func.make_interval(0, 0, 0, 0, 0, 0, seconds, type_=Interval())


def _interval(length: timedelta) -> ColumnElement[timedelta]:
    return literal(length, Interval())
