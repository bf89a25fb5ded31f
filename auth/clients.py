"""Clients: how other systems prove who they are, and the one place that says what they may do, and where."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from authlib.oauth2.rfc6749 import ClientMixin
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.util import urlsafe_b64decode
from sqlalchemy import ColumnElement, Select, any_, delete, func, literal, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from auth.machines import Machine
from auth.secrets import digest
from models.clients import Client, ClientScope, RevokedToken, UsedAssertion
from models.database import Database
from models.errors import Forbidden, InputError
from models.hierarchies import Position
from models.organizations import Organization, OrganizationSphere
from models.trees import below

SECRET_METHODS = ("client_secret_basic", "client_secret_post")
KEY_METHOD = "private_key_jwt"
# What a client may sign its assertions with.
ASSERTION_ALGORITHMS = ["ES256", "RS256", "PS256"]
MAXIMUM_KEYS = 10
LEAST_RSA_BITS = 2048


def checked_keys(jwks: dict[str, Any]) -> None:
    """Refuse what is not a set of public keys that a client can sign with."""
    keys = jwks.get("keys")
    if set(jwks) != {"keys"} or not isinstance(keys, list) or not 1 <= len(keys) <= MAXIMUM_KEYS:
        raise InputError("jwks", f"must be an object with 1 to {MAXIMUM_KEYS} keys")
    for key in keys:
        if not isinstance(key, dict) or key.get("kty") not in ("EC", "RSA") or "d" in key:
            raise InputError("jwks", "must have public keys of the types EC and RSA alone")
        if not isinstance(key.get("kid"), str):
            raise InputError("jwks", "must have keys that each have a `kid`")
    try:
        weak = any(_rsa_bits(key) < LEAST_RSA_BITS for key in keys if key["kty"] == "RSA")
        if not weak:
            KeySet.import_key_set({"keys": keys})
    except (JoseError, ValueError, TypeError, KeyError):
        raise InputError("jwks", "has a key that cannot be read") from None
    if weak:
        raise InputError("jwks", f"has an RSA key of less than {LEAST_RSA_BITS} bits")


def _rsa_bits(key: dict[str, Any]) -> int:
    """How long the modulus of an RSA key is; raises ValueError for what is none."""
    return int.from_bytes(urlsafe_b64decode(str(key["n"]).encode()), "big").bit_length()


@dataclass(frozen=True)
class Registered(ClientMixin):  # type: ignore[misc]
    """A client as the authorization server asks of it."""

    id: int
    code: str
    secret_digest: bytes | None
    jwks: dict[str, Any] | None
    scopes: frozenset[str]

    def get_client_id(self) -> str:
        return self.code

    def get_allowed_scope(self, scope: str | None) -> str:
        """What of some scopes it may have; of none that it names, all."""
        wanted = frozenset(scope.split()) if scope else self.scopes
        return " ".join(sorted(wanted & self.scopes))

    def check_client_secret(self, client_secret: str) -> bool:
        return self.secret_digest is not None and hmac.compare_digest(self.secret_digest, digest(client_secret))

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == KEY_METHOD if self.jwks is not None else method in SECRET_METHODS

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "client_credentials"


@dataclass(frozen=True)
class Registry:
    """The clients in the database, and what has ended their tokens and assertions."""

    database: Database

    async def client(self, code: str) -> Registered | None:
        """The client with a code, unless it was revoked."""
        c = Client
        query = select(c.id, c.code, c.secret_digest, c.jwks, c.scopes).where(c.code == code, c.revoked_at.is_(None))
        if "\0" in code:
            return None
        async with self.database.transaction() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else Registered(row.id, row.code, row.secret_digest, row.jwks, frozenset(row.scopes))

    async def is_first_use(self, client: Registered, jti: str, expires: datetime) -> bool:
        """Whether an assertion is used for the first time, wherever; from now on it was."""
        async with self.database.transaction() as connection:
            await connection.execute(delete(UsedAssertion).where(UsedAssertion.expires_at < func.now()))
            row = {"client_id": client.id, "jti": jti, "expires_at": expires}
            used = insert(UsedAssertion).values(row).on_conflict_do_nothing().returning(UsedAssertion.jti)
            return (await connection.execute(used)).one_or_none() is not None

    async def revoke(self, jti: str, expires: datetime) -> None:
        """End a token before its time."""
        async with self.database.transaction() as connection:
            await connection.execute(delete(RevokedToken).where(RevokedToken.expires_at < func.now()))
            row = {"jti": jti, "expires_at": expires}
            await connection.execute(insert(RevokedToken).values(row).on_conflict_do_nothing())


async def demand(connection: AsyncConnection, machine: Machine, scope: ClientScope, organization_id: int) -> None:
    """Raise Forbidden unless a client may do something for an organization, by its token and as of now."""
    if scope.value not in machine.scopes:
        raise Forbidden(f"Only a client with the scope {scope.value} may do this.")
    allowed = (await connection.execute(_allowed(machine, scope, organization_id))).scalar_one_or_none()
    if allowed is None:
        raise Forbidden(f"The client does not have the scope {scope.value} any more.")
    if not allowed:
        raise Forbidden("The organization is outside of what the client was registered for.")


def _allowed(machine: Machine, scope: ClientScope, organization_id: int) -> Select[Any]:
    """Whether an organization is within the bounds of a client that has a scope; no row for one that has not."""
    c = Client.__table__
    has_it = (c.c.id == machine.client_id, c.c.revoked_at.is_(None), literal(scope.value) == any_(c.c.scopes))
    return select(_within(c, organization_id)).where(*has_it)


def _within(c: Any, organization_id: int) -> ColumnElement[bool]:
    """In its subtree (of whom its organization has become a part, where that was merged), and in its sphere."""
    bound, top, place = Organization.__table__, Position.__table__.alias(), Position.__table__.alias()
    standing = select(func.coalesce(bound.c.merged_into_id, bound.c.id)).where(bound.c.id == c.c.organization_id)
    standing_id = standing.correlate(c).scalar_subquery()
    lower = select(place.c.organization_id).join_from(
        top, place, (place.c.hierarchy == top.c.hierarchy) & below(place.c.path, top.c.path)
    )
    is_below = lower.where(
        top.c.hierarchy == c.c.hierarchy,
        top.c.organization_id == standing_id,
        place.c.organization_id == organization_id,
    ).correlate(c)
    works = select(OrganizationSphere.sphere_id).where(
        OrganizationSphere.organization_id == organization_id, OrganizationSphere.sphere_id == c.c.sphere_id
    )
    in_subtree = or_(c.c.organization_id.is_(None), standing_id == organization_id, is_below.exists())
    return in_subtree & or_(c.c.sphere_id.is_(None), works.correlate(c).exists())
