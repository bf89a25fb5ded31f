"""reviewAdded: reviews, told to officials as they come."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from auth import permissions
from auth.permissions import Permission
from auth.viewers import Viewer
from models import arrivals, changes
from models.database import Database
from models.hierarchies import Hierarchy
from models.totals import Pool
from resolvers.ratings.waiting import Waits, cursor_of, meant, snapshot_of
from resolvers.sets.references import OrganizationReference


@dataclass(frozen=True)
class Heard:
    """The key of a review that came, and a cursor that stands behind it, or before some that came with it."""

    review: int
    cursor: str


async def hear(
    database: Database,
    waits: Waits,
    viewer: Viewer,
    reference: OrganizationReference,
    hierarchy: Hierarchy,
    since: str | None,
) -> AsyncIterator[Heard]:
    """Each review of an organization and of all below it, from now or from a cursor on.

    Raises Forbidden unless the viewer reads the organization's reviews, and InputError for a reference or cursor to nothing.
    """
    async with waits.turns, database.transaction() as connection:
        organization_id = await meant(connection, reference)
        await permissions.demand(connection, viewer, Permission.READ_REVIEWS, organization_id)
        snapshot = await (changes.now(connection) if since is None else snapshot_of(connection, since))
    # A review comes with its submission, which changes all totals above it.
    async with waits.waiting((Pool[hierarchy.name], organization_id)) as waiting:
        while True:
            async with waits.turns, database.transaction() as connection:
                now, found = await arrivals.below(connection, snapshot, organization_id, hierarchy.value)
            for key in found:
                yield Heard(key, cursor_of(now if key == found[-1] else snapshot))
            snapshot = now
            await waiting.next()
