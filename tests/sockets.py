"""Clients of subscriptions: over a WebSocket in the protocol graphql-transport-ws, and as server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import psycopg
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from resolvers.ratings.waiting import cursor_of
from tests.servers import Server

# Long enough for a busy machine; nothing waits so long where all is well.
PATIENCE = 30

WATCH = """subscription($code: String!, $scope: Scope = OWN, $hierarchy: Hierarchy = SUBORDINATION, $since: String) {
    ratingChanged(organization: {code: $code}, scope: $scope, hierarchy: $hierarchy, since: $since) {
        at cursor organization { code rating(scope: $scope, hierarchy: $hierarchy) { submissions value } }
    }
}"""


def now(url: str) -> str:
    """A cursor behind all that is committed: who subscribes from it misses nothing, however long that takes to begin."""
    with psycopg.connect(url) as connection:
        ((snapshot,),) = connection.execute("SELECT pg_current_snapshot()::text").fetchall()
    return cursor_of(snapshot)


@dataclass(frozen=True)
class Socket:
    """A connection, message by message."""

    connection: ClientConnection

    async def send(self, **message: Any) -> None:
        await self.connection.send(json.dumps(message))

    async def heard(self) -> dict[str, Any]:
        """The next message."""
        async with asyncio.timeout(PATIENCE):
            found: dict[str, Any] = json.loads(await self.connection.recv())
        return found

    async def begin(self, **payload: Any) -> None:
        """Say who asks, and wait until that is acknowledged."""
        await self.send(type="connection_init", payload=payload)
        assert await self.heard() == {"type": "connection_ack"}

    async def subscribe(self, id: str, query: str, /, **variables: Any) -> None:
        await self.send(id=id, type="subscribe", payload={"query": query, "variables": variables})

    async def told(self, id: str = "1") -> Any:
        """The data of the next answer to an operation."""
        message = await self.heard()
        assert (message["id"], message["type"]) == (id, "next"), message
        assert "errors" not in message["payload"], message
        return message["payload"]["data"]

    async def closed(self) -> tuple[int, str]:
        """With which code and reason the server closes the connection, whatever it says before."""
        async with asyncio.timeout(PATIENCE):
            await self.connection.wait_closed()
        with pytest.raises(ConnectionClosed) as closed:
            await self._read_out()
        frame = closed.value.rcvd
        assert frame is not None
        return frame.code, frame.reason

    async def _read_out(self) -> None:
        while True:
            await self.connection.recv()


@asynccontextmanager
async def socket(
    server: Server, headers: Mapping[str, str] | None = None, protocol: str = "graphql-transport-ws"
) -> AsyncIterator[Socket]:
    """A connection to a server for the length of a block."""
    address = f"ws://localhost:{server.port}/graphql"
    async with connect(address, subprotocols=[Subprotocol(protocol)], additional_headers=headers) as connection:
        yield Socket(connection)


@dataclass(frozen=True)
class Events:
    """A stream of server-sent events, event by event."""

    response: httpx.Response
    _lines: AsyncIterator[str]

    async def heard(self) -> tuple[str, Any]:
        """The name and the data of the next event."""
        name, data = "", None
        async with asyncio.timeout(PATIENCE):
            async for line in self._lines:
                field, _, value = line.partition(":")
                if field == "event":
                    name = value.strip()
                elif field == "data":
                    data = json.loads(value) if value.strip() else None
                elif not line and name:
                    break
        return name, data

    async def told(self) -> Any:
        """The data of the next answer."""
        name, answer = await self.heard()
        assert name == "next", (name, answer)
        assert "errors" not in answer, answer
        return answer["data"]


@asynccontextmanager
async def events(
    server: Server,
    query: str,
    accept: str = "text/event-stream",
    headers: Mapping[str, str] | None = None,
    /,
    **variables: Any,
) -> AsyncIterator[Events]:
    """The events that an operation is answered with, for the length of a block."""
    body = {"query": query, "variables": variables}
    async with (
        httpx.AsyncClient(base_url=server.address, timeout=PATIENCE) as http,
        http.stream("POST", "/graphql", json=body, headers={"Accept": accept, **(headers or {})}) as response,
    ):
        yield Events(response, response.aiter_lines())
