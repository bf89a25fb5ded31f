"""Asks the real application, in the tests' own process, as a client does over HTTP."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import orjson
from starlette.types import ASGIApp, Message, Scope

from auth.keys import Keyring
from auth.tokens import Tokens
from portal.app import create_app
from portal.settings import Settings

# The beginning of the query that finds out who asks, which belongs to no operation.
VIEWER_LOOK_UP = "SELECT account.id, account.rater_id"

# What tests do not wait for, and are not held to unless they ask for it.
UNLIMITED = {"mail_seconds": 0, "points": 0, "points_accounts": 0, "points_systems": 0, "cost": 100_000_000}
# A POST to the endpoint, as a server hands it to the application.
SCOPE: Scope = {
    "type": "http",
    "method": "POST",
    "path": "/graphql",
    "query_string": b"",
    "scheme": "http",
    "client": ("127.0.0.1", 1),
}


@dataclass(frozen=True)
class Answer:
    """The answer to one GraphQL request."""

    response: httpx.Response

    @property
    def data(self) -> Any:
        """What was answered; None where the whole request was refused."""
        return self.response.json().get("data")

    @property
    def errors(self) -> list[dict[str, Any]]:
        """What was refused."""
        found: list[dict[str, Any]] = self.response.json().get("errors", [])
        return found

    @property
    def refusal(self) -> tuple[str, str | None]:
        """The code of the only error, and the argument that it is about."""
        (error,) = self.errors
        return error["extensions"]["code"], error["extensions"].get("argument")


@dataclass(frozen=True)
class Client:
    """A client of one application. `statements` has the texts of the last operation's statements."""

    http: httpx.AsyncClient
    tokens: Tokens
    statements: list[str] = field(repr=False)
    application: ASGIApp | None = None

    async def query(
        self,
        text: str,
        variables: Mapping[str, Any] | None = None,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer to an operation, whether it succeeded or not."""
        self.statements.clear()
        sent = dict(headers or {})
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        body = {"query": text, "variables": variables}
        return Answer(await self.http.post("/graphql", json=body, headers=sent))

    async def told(self, text: str, variables: Mapping[str, Any], token: str | None = None) -> Answer:
        """The first answer to a subscription, as a server-sent event; then this client is gone."""
        assert self.application is not None
        headers = [(b"accept", b"text/event-stream"), (b"content-type", b"application/json")]
        if token is not None:
            headers.append((b"authorization", f"Bearer {token}".encode()))
        body, told, said = orjson.dumps({"query": text, "variables": variables}), asyncio.Event(), []
        messages = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def receive() -> Message:
            for message in messages:
                return message
            await told.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            if message.get("body"):
                said.append(message["body"])
                told.set()

        await self.application({**SCOPE, "headers": headers}, receive, send)
        return Answer(httpx.Response(200, content=said[0].partition(b"data: ")[2] or said[0]))

    async def data(self, text: str, /, **variables: Any) -> Any:
        """What an operation that nothing is wrong with answers."""
        answer = await self.query(text, variables)
        assert not answer.errors, answer.errors
        return answer.data

    def token_for(self, account_code: str, seconds: int = 3600) -> str:
        """An access token for an account."""
        return self.tokens.issue(account_code, seconds)


@asynccontextmanager
async def client_of(database_url: str, home: Path, **changes: Any) -> AsyncIterator[Client]:
    """A client of an application that runs over a database for the length of a block.

    `changes` are to the settings. Mail stays in the outbox, where tests read it, or have it sent when they wish; and
    strangers, who all ask from one address, may ask as much as they wish, and for whatever the country's size allows.
    """
    settings = Settings(database_url=database_url, home=home, **{**UNLIMITED, **changes})
    statements: list[str] = []

    def listen(text: str) -> None:
        if not text.startswith(VIEWER_LOOK_UP):
            statements.append(text)

    application = create_app(settings, listen)
    transport = httpx.ASGITransport(application)
    async with (
        application.router.lifespan_context(application),
        httpx.AsyncClient(transport=transport, base_url="http://portal") as http,
    ):
        yield Client(http, Tokens(Keyring(settings.keys_folder)), statements, application)
