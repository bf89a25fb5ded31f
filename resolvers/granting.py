"""Roles, granted and revoked: each time one transaction of the caller's, and one event of the audit trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from auth.permissions import PORTAL_WIDE
from models import audit
from models.audit import Actor, AuditAction, AuditSubject, Detail, Subject
from models.clock import today
from models.grants import Grant, Role
from models.hierarchies import Hierarchy, Position
from models.raters import Account
from resolvers import references
from resolvers.problems import InvalidInput, Unknown
from resolvers.references import OrganizationReference
from resolvers.texts import check_text

MAXIMUM_CODE = 200


@dataclass(frozen=True)
class Office:
    """Whose role it is (the account by its code), which one, and where."""

    account: str
    role: Role
    organization: OrganizationReference
    hierarchy: Hierarchy


async def grant(
    connection: AsyncConnection, actor: Actor, office: Office, valid_from: date | None, valid_to: date | None
) -> int:
    """Grant a role inside the caller's transaction, from today unless from later; the grant's key.

    Who holds a role has it once: their account is locked, so that two who grant it are one after the other.
    """
    account_id, organization_id = await _holder(connection, office), await _place(connection, office)
    begins = valid_from or (await connection.execute(select(today()))).scalar_one()
    if valid_to is not None and valid_to < begins:
        raise InvalidInput("DATES_REVERSED", "The role would end before it begins.", "input", "validTo")
    overlapping = [Grant.valid_to.is_(None) | (Grant.valid_to >= begins), *_of(account_id, organization_id, office)]
    if valid_to is not None:
        overlapping.append(Grant.valid_from <= valid_to)
    if (await connection.execute(select(Grant.id).where(*overlapping).limit(1))).one_or_none() is not None:
        raise InvalidInput("ALREADY_GRANTED", "The account has this role there at that time.", "input", "role")
    row = {"account_id": account_id, "organization_id": organization_id, "valid_from": begins, "valid_to": valid_to}
    row |= {"role": office.role, "hierarchy": office.hierarchy}
    key = (await connection.execute(insert(Grant).values(row).returning(Grant.id))).scalar_one()
    dates: dict[str, Detail] = {"validFrom": begins.isoformat(), "validTo": valid_to.isoformat() if valid_to else None}
    await _record(connection, actor, AuditAction.ROLE_GRANTED, key, organization_id, office, dates)
    return key


async def revoke(connection: AsyncConnection, actor: Actor, office: Office) -> Sequence[int]:
    """End a role inside the caller's transaction, at once and for good; the keys of the grants that it ends.

    They stay as rows: who held a role may not rate there for some time.
    """
    account_id, organization_id = await _holder(connection, office), await _place(connection, office)
    ends = func.greatest(Grant.valid_from, func.least(Grant.valid_to, today()))
    lasting = or_(Grant.valid_to.is_(None), Grant.valid_to >= today())
    query = update(Grant).where(*_of(account_id, organization_id, office), lasting)
    query = query.values(revoked_at=func.clock_timestamp(), valid_to=ends)
    ended = (await connection.execute(query.returning(Grant.id))).scalars().all()
    if not ended:
        raise Unknown("GRANT_UNKNOWN", "The account does not have this role there.", "input", "role")
    for key in sorted(ended):
        await _record(connection, actor, AuditAction.ROLE_REVOKED, key, organization_id, office, {})
    return ended


async def _holder(connection: AsyncConnection, office: Office) -> int:
    """The key of the account, locked."""
    check_text(office.account, MAXIMUM_CODE, "account")
    query = select(Account.id).where(Account.code == office.account).with_for_update(key_share=True)
    found = (await connection.execute(query)).scalar_one_or_none()
    if found is None:
        raise Unknown("ACCOUNT_UNKNOWN", "There is no such account.", "input", "account")
    return found


async def _place(connection: AsyncConnection, office: Office) -> int:
    """The key of the organization; what reaches everything is granted at the top of a tree only."""
    found = await references.meant(connection, office.organization, "organization")
    if office.role in PORTAL_WIDE:
        above = select(Position.parent_id).filter_by(hierarchy=office.hierarchy, organization_id=found.id)
        if (await connection.execute(above)).scalar_one_or_none() is not None:
            message = f"{office.role.value} reaches everything: it is granted on an organization with none above it."
            raise InvalidInput("NOT_AT_THE_TOP", message, "input", "organization")
    return found.id


def _of(account_id: int, organization_id: int, office: Office) -> tuple[Any, ...]:
    """The conditions for the grants of an office that nobody has revoked."""
    return (
        Grant.account_id == account_id,
        Grant.organization_id == organization_id,
        Grant.role == office.role,
        Grant.hierarchy == office.hierarchy,
        Grant.revoked_at.is_(None),
    )


async def _record(
    connection: AsyncConnection,
    actor: Actor,
    action: AuditAction,
    key: int,
    organization_id: int,
    office: Office,
    dates: dict[str, Detail],
) -> None:
    details = {"role": office.role.value, "hierarchy": office.hierarchy.value, **dates}
    await audit.append(connection, actor, action, Subject(AuditSubject.GRANT, key, organization_id), details)
