"""Roles, granted and revoked: each time one transaction of the caller's, and one event of the audit trail."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from auth.permissions import PORTAL_WIDE
from models import audit
from models.audit import Actor, AuditAction, AuditSubject, Detail, Subject
from models.clock import today
from models.grants import Grant, Role
from models.hierarchies import Hierarchy, Position
from models.raters import Account
from resolvers.problems import InvalidInput, Unknown
from resolvers.sets import references
from resolvers.sets.references import OrganizationReference
from resolvers.texts import check_text

MAXIMUM_CODE = 200


@dataclass(frozen=True)
class Office:
    """Whose role it is (the account by its code), which one, and where."""

    account: str
    role: Role
    organization: OrganizationReference
    hierarchy: Hierarchy


@dataclass(frozen=True)
class Post:
    """An office whose parts are found: the keys of an account and of an organization."""

    account_id: int
    role: Role
    organization_id: int
    hierarchy: Hierarchy


async def grant(
    connection: AsyncConnection, actor: Actor, office: Office, valid_from: date | None, valid_to: date | None
) -> int:
    """Grant a role inside the caller's transaction, from today unless from later; the grant's key."""
    post = await _post(connection, office)
    begins = valid_from or (await connection.execute(select(today()))).scalar_one()
    return await enter(connection, actor, post, begins, valid_to)


async def revoke(connection: AsyncConnection, actor: Actor, office: Office) -> Sequence[int]:
    """End a role inside the caller's transaction, at once and for good; the keys of the grants that it ends."""
    post = await _post(connection, office)
    ended = await end(connection, actor, post, *_of(post))
    if not ended:
        raise Unknown("GRANT_UNKNOWN", "The account does not have this role there.", "input", "role")
    return ended


async def enter(connection: AsyncConnection, actor: Actor, post: Post, begins: date, valid_to: date | None) -> int:
    """Enter a grant, and record it. Who holds a role has it once: the caller has locked their account."""
    if valid_to is not None and valid_to < begins:
        raise InvalidInput("DATES_REVERSED", "The role would end before it begins.", "input", "validTo")
    overlapping = [Grant.valid_to.is_(None) | (Grant.valid_to >= begins), *_of(post)]
    if valid_to is not None:
        overlapping.append(Grant.valid_from <= valid_to)
    if (await connection.execute(select(Grant.id).where(*overlapping).limit(1))).one_or_none() is not None:
        raise InvalidInput("ALREADY_GRANTED", "The account has this role there at that time.", "input", "role")
    row = {**asdict(post), "valid_from": begins, "valid_to": valid_to}
    key = (await connection.execute(insert(Grant).values(row).returning(Grant.id))).scalar_one()
    dates: dict[str, Detail] = {"validFrom": begins.isoformat(), "validTo": valid_to.isoformat() if valid_to else None}
    await _record(connection, actor, AuditAction.ROLE_GRANTED, key, post, dates)
    return key


async def end(connection: AsyncConnection, actor: Actor, post: Post, *which: ColumnElement[bool]) -> Sequence[int]:
    """End those of a post's grants that go on, and record it; their keys. The caller has locked the account.

    They stay as rows: who held a role may not rate there for some time.
    """
    ends = func.greatest(Grant.valid_from, func.least(Grant.valid_to, today()))
    lasting = or_(Grant.valid_to.is_(None), Grant.valid_to >= today())
    query = update(Grant).where(*which, Grant.revoked_at.is_(None), lasting)
    query = query.values(revoked_at=func.clock_timestamp(), valid_to=ends)
    ended = (await connection.execute(query.returning(Grant.id))).scalars().all()
    for key in sorted(ended):
        await _record(connection, actor, AuditAction.ROLE_REVOKED, key, post, {})
    return ended


async def place(
    connection: AsyncConnection, role: Role, organization: OrganizationReference, hierarchy: Hierarchy
) -> int:
    """The key of the organization; what reaches everything is granted at the top of a tree only."""
    found = await references.meant(connection, organization, "organization")
    if role in PORTAL_WIDE:
        above = select(Position.parent_id).filter_by(hierarchy=hierarchy, organization_id=found.id)
        if (await connection.execute(above)).scalar_one_or_none() is not None:
            message = f"{role.value} reaches everything: it is granted on an organization with none above it."
            raise InvalidInput("NOT_AT_THE_TOP", message, "input", "organization")
    return found.id


async def _post(connection: AsyncConnection, office: Office) -> Post:
    """The post of an office; the account is locked, so that two who grant it are one after the other."""
    check_text(office.account, MAXIMUM_CODE, "account")
    query = select(Account.id).where(Account.code == office.account).with_for_update(key_share=True)
    holder = (await connection.execute(query)).scalar_one_or_none()
    if holder is None:
        raise Unknown("ACCOUNT_UNKNOWN", "There is no such account.", "input", "account")
    where = await place(connection, office.role, office.organization, office.hierarchy)
    return Post(holder, office.role, where, office.hierarchy)


def _of(post: Post) -> tuple[ColumnElement[bool], ...]:
    """The conditions for the grants of a post that nobody has revoked."""
    return (*(getattr(Grant, name) == value for name, value in asdict(post).items()), Grant.revoked_at.is_(None))


async def _record(
    connection: AsyncConnection, actor: Actor, action: AuditAction, key: int, post: Post, dates: dict[str, Detail]
) -> None:
    details = {"role": post.role.value, "hierarchy": post.hierarchy.value, **dates}
    await audit.append(connection, actor, action, Subject(AuditSubject.GRANT, key, post.organization_id), details)
