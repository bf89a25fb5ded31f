"""ratingChanged: that a rating changed, told from the commit on that changed it."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from models import changes
from models.changes import KEPT, Total
from models.database import Database
from models.errors import InputError
from models.hierarchies import Hierarchy
from models.totals import Pool
from resolvers.problems import Problem
from resolvers.ratings.ratings import Scope
from resolvers.sets import references
from resolvers.sets.references import OrganizationReference


class Told(Protocol):
    """That a total changed: when last, and the snapshot of the database that saw it."""

    @property
    def at(self) -> datetime: ...
    @property
    def snapshot(self) -> str: ...


class Waiting(Protocol):
    """Somebody who waits for changes."""

    async def next(self) -> Told: ...


class Waits(Protocol):
    """Lets somebody wait for changes of a total. Whoever reads for a subscription waits for a turn."""

    @property
    def turns(self) -> asyncio.Semaphore: ...

    def waiting(self, total: Total) -> AbstractAsyncContextManager[Waiting]: ...


@dataclass(frozen=True)
class Watched:
    """Whose rating is watched: the organization's own, or that of its subtree in one hierarchy."""

    organization: OrganizationReference
    scope: Scope
    hierarchy: Hierarchy

    def total(self, organization_id: int) -> Total:
        """The total that changes with it."""
        return Pool.OWN if self.scope is Scope.OWN else Pool[self.hierarchy.name], organization_id


@dataclass(frozen=True)
class Changed:
    """The key of the organization whose rating changed, when, and a cursor that stands behind the change."""

    organization: int
    at: datetime
    cursor: str


async def watch(database: Database, waits: Waits, watched: Watched, since: str | None) -> AsyncIterator[Changed]:
    """Each change from now on, or from a cursor on; raises InputError for a reference or a cursor to nothing."""
    async with waits.turns, database.transaction() as connection:
        organization_id = await _meant(connection, watched.organization)
        snapshot = None if since is None else await _snapshot_of(connection, since)
    total = watched.total(organization_id)
    async with waits.waiting(total) as waiting:
        if snapshot is not None:
            # Whoever waits already misses nothing that is committed during the look back.
            async with waits.turns, database.transaction() as connection:
                now, at = await changes.last(connection, snapshot, total)
            if at is not None:
                yield Changed(organization_id, at, cursor_of(now))
        while True:
            told = await waiting.next()
            yield Changed(organization_id, told.at, cursor_of(told.snapshot))


async def _meant(connection: AsyncConnection, reference: OrganizationReference) -> int:
    try:
        return (await references.meant(connection, reference)).id
    except Problem as problem:
        raise InputError("organization", problem.message) from None


def cursor_of(snapshot: str) -> str:
    """An opaque cursor: behind all that a snapshot of this moment saw."""
    return base64.urlsafe_b64encode(f"{int(time.time())}/{snapshot}".encode()).decode()


async def _snapshot_of(connection: AsyncConnection, cursor: str) -> str:
    try:
        at, _, snapshot = base64.b64decode(cursor, altchars=b"-_", validate=True).decode("ascii").partition("/")
        age = time.time() - int(at)
    except ValueError:
        raise InputError("since", "is not a cursor of this subscription") from None
    if age > KEPT.total_seconds():
        raise InputError("since", f"is older than {KEPT.days} days: ask for the rating, and subscribe anew")
    if not await changes.is_known(connection, snapshot):
        raise InputError("since", "is not a cursor of this subscription")
    return snapshot
