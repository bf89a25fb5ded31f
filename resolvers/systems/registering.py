"""Clients, registered, changed, given another secret and revoked: each one transaction, one event of the trail."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
from sqlalchemy import Row, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import clients, permissions, secrets
from auth.permissions import Permission
from auth.tokens import PORTAL
from auth.viewers import Viewer
from models import audit
from models.audit import Actor, AuditAction, AuditSubject, Detail, Subject
from models.clients import CLIENT_PATTERN, Client, ClientScope
from models.database import Database
from models.errors import InputError
from models.hierarchies import Hierarchy
from models.services import Sphere
from resolvers.problems import Conflict, InvalidInput, Unknown
from resolvers.sets import references
from resolvers.sets.references import OrganizationReference
from resolvers.texts import check_text

MAXIMUM_CODE, MAXIMUM_NAME, MAXIMUM_KEYS = 64, 200, 20_000

Result = TypeVar("Result")
Change = Callable[..., Awaitable[Result]]


@dataclass(frozen=True)
class Terms:
    """What a client is called, may do, and where; `jwks` are its public keys as JSON, none for a secret."""

    name: str
    scopes: Sequence[str]
    organization: OrganizationReference | None = None
    hierarchy: Hierarchy = Hierarchy.SUBORDINATION
    sphere: str | None = None
    jwks: str | None = None

    def check(self) -> None:
        """Refuse what no client can be, whatever there is."""
        check_text(self.name, MAXIMUM_NAME, "name")
        if not self.name.strip():
            raise InvalidInput("TEXT_BLANK", "The name is blank.", "input", "name")
        known = [scope.value for scope in ClientScope]
        if not self.scopes:
            raise InvalidInput("SCOPE_MISSING", f"At least one of {', '.join(known)}.", "input", "scopes")
        for number, scope in enumerate(self.scopes):
            if scope not in known:
                raise InvalidInput("SCOPE_UNKNOWN", f"It is none of {', '.join(known)}.", "input", "scopes", number)

    @property
    def keys(self) -> dict[str, Any] | None:
        """The public keys; refuses what is none."""
        if self.jwks is None:
            return None
        check_text(self.jwks, MAXIMUM_KEYS, "jwks")
        try:
            keys = orjson.loads(self.jwks)
            clients.checked_keys(keys if isinstance(keys, dict) else {})
        except (orjson.JSONDecodeError, InputError) as error:
            reason = error.reason if isinstance(error, InputError) else "must be JSON"
            raise InvalidInput("KEYS_INVALID", f"The key set {reason}.", "input", "jwks") from None
        return keys  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Changed:
    """The key of a client."""

    client: int


@dataclass(frozen=True)
class Given(Changed):
    """The same, and the secret that is told just this once; none where it has keys."""

    secret: str | None


async def on_behalf(database: Database, viewer: Viewer, change: Change[Result], *given: Any) -> Result:
    """What one of the functions below makes for an operator."""
    async with database.transaction() as connection:
        await permissions.demand(connection, viewer, Permission.MANAGE_CLIENTS)
        return await change(connection, viewer.actor, *given)


async def register(connection: AsyncConnection, actor: Actor, code: str, terms: Terms) -> Given:
    """Register a client; without keys it is given a secret."""
    terms.check()
    check_text(code, MAXIMUM_CODE, "code")
    fits = (await connection.execute(select(literal(code).regexp_match(CLIENT_PATTERN)))).scalar_one()
    if not fits or code == PORTAL:
        message = "A code has 1 to 64 letters, digits or _.- and begins with a letter or a digit."
        raise InvalidInput("CODE_INVALID", message, "input", "code")
    row, details = await _columns(connection, terms)
    secret = None if row.get("jwks") else secrets.new_secret()
    row |= {"code": code, "secret_digest": None if secret is None else secrets.digest(secret)}
    made = insert(Client).values(row).on_conflict_do_nothing(index_elements=["code"]).returning(Client.id)
    key = (await connection.execute(made)).scalar_one_or_none()
    if key is None:
        raise Conflict("CODE_TAKEN", "Another client has this code, or had it.", "input", "code")
    await _record(connection, actor, AuditAction.CLIENT_REGISTERED, key, code, details)
    return Given(key, secret)


async def change(connection: AsyncConnection, actor: Actor, code: str, terms: Terms) -> Changed:
    """Let a client have other terms; without keys it goes on proving itself as it did."""
    terms.check()
    client = await _open(connection, code)
    row, details = await _columns(connection, terms)
    if terms.jwks is not None:
        row["secret_digest"] = None
    changed = update(Client).where(Client.id == client.id).values(row)
    await connection.execute(changed)
    await _record(connection, actor, AuditAction.CLIENT_CHANGED, client.id, code, details)
    return Changed(client.id)


async def renew(connection: AsyncConnection, actor: Actor, code: str) -> Given:
    """Give a client another secret; the one before is good no more."""
    client, secret = await _open(connection, code), secrets.new_secret()
    if client.jwks is not None:
        raise Conflict("CLIENT_HAS_KEYS", "The client proves itself by keys: change these.", "input", "client")
    query = update(Client).where(Client.id == client.id)
    await connection.execute(query.values(secret_digest=secrets.digest(secret)))
    await _record(connection, actor, AuditAction.CLIENT_SECRET_ROTATED, client.id, code, {})
    return Given(client.id, secret)


async def revoke(connection: AsyncConnection, actor: Actor, code: str) -> Changed:
    """Revoke a client, for good; again changes nothing."""
    client = await _found(connection, code)
    if client.revoked_at is None:
        query = update(Client).where(Client.id == client.id)
        await connection.execute(query.values(revoked_at=func.clock_timestamp()))
        await _record(connection, actor, AuditAction.CLIENT_REVOKED, client.id, code, {})
    return Changed(client.id)


async def _columns(connection: AsyncConnection, terms: Terms) -> tuple[dict[str, Any], dict[str, Detail]]:
    """The columns that terms make, and what the trail tells of them."""
    row: dict[str, Any] = {"name": terms.name, "scopes": sorted(set(terms.scopes))}
    details: dict[str, Detail] = {"name": terms.name, "scopes": " ".join(row["scopes"])}
    row |= {"organization_id": None, "hierarchy": None, "sphere_id": None}
    if terms.organization is not None:
        organization = await references.meant(connection, terms.organization, "organization")
        row |= {"organization_id": organization.id, "hierarchy": terms.hierarchy}
        details |= {"organization": organization.code, "hierarchy": terms.hierarchy.value}
    if terms.sphere is not None:
        check_text(terms.sphere, MAXIMUM_CODE, "sphere")
        query = select(Sphere.id).where(Sphere.code == terms.sphere)
        row["sphere_id"] = (await connection.execute(query)).scalar_one_or_none()
        if row["sphere_id"] is None:
            raise Unknown("SPHERE_UNKNOWN", "There is no such sphere.", "input", "sphere")
        details["sphere"] = terms.sphere
    if terms.keys is not None:
        row["jwks"] = terms.keys
        details["keys"] = " ".join(key["kid"] for key in terms.keys["keys"])
    return row, details


async def _found(connection: AsyncConnection, code: str) -> Row[Any]:
    """A client by its code, locked."""
    check_text(code, MAXIMUM_CODE, "client")
    query = select(Client.id, Client.jwks, Client.revoked_at).where(Client.code == code).with_for_update()
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise Unknown("CLIENT_UNKNOWN", "There is no such client.", "input", "client")
    return row


async def _open(connection: AsyncConnection, code: str) -> Row[Any]:
    client = await _found(connection, code)
    if client.revoked_at is not None:
        raise Conflict("CLIENT_REVOKED", "The client was revoked, for good.", "input", "client")
    return client


async def _record(
    connection: AsyncConnection, actor: Actor, action: AuditAction, key: int, code: str, details: dict[str, Detail]
) -> None:
    await audit.append(connection, actor, action, Subject(AuditSubject.CLIENT, key), {"code": code, **details})
