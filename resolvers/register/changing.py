"""changeOrganization: its names, address, location, area, kind, registration, spheres and services."""

from sqlalchemy import update

from auth import registrars
from auth.viewers import Viewer
from models.audit import AuditAction
from models.database import Database
from models.organizations import Organization
from resolvers.problems import InvalidInput
from resolvers.register import entries, register
from resolvers.register.entries import Said
from resolvers.register.register import Changed
from resolvers.sets import references
from resolvers.sets.references import OrganizationReference

NAMES = ("name_be", "name_ru", "name_en")


async def change(database: Database, viewer: Viewer, reference: OrganizationReference, said: Said) -> Changed:
    """Set what is said of an organization; what is not told of stays. Nothing new changes nothing."""
    async with register.changing(database) as connection:
        organization = await references.named(connection, reference, "organization")
        organization.must_not_be_merged("organization")
        await registrars.demand_over(connection, viewer, organization.id)
        entry = await entries.read(connection, said)
        before = await register.description(connection, organization.id)
        if not any(entry.columns.get(name, before[name]) for name in NAMES):
            raise InvalidInput("NAME_MISSING", "A name in one language at least must stay.", "input", "names")
        if entry.columns:
            query = update(Organization).where(Organization.id == organization.id)
            await connection.execute(query.values(entry.columns))
        await entries.keep_lists(connection, organization.id, entry)
        await register.record(connection, viewer, AuditAction.ORGANIZATION_RENAMED, organization.id, before)
    return Changed(organization.id)
