"""inviteToRate: another system asks for a link for a service that it knows to have been rendered."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import clients, secrets
from auth.machines import Machine
from auth.references import References
from models import audit, policies
from models.audit import AuditAction, AuditSubject, Detail, Subject
from models.clients import ClientScope
from models.clock import today
from models.database import Database
from models.invitations import Invitation, ServiceCase
from models.organizations import OrganizationService
from models.policies import PolicyName
from models.raters import RaterKind
from models.services import Service
from resolvers.problems import Conflict, InvalidInput, Unknown
from resolvers.sets import references as organizations
from resolvers.sets.references import OrganizationReference
from resolvers.submissions.authors import case_digest, check_reference
from resolvers.texts import check_text

MAXIMUM_CODE = 200


@dataclass(frozen=True)
class Visit:
    """A service that was rendered, on a date, in a case of the client's."""

    organization: OrganizationReference
    service: str
    visited_on: date
    case: str
    kind: RaterKind


@dataclass(frozen=True)
class Invited:
    """The secret that makes the link, told just this once, and until when it is good."""

    token: str
    expires_at: datetime


async def invite(database: Database, machine: Machine, references: References, visit: Visit) -> Invited:
    """Make a link for a visit, in place of the one that was made for its case before, if that was not used."""
    check_text(visit.service, MAXIMUM_CODE, "service")
    check_reference(visit.case, "caseReference")
    async with database.transaction() as connection:
        organization = await organizations.meant(connection, visit.organization, "organization")
        await clients.demand(connection, machine, ClientScope.INVITATIONS_WRITE, organization.id)
        organization.must_be_open("organization")
        situation = await _situation(connection, organization.id, visit)
        case_id = await _case(connection, machine, case_digest(references, machine, visit.case))
        token = secrets.new_secret()
        row = {
            "token_digest": secrets.digest(token),
            "organization_id": organization.id,
            "service_id": situation.service_id,
            "visited_on": visit.visited_on,
            "rater_kind": visit.kind,
            "sent_on": situation.today,
            "expires_at": situation.expires_at,
        }
        made = insert(Invitation).values(case_id=case_id, **row)
        await connection.execute(made.on_conflict_do_update(index_elements=["case_id"], set_=row))
        subject = Subject(AuditSubject.CLIENT, machine.client_id, organization.id)
        details: dict[str, Detail] = {"code": machine.code, "service": visit.service}
        await audit.append(connection, machine.actor, AuditAction.CLIENT_INVITED, subject, details)
    return Invited(token, situation.expires_at)


async def _situation(connection: AsyncConnection, organization_id: int, visit: Visit) -> Row[Any]:
    """The service, today's date, and when a link of now expires; refuses what was not rendered there, or not yet."""
    renders = select(OrganizationService.service_id).where(
        OrganizationService.organization_id == organization_id, OrganizationService.service_id == Service.id
    )
    days = func.make_interval(0, 0, 0, policies.whole(PolicyName.INVITATION_DAYS))
    now = select(today().label("today"), (func.now() + days).label("expires_at")).subquery()
    query = select(now, Service.id.label("service_id"), renders.exists().label("renders")).select_from(
        now.outerjoin(Service.__table__, Service.code == literal(visit.service))
    )
    found = (await connection.execute(query)).one()
    if found.service_id is None:
        raise Unknown("SERVICE_UNKNOWN", "There is no such service.", "input", "service")
    if not found.renders:
        message = "The organization does not render this service."
        raise InvalidInput("SERVICE_NOT_RENDERED", message, "input", "service")
    if visit.visited_on > found.today:
        raise InvalidInput("VISIT_IN_FUTURE", "The visit is in the future.", "input", "visitedOn")
    return found


async def _case(connection: AsyncConnection, machine: Machine, digest: bytes) -> int:
    """The key of a case, locked; refuses one that was rated."""
    row = {"client_id": machine.client_id, "digest": digest}
    await connection.execute(insert(ServiceCase).values(row).on_conflict_do_nothing())
    query = select(ServiceCase.id, ServiceCase.rated).filter_by(**row).with_for_update()
    case = (await connection.execute(query)).one()
    if case.rated:
        raise Conflict("CASE_TAKEN", "This case was rated before.", "input", "caseReference")
    return int(case.id)
