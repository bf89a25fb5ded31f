"""acceptApplication and declineApplication: what a registrar answers to those who apply."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import permissions, registrars
from auth.permissions import Permission
from auth.viewers import Viewer
from models import audit
from models.applications import Application, ApplicationStatus
from models.audit import AuditAction, AuditSubject, Subject
from models.database import Database
from models.hierarchies import Hierarchy
from models.organizations import Organization, Registration
from resolvers.keys import key_of
from resolvers.problems import Conflict, InvalidInput, Unknown
from resolvers.register import creating, register
from resolvers.register.applying import Applied
from resolvers.register.creating import Identity
from resolvers.register.entries import Entry
from resolvers.register.places import Wanted
from resolvers.sets.references import OrganizationReference
from resolvers.texts import check_text

MAXIMUM_REASON = 2_000

COLUMNS = ("name_be", "name_ru", "name_en", "address_be", "address_ru", "address_en", "kind_id", "area_id", "location")


@dataclass(frozen=True)
class Accepted:
    """The keys of an application, and of the organization that it has become."""

    application: int
    organization: int


async def accept(
    database: Database, viewer: Viewer, application: str, identity: Identity, wanted: Mapping[Hierarchy, Wanted]
) -> Accepted:
    """Put what is applied for on the register, where it asks to stand unless another place is wanted.

    Accepting it again under the same code answers the same.
    """
    async with register.changing(database) as connection:
        row = await _found(connection, viewer, application)
        if row.status is ApplicationStatus.ACCEPTED and await _is(connection, row.organization_id, identity):
            return Accepted(row.id, row.organization_id)
        _refuse_decided(row)
        found = await creating.found_places(connection, viewer, {**_asked(row), **wanted})
        entry = Entry({name: getattr(row, name) for name in COLUMNS}, row.sphere_ids, row.service_ids)
        key = await creating.enter(connection, identity, Registration.VOLUNTARY, entry, found)
        await _decide(connection, row.id, status=ApplicationStatus.ACCEPTED, organization_id=key)
        await register.record(connection, viewer, AuditAction.ORGANIZATION_ACCEPTED, key, {}, application=row.id)
    return Accepted(row.id, key)


async def decline(database: Database, viewer: Viewer, application: str, reason: str) -> Applied:
    """Answer an application by a reason why not; declining it again for the same reason changes nothing."""
    check_text(reason, MAXIMUM_REASON, "reason")
    if not reason.strip():
        raise InvalidInput("TEXT_BLANK", "The applicant is told a reason.", "input", "reason")
    async with register.changing(database) as connection:
        row = await _found(connection, viewer, application)
        if (row.status, row.reason) != (ApplicationStatus.DECLINED, reason):
            _refuse_decided(row)
            await _decide(connection, row.id, status=ApplicationStatus.DECLINED, reason=reason)
            subject = Subject(AuditSubject.APPLICATION, row.id, row.subordinate_to_id or row.supervised_by_id)
            await audit.append(connection, viewer.actor, AuditAction.ORGANIZATION_DECLINED, subject)
    return Applied(row.id)


async def _found(connection: AsyncConnection, viewer: Viewer, application: str) -> Any:
    """An application that the viewer may decide, with the codes of the parents; what others decide is not there."""
    key = key_of(application, "Application", "application")
    await permissions.demand(connection, viewer, Permission.REGISTER)
    a = Application.__table__.alias()
    above, overseer = Organization.__table__.alias(), Organization.__table__.alias()
    query = (
        select(*a.c, above.c.code.label("subordinate_to"), overseer.c.code.label("supervised_by"))
        .select_from(a)
        .join(above, above.c.id == a.c.subordinate_to_id, isouter=True)
        .join(overseer, overseer.c.id == a.c.supervised_by_id, isouter=True)
        .where(a.c.id == key, registrars.decides(literal(viewer.account_id, BigInteger()), a))
    )
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        message = "There is no such application among those that you decide."
        raise Unknown("APPLICATION_UNKNOWN", message, "input", "application")
    return row


def _asked(row: Any) -> dict[Hierarchy, Wanted]:
    """Where an application asks to stand."""
    asked = {Hierarchy.SUBORDINATION: row.subordinate_to, Hierarchy.SUPERVISION: row.supervised_by}
    return {
        hierarchy: Wanted(None if code is None else OrganizationReference(None, code))
        for hierarchy, code in asked.items()
    }


async def _is(connection: AsyncConnection, organization_id: int, identity: Identity) -> bool:
    query = select(Organization.code).where(Organization.id == organization_id)
    return (await connection.execute(query)).scalar_one() == identity.code


def _refuse_decided(row: Any) -> None:
    if row.status is not ApplicationStatus.PENDING:
        message = f"The application has been answered: it is {row.status.value}."
        raise Conflict("APPLICATION_DECIDED", message, "input", "application")


async def _decide(connection: AsyncConnection, key: int, **values: Any) -> None:
    query = update(Application).where(Application.id == key)
    await connection.execute(query.values(decided_at=func.clock_timestamp(), **values))
