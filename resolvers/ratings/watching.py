"""ratingChanged: that a rating changed, told from the commit on that changed it."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import BigInteger, Text, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models import changes
from models.changes import KEPT, Total
from models.database import Database
from models.errors import InputError
from models.hierarchies import Hierarchy
from models.organizations import Organization
from models.totals import Pool
from resolvers import codes
from resolvers.keys import key_of
from resolvers.problems import Problem
from resolvers.ratings.ratings import Scope
from resolvers.sets.references import MAXIMUM_CODE, OrganizationReference
from resolvers.texts import check_text


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


ORGANIZATION = Organization.__table__
STANDING = select(codes.standing_for(ORGANIZATION))
# Made once: thousands subscribe again in the same moment after a server was restarted.
BY_ID = STANDING.where(ORGANIZATION.c.id == bindparam("key", type_=BigInteger))
BY_CODE = STANDING.where(ORGANIZATION.c.code == bindparam("key", type_=Text))


async def _meant(connection: AsyncConnection, reference: OrganizationReference) -> int:
    """The id of the organization that a reference means today: of a merged one, who took it over."""
    try:
        id_ = reference.id
        query, key = (BY_CODE, reference.code) if id_ is None else (BY_ID, key_of(id_, "Organization", "organization"))
        check_text(reference.code, MAXIMUM_CODE, "organization")
    except Problem as problem:
        raise InputError("organization", problem.message) from None
    found: int | None = (await connection.execute(query, {"key": key})).scalar_one_or_none()
    if found is None:
        raise InputError("organization", "is not known")
    return found


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
