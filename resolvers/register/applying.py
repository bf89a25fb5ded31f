"""applyForRegistration: anybody who is signed in asks for an organization to be put on the register."""

import hashlib
from dataclasses import asdict, dataclass

import orjson
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import accounts
from auth.viewers import Viewer
from models import audit
from models.applications import Application, ApplicationStatus
from models.audit import AuditAction, AuditSubject, Subject
from models.database import Database
from models.hierarchies import Hierarchy
from resolvers.problems import Conflict, InvalidInput, KeyReused
from resolvers.register import entries, places
from resolvers.register.entries import Said
from resolvers.sets import references
from resolvers.sets.references import OrganizationReference
from resolvers.texts import check_text

MAXIMUM_COMMENT = 2_000
MAXIMUM_KEY = 200
# So many applications of one account wait at most.
MAXIMUM_PENDING = 10


@dataclass(frozen=True)
class Applied:
    """The key of an application."""

    application: int


@dataclass(frozen=True)
class Request:
    """What somebody asks for. The parents are those that it is to stand below."""

    said: Said
    subordinate_to: OrganizationReference | None
    supervised_by: OrganizationReference | None
    comment: str | None
    idempotency_key: str

    def digest(self) -> bytes:
        """The same for the same content, whatever the key."""
        content = {**asdict(self), "idempotency_key": None}
        return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).digest()

    def check(self) -> None:
        """Refuse texts that are too long or that a database cannot hold, and a blank key."""
        check_text(self.comment, MAXIMUM_COMMENT, "comment")
        check_text(self.idempotency_key, MAXIMUM_KEY, "idempotencyKey")
        if not self.idempotency_key.strip():
            raise InvalidInput("TEXT_BLANK", "The idempotency key is blank.", "input", "idempotencyKey")


async def apply(database: Database, viewer: Viewer, request: Request) -> Applied:
    """Hand in an application; a retry with the same key and content answers the first one."""
    request.check()
    async with database.transaction() as connection:
        # Applications of one account come one after the other.
        await accounts.hold(connection, viewer.account_id)
        earlier = await _earlier(connection, viewer, request)
        if earlier is not None:
            return Applied(earlier)
        await _refuse_too_many(connection, viewer)
        key = await _insert(connection, viewer, request)
    return Applied(key)


async def _earlier(connection: AsyncConnection, viewer: Viewer, request: Request) -> int | None:
    query = select(Application.id, Application.request_digest).where(
        Application.account_id == viewer.account_id, Application.idempotency_key == request.idempotency_key
    )
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    if row.request_digest != request.digest():
        message = "The idempotency key was used for another application."
        raise KeyReused("IDEMPOTENCY_KEY_REUSED", message, "input", "idempotencyKey")
    key: int = row.id
    return key


async def _refuse_too_many(connection: AsyncConnection, viewer: Viewer) -> None:
    own = select(func.count()).where(
        Application.account_id == viewer.account_id, Application.status == ApplicationStatus.PENDING
    )
    if (await connection.execute(own)).scalar_one() >= MAXIMUM_PENDING:
        message = f"At most {MAXIMUM_PENDING} applications wait for an answer at once."
        raise Conflict("TOO_MANY_APPLICATIONS", message, "input")


async def _insert(connection: AsyncConnection, viewer: Viewer, request: Request) -> int:
    entry = await entries.read(connection, request.said)
    entries.check_named(entry)
    parents = {
        "subordinate_to_id": await _parent(
            connection, request.subordinate_to, Hierarchy.SUBORDINATION, "subordinateTo"
        ),
        "supervised_by_id": await _parent(connection, request.supervised_by, Hierarchy.SUPERVISION, "supervisedBy"),
    }
    row = {
        **entry.columns,
        **parents,
        "account_id": viewer.account_id,
        "sphere_ids": entry.sphere_ids or [],
        "service_ids": entry.service_ids or [],
        "comment": request.comment,
        "idempotency_key": request.idempotency_key,
        "request_digest": request.digest(),
    }
    key: int = (await connection.execute(insert(Application).values(row).returning(Application.id))).scalar_one()
    concerned = parents["subordinate_to_id"] or parents["supervised_by_id"]
    subject = Subject(AuditSubject.APPLICATION, key, concerned)
    await audit.append(connection, viewer.actor, AuditAction.ORGANIZATION_APPLIED, subject)
    return key


async def _parent(
    connection: AsyncConnection, reference: OrganizationReference | None, hierarchy: Hierarchy, field: str
) -> int | None:
    """The key of a parent that is asked for: an open one that stands in the tree."""
    if reference is None:
        return None
    parent = await references.meant(connection, reference, field)
    parent.must_be_open(field)
    if not await places.stands_in(connection, parent.id, hierarchy):
        raise places.not_in_tree(parent, hierarchy, field)
    return parent.id
