"""mergeOrganization: one organization into another, which from then on has its submissions and its codes."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from auth import registrars
from auth.viewers import Viewer
from models import audit, merging, moving
from models.audit import AuditAction, AuditSubject, Detail, Subject
from models.database import Database
from models.hierarchies import Hierarchy
from resolvers.problems import Conflict, InvalidInput
from resolvers.register import places, register, relocating
from resolvers.sets import references
from resolvers.sets.references import OrganizationReference, Registered


@dataclass(frozen=True)
class Merged:
    """The keys of who took over, and of who was taken over."""

    organization: int
    merged: int


async def merge(
    database: Database, viewer: Viewer, reference: OrganizationReference, into: OrganizationReference
) -> Merged:
    """Merge an organization into another, for good; what is merged there already stays as it is."""
    async with register.changing(database) as connection:
        merged = await references.named(connection, reference, "organization")
        other = await references.meant(connection, into, "into")
        await registrars.demand_over(connection, viewer, other.id)
        if merged.merged_into != other.code:
            merged.must_not_be_merged("organization")
            await registrars.demand_over(connection, viewer, merged.id)
            await _refuse(connection, merged, other)
            await _merge(connection, viewer, merged, other)
    return Merged(other.id, merged.id)


async def _refuse(connection: AsyncConnection, merged: Registered, other: Registered) -> None:
    if merged.id == other.id:
        raise InvalidInput("INTO_ITSELF", "An organization cannot be merged into itself.", "input", "into")
    other.must_be_open("into")
    for hierarchy in Hierarchy:
        if merged.id in await moving.path_of(connection, hierarchy, other.id):
            message = f"{other.code} stands below {merged.code} in the tree of {hierarchy.name}: move it first."
            raise Conflict("INTO_SUBORDINATE", message, "input", "into")
        has_more = await relocating.below(connection, merged, hierarchy)
        if has_more and not await places.stands_in(connection, other.id, hierarchy):
            raise places.not_in_tree(other, hierarchy, "into")


async def _merge(connection: AsyncConnection, viewer: Viewer, merged: Registered, other: Registered) -> None:
    """Both are on the trail: one is no more, the other has grown. So are the roles that ended."""
    before = [await register.description(connection, each.id) for each in (merged, other)]
    done = await merging.merge(connection, merged.id, other.id)
    action, told = AuditAction.ORGANIZATION_MERGED, {"submissions": done.submissions}
    await register.record(connection, viewer, action, merged.id, before[0], **told)
    await register.record(connection, viewer, action, other.id, before[1], took_over=merged.code, **told)
    for grant in done.ended:
        subject = Subject(AuditSubject.GRANT, grant.id, merged.id)
        details: dict[str, Detail] = {"role": grant.role.value, "hierarchy": grant.hierarchy.value}
        await audit.append(connection, viewer.actor, AuditAction.ROLE_REVOKED, subject, details)
