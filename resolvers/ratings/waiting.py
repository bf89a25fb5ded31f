"""Waiting: for whose changes a subscription waits, and from where on."""

import asyncio
import base64
import time
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from sqlalchemy import BigInteger, Text, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models import changes
from models.changes import KEPT, Total
from models.errors import InputError
from models.organizations import Organization
from resolvers import codes
from resolvers.keys import key_of
from resolvers.problems import Problem
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


ORGANIZATION = Organization.__table__
STANDING = select(codes.standing_for(ORGANIZATION))
# Made once: thousands subscribe again in the same moment after a server was restarted.
BY_ID = STANDING.where(ORGANIZATION.c.id == bindparam("key", type_=BigInteger))
BY_CODE = STANDING.where(ORGANIZATION.c.code == bindparam("key", type_=Text))


async def meant(connection: AsyncConnection, reference: OrganizationReference) -> int:
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


async def snapshot_of(connection: AsyncConnection, cursor: str) -> str:
    """The snapshot that a cursor stands behind; raises InputError for one that cannot be resumed from."""
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
