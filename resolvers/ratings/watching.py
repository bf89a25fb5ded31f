"""ratingChanged: that a rating changed, told from the commit on that changed it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from models import changes
from models.changes import Total
from models.database import Database
from models.hierarchies import Hierarchy
from models.totals import Pool
from resolvers.ratings.ratings import Scope
from resolvers.ratings.waiting import Waits, cursor_of, meant, snapshot_of
from resolvers.sets.references import OrganizationReference


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
        organization_id = await meant(connection, watched.organization)
        snapshot = None if since is None else await snapshot_of(connection, since)
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
