"""Machines: other systems that ask in their own name. A machine is no account, and rates nothing for itself."""

from dataclasses import dataclass

from sqlalchemy import select

from auth.tokens import Claims
from models.audit import Actor
from models.clients import Client, RevokedToken
from models.database import Database
from models.errors import Unauthenticated


@dataclass(frozen=True)
class Machine:
    """A client that asks, in one request, and what its token and its registration both let it do."""

    client_id: int
    code: str
    scopes: frozenset[str]
    request_id: str | None = None

    @property
    def actor(self) -> Actor:
        """The audit trail knows accounts: a machine has none."""
        return Actor(None, self.request_id)


async def machine_of(database: Database, claims: Claims) -> Machine:
    """The client whose own token it is, as of now; raises Unauthenticated where it or the token was revoked."""
    is_revoked = select(RevokedToken.jti).where(RevokedToken.jti == claims.jti).exists()
    query = select(Client.id, Client.scopes).where(
        Client.code == claims.client, Client.revoked_at.is_(None), ~is_revoked
    )
    async with database.transaction() as connection:
        row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise Unauthenticated("The access token or its client was revoked.")
    return Machine(row.id, claims.client, claims.scopes & frozenset(row.scopes))
