"""createOrganization: a new organization with its code and its places in both trees, and no submissions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import registrars
from auth.viewers import Viewer
from models import moving
from models.audit import AuditAction
from models.base import CODE_PATTERN
from models.clock import today
from models.database import Database
from models.hierarchies import Hierarchy
from models.organizations import Organization, Registration
from resolvers.problems import Conflict, InvalidInput
from resolvers.register import entries, places, register
from resolvers.register.entries import Entry, Said
from resolvers.register.places import Found, Wanted
from resolvers.register.register import Changed
from resolvers.sets.references import MAXIMUM_CODE
from resolvers.texts import check_text


@dataclass(frozen=True)
class Identity:
    """What a new organization is known by, and since when; by default since today."""

    code: str
    opened_on: date | None


async def create(
    database: Database, viewer: Viewer, identity: Identity, said: Said, wanted: Mapping[Hierarchy, Wanted]
) -> Changed:
    """Put an organization on the register, as the law says."""
    async with register.changing(database) as connection:
        found = await found_places(connection, viewer, wanted)
        entry = await entries.read(connection, said)
        key = await enter(connection, identity, Registration.STATUTORY, entry, found)
        await register.record(connection, viewer, AuditAction.ORGANIZATION_CREATED, key, {})
    return Changed(key)


async def found_places(
    connection: AsyncConnection, viewer: Viewer, wanted: Mapping[Hierarchy, Wanted]
) -> dict[Hierarchy, Found]:
    """The places that are wanted for something open; what is to stand below nothing is the operator's."""
    found = {
        hierarchy: await places.find(connection, viewer, hierarchy, each, hierarchy.name.lower())
        for hierarchy, each in wanted.items()
    }
    if not any(each.parent for each in found.values()):
        await registrars.demand_for_roots(connection, viewer)
    for hierarchy, each in found.items():
        if each.parent:
            each.parent.must_be_open(hierarchy.name.lower(), "below")
    return found


async def enter(
    connection: AsyncConnection,
    identity: Identity,
    registration: Registration,
    entry: Entry,
    found: Mapping[Hierarchy, Found],
) -> int:
    """Write a new organization and its places; its key. Refuses a code that is taken, or is none."""
    await _check(connection, identity)
    entries.check_named(entry)
    opened: Any = today() if identity.opened_on is None else identity.opened_on
    row = {**entry.columns, "code": identity.code, "opened_on": opened, "registration": registration}
    key: int = (await connection.execute(insert(Organization).values(row).returning(Organization.id))).scalar_one()
    await entries.keep_lists(connection, key, entry)
    for hierarchy, each in found.items():
        await moving.move(connection, key, hierarchy, each.place)
    return key


async def _check(connection: AsyncConnection, identity: Identity) -> None:
    check_text(identity.code, MAXIMUM_CODE, "code")
    taken = select(Organization.id).where(Organization.code == identity.code).exists()
    is_code = literal(identity.code).regexp_match(CODE_PATTERN)
    row = (await connection.execute(select(is_code.label("fits"), taken.label("taken"), today().label("today")))).one()
    if not row.fits:
        message = "A code has 1 to 64 letters, digits or _./:- and begins with a letter or a digit."
        raise InvalidInput("CODE_INVALID", message, "input", "code")
    if row.taken:
        raise Conflict("CODE_TAKEN", "Another organization has, or had, this code.", "input", "code")
    if identity.opened_on is not None and identity.opened_on > row.today:
        raise InvalidInput("OPENS_IN_FUTURE", "It opens in the future: register it then.", "input", "openedOn")
