"""moveOrganization: to another parent, to the top of a tree, into a tree or out of it, with all below it."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import registrars
from auth.viewers import Viewer
from models import moving
from models.audit import AuditAction
from models.database import Database
from models.hierarchies import Hierarchy, Position
from resolvers.problems import Conflict
from resolvers.register import places, register
from resolvers.register.places import Found, Wanted
from resolvers.register.register import Changed
from resolvers.sets import references
from resolvers.sets.references import OrganizationReference, Registered


async def move(
    database: Database, viewer: Viewer, reference: OrganizationReference, hierarchy: Hierarchy, wanted: Wanted
) -> Changed:
    """Give an organization another place in a tree; where it stands already, nothing changes."""
    async with register.changing(database) as connection:
        organization = await references.named(connection, reference, "organization")
        organization.must_not_be_merged("organization")
        await _demand(connection, viewer, organization, hierarchy)
        found = await places.find(connection, viewer, hierarchy, wanted, "to")
        if await _stands_there(connection, organization, hierarchy, found):
            return Changed(organization.id)
        await _refuse(connection, organization, hierarchy, found)
        before = await register.description(connection, organization.id)
        await moving.move(connection, organization.id, hierarchy, found.place)
        await register.record(connection, viewer, AuditAction.ORGANIZATION_MOVED, organization.id, before)
    return Changed(organization.id)


async def _demand(connection: AsyncConnection, viewer: Viewer, organization: Registered, hierarchy: Hierarchy) -> None:
    """Only from above is anything taken out of its place; into a tree, from above in the other one."""
    path = await moving.path_of(connection, hierarchy, organization.id)
    if len(path) > 1:
        await registrars.demand_over(connection, viewer, organization.id, hierarchy)
    elif await places.stands_in(connection, organization.id, hierarchy):
        await registrars.demand_for_roots(connection, viewer)
    else:
        await registrars.demand_over(connection, viewer, organization.id)


async def _stands_there(
    connection: AsyncConnection, organization: Registered, hierarchy: Hierarchy, found: Found
) -> bool:
    query = select(Position.parent_id).filter_by(hierarchy=hierarchy, organization_id=organization.id)
    row = (await connection.execute(query)).one_or_none()
    return found.place == (moving.OUTSIDE if row is None else moving.Place(row.parent_id))


async def _refuse(connection: AsyncConnection, organization: Registered, hierarchy: Hierarchy, found: Found) -> None:
    """Refuse what would make a circle, leave something behind, or put an open one below a closed one."""
    if found.parent is None:
        if not found.place.inside and await below(connection, organization, hierarchy):
            message = f"{organization.code} has organizations below it in this tree: move them first."
            raise Conflict("HAS_SUBORDINATES", message, "input", "to")
        return
    if organization.id in await moving.path_of(connection, hierarchy, found.parent.id):
        message = f"{found.parent.code} is {organization.code} itself, or stands below it."
        raise Conflict("BELOW_ITSELF", message, "input", "to", "below")
    if organization.is_open:
        found.parent.must_be_open("to", "below")


async def below(connection: AsyncConnection, organization: Registered, hierarchy: Hierarchy) -> int:
    """How many organizations stand directly below one in a tree."""
    query = select(func.count()).select_from(Position).filter_by(hierarchy=hierarchy, parent_id=organization.id)
    return (await connection.execute(query)).scalar_one()
