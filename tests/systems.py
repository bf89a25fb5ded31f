"""Other systems of `tests.stage`: clients that are registered, given tokens, and ask, over the real application."""

import base64
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import orjson
from joserfc import jwt
from joserfc.jwk import ECKey
from sqlalchemy.ext.asyncio import AsyncConnection

from models.audit import Actor
from models.database import Database
from models.hierarchies import Hierarchy
from resolvers.sets.references import OrganizationReference
from resolvers.systems import registering
from resolvers.systems.registering import Terms
from tests.citizens import Citizen
from tests.clients import Answer, Client

EVERYTHING = ("submissions:write", "invitations:write", "tokens:introspect")
BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True)
class System(Citizen):
    """A registered client; `account` is its code, and it asks with tokens of its own."""

    secret: str = ""
    key: ECKey | None = None
    scope: str | None = None

    async def post(self, path: str, **fields: str) -> httpx.Response:
        """A form sent to one of the endpoints of OAuth, as this client by its secret or its key."""
        assert self.account
        headers = {}
        if self.key is not None:
            fields = {"client_assertion_type": BEARER, "client_assertion": self.assertion()} | fields
        else:
            headers["Authorization"] = basic(self.account, self.secret)
        return await self.client.http.post(f"/oauth/{path}", data=fields, headers=headers)

    async def grant(self, **fields: str) -> httpx.Response:
        """The answer to asking for a token."""
        return await self.post("token", grant_type="client_credentials", **fields)

    async def token(self, **fields: str) -> str:
        """A token of its own."""
        answer = await self.grant(**fields)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def assertion(self, **changes: Any) -> str:
        """What it proves itself with by its key; a claim that is None is left out."""
        assert self.key is not None
        now, issuer = int(time.time()), self.client.tokens.issuer
        claims = {"iss": self.account, "sub": self.account, "aud": issuer, "exp": now + 60, "jti": secrets.token_hex(8)}
        told = {name: value for name, value in (claims | changes).items() if value is not None}
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, told, self.key)

    async def ask(self, operation: str, **variables: Any) -> Answer:
        """The whole answer to an operation."""
        return await self._ask(operation, variables)

    async def _ask(self, operation: str, variables: dict[str, Any]) -> Answer:
        fields = {} if self.scope is None else {"scope": self.scope}
        return await self.client.query(operation, variables, await self.token(**fields))


@asynccontextmanager
async def writing(url: str) -> AsyncIterator[AsyncConnection]:
    """A transaction on a database, as the command line makes one."""
    database = Database(url, size=1)
    await database.open()
    try:
        async with database.transaction() as connection:
            yield connection
    finally:
        await database.close()


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


async def registered(
    client: Client,
    url: str,
    code: str = "one-stop",
    scopes: tuple[str, ...] = EVERYTHING,
    organization: str | None = None,
    hierarchy: Hierarchy = Hierarchy.SUBORDINATION,
    sphere: str | None = None,
    key: ECKey | None = None,
) -> System:
    """A client that the operator has registered, by a secret or by a key."""
    place = None if organization is None else OrganizationReference(None, organization)
    jwks = None if key is None else orjson.dumps({"keys": [key.as_dict(private=False)]}).decode()
    terms = Terms("A system", scopes, place, hierarchy, sphere, jwks)
    async with writing(url) as connection:
        given = await registering.register(connection, Actor(), code, terms)
    return System(client, url, code, given.secret or "", key)
