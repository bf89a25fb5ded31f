"""closeOrganization and reopenOrganization. Its submissions stay counted, wherever they were."""

from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import registrars
from auth.viewers import Viewer
from models.audit import AuditAction
from models.clock import today
from models.database import Database
from models.hierarchies import Position
from models.organizations import Organization
from resolvers.problems import Conflict, InvalidInput
from resolvers.register import register
from resolvers.register.register import Changed
from resolvers.sets import filters, references
from resolvers.sets.references import OrganizationReference, Registered


async def close(database: Database, viewer: Viewer, reference: OrganizationReference, on: date | None) -> Changed:
    """Close an organization, by default today; of a closed one another date is set, if one is told."""
    async with register.changing(database) as connection:
        organization = await _subject(connection, viewer, reference)
        await _refuse_closing(connection, organization)
        closed_on = await _closed_on(connection, organization, on)
        await _set(connection, viewer, AuditAction.ORGANIZATION_CLOSED, organization, closed_on)
    return Changed(organization.id)


async def reopen(database: Database, viewer: Viewer, reference: OrganizationReference) -> Changed:
    """Open a closed organization again; an open one stays as it is."""
    async with register.changing(database) as connection:
        organization = await _subject(connection, viewer, reference)
        await _refuse_reopening(connection, organization)
        await _set(connection, viewer, AuditAction.ORGANIZATION_REOPENED, organization, None)
    return Changed(organization.id)


async def _subject(connection: AsyncConnection, viewer: Viewer, reference: OrganizationReference) -> Registered:
    organization = await references.named(connection, reference, "organization")
    organization.must_not_be_merged("organization")
    await registrars.demand_over(connection, viewer, organization.id)
    return organization


async def _set(
    connection: AsyncConnection, viewer: Viewer, action: AuditAction, organization: Registered, closed_on: date | None
) -> None:
    before = await register.description(connection, organization.id)
    query = update(Organization).where(Organization.id == organization.id)
    await connection.execute(query.values(closed_on=closed_on))
    await register.record(connection, viewer, action, organization.id, before)


async def _closed_on(connection: AsyncConnection, organization: Registered, on: date | None) -> date:
    o = Organization
    query = select(o.opened_on, o.closed_on, today().label("today")).where(o.id == organization.id)
    row = (await connection.execute(query)).one()
    found: date = on or (row.today if organization.is_open else row.closed_on)
    if found > row.today:
        raise InvalidInput("CLOSES_IN_FUTURE", "It closes in the future: close it then.", "input", "on")
    if found < row.opened_on:
        message = f"It opened on {row.opened_on.isoformat()}, after that."
        raise InvalidInput("CLOSED_BEFORE_OPENED", message, "input", "on")
    return found


async def _refuse_closing(connection: AsyncConnection, organization: Registered) -> None:
    """What stands below is moved or closed first, so that nothing open hangs below what is closed."""
    o, place = Organization.__table__.alias(), Position.__table__.alias()
    query = (
        select(func.count(o.c.id.distinct()))
        .join_from(o, place, place.c.organization_id == o.c.id)
        .where(place.c.parent_id == organization.id, filters.is_open(o))
    )
    number = (await connection.execute(query)).scalar_one()
    if number:
        message = f"{number} open organizations stand directly below it: move or close them first."
        raise Conflict("HAS_OPEN_SUBORDINATES", message, "input", "organization")


async def _refuse_reopening(connection: AsyncConnection, organization: Registered) -> None:
    parent, place = Organization.__table__.alias(), Position.__table__.alias()
    query = (
        select(parent.c.code)
        .join_from(parent, place, place.c.parent_id == parent.c.id)
        .where(place.c.organization_id == organization.id, ~filters.is_open(parent))
        .limit(1)
    )
    closed = (await connection.execute(query)).scalar_one_or_none()
    if closed is not None:
        message = f"{closed} above it is closed: reopen that one, or move this one, first."
        raise Conflict("PARENT_CLOSED", message, "input", "organization")
