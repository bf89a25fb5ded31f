"""Connections that stay open: so many of each who asks, so many in all, and room again as soon as one is closed."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from auth.machines import Machine
from auth.viewers import Viewer
from models.raters import RaterKind
from tests.clients import Client
from tests.servers import Server, serving
from tests.sockets import PATIENCE, WATCH, Socket, events, socket
from transport.connections import SOCKET, STREAM, Connections, TooManyConnections
from transport.shares import Shares

EACH, ACCOUNTS, ALL = 2, 1, 4
VIEWER = Viewer(7, 8, RaterKind.PERSON)
MACHINE = Machine(9, "SHOP", frozenset())


@pytest.mark.parametrize(("asks", "most"), [(None, 1), (VIEWER, 2), (MACHINE, 3)])
def test_each_may_have_so_many(asks: Viewer | Machine | None, most: int) -> None:
    connections = Connections(Shares(1, 2, 3))
    places = [connections.enter(SOCKET, asks, "a") for _ in range(most)]
    with pytest.raises(TooManyConnections):
        connections.enter(STREAM, asks, "a")
    places.pop().close()
    connections.enter(STREAM, asks, "a").close()
    assert connections.kinds == {SOCKET: most - 1, STREAM: 0}
    connections.enter(SOCKET, None if asks else VIEWER, "a")


def test_all_together_may_have_so_many() -> None:
    connections = Connections(Shares(0, 0, 0), most=3)
    places = [connections.enter(SOCKET, None, f"{number}") for number in range(3)]
    with pytest.raises(TooManyConnections):
        connections.enter(SOCKET, VIEWER, "another")
    places[0].close()
    connections.enter(SOCKET, VIEWER, "another")


def test_a_place_goes_over_to_whose_it_turns_out_to_be() -> None:
    connections = Connections(Shares(1, 1, 1))
    place = connections.enter(SOCKET, None, "a")
    place.belongs(None, "a")
    place.belongs(VIEWER, "a")
    second = connections.enter(SOCKET, None, "a")
    with pytest.raises(TooManyConnections):
        second.belongs(VIEWER, "a")
    # Nothing has changed for it, and nothing is left of who is gone.
    with pytest.raises(TooManyConnections):
        connections.enter(SOCKET, None, "a")
    second.close()
    place.close()
    assert connections == Connections(Shares(1, 1, 1), kinds=connections.kinds)
    assert not +connections.kinds


# --- a server ---


@pytest.fixture(scope="module")
def crowded(watched_url: str, watched_home: Path) -> Iterator[Server]:
    """A server with little room."""
    given = {
        "PORTAL_CONNECTIONS": f"{EACH}",
        "PORTAL_CONNECTIONS_ACCOUNTS": f"{ACCOUNTS}",
        "PORTAL_CONNECTIONS_ALL": f"{ALL}",
        "PORTAL_PROXIES": "127.0.0.1,::1",
        "PORTAL_METRICS_TOKEN": "read",
    }
    with serving(watched_url, watched_home, subprocess.DEVNULL, **given) as server:
        yield server


def at(number: int) -> Mapping[str, str]:
    """The headers of an address."""
    return {"X-Forwarded-For": f"192.0.2.{number}"}


@asynccontextmanager
async def begun(server: Server, headers: Mapping[str, str]) -> AsyncIterator[Socket]:
    async with socket(server, headers) as connection:
        await connection.begin()
        yield connection


async def refused_socket(server: Server, headers: Mapping[str, str]) -> tuple[int, str]:
    """With which code and reason one more is closed, at once or when it says who asks."""
    async with socket(server, headers) as connection:
        with suppress(ConnectionClosed):
            await connection.send(type="connection_init")
        return await connection.closed()


async def room(server: Server, headers: Mapping[str, str]) -> None:
    """Wait until there is room: a server hears a little later that a connection is gone."""
    async with asyncio.timeout(PATIENCE):
        while True:
            async with socket(server, headers) as connection:
                with suppress(ConnectionClosed):
                    await connection.begin()
                    return


async def counted(server: Server) -> dict[str, float]:
    """How many connections there are, and were refused, as metrics tell."""
    async with httpx.AsyncClient() as http:
        text = (await http.get(f"{server.address}/metrics", headers={"Authorization": "Bearer read"})).text
    lines = (line.rpartition(" ") for line in text.splitlines())
    return {name: float(value) for name, _, value in lines if "connection" in name.lower() and not name.startswith("#")}


async def test_an_address_has_room_for_so_many(crowded: Server) -> None:
    async with AsyncExitStack() as open_:
        first = await open_.enter_async_context(begun(crowded, at(1)))
        stream = await open_.enter_async_context(events(crowded, WATCH, "text/event-stream", at(1), code="SCHOOL"))
        assert stream.response.status_code == 200
        before = await counted(crowded)
        assert before['portal_connections{kind="websocket"}'] == 1
        assert before['portal_connections{kind="stream"}'] == 1

        code, reason = await refused_socket(crowded, at(1))
        assert (code, reason) == (1013, f"You have {EACH} open connections: close one before you open another.")
        async with events(crowded, WATCH, "text/event-stream", at(1), code="SCHOOL") as refused:
            await refused.response.aread()
            assert refused.response.status_code == 429
            assert refused.response.headers["retry-after"] == "10"
            assert refused.response.json()["errors"][0]["extensions"]["code"] == "CONNECTION_LIMIT"
        errors = 'portal_errors_total{code="CONNECTION_LIMIT"}'
        assert await counted(crowded) == before | {errors: before.get(errors, 0) + 2}

        # What is open goes on, what does not stay open is answered, and others have room of their own.
        await first.subscribe("1", "{ __typename }")
        assert await first.told()
        async with httpx.AsyncClient() as http:
            plain = await http.post(f"{crowded.address}/graphql", json={"query": "{ __typename }"}, headers=at(1))
        assert plain.json() == {"data": {"__typename": "Query"}}
        await room(crowded, at(2))
        await stream.response.aclose()
        await room(crowded, at(1))


async def test_an_account_has_room_for_so_many_wherever_it_is(
    crowded: Server, elsewhere: Client, names: Iterator[str]
) -> None:
    token = {"Authorization": f"Bearer {elsewhere.token_for(next(names))}"}
    async with begun(crowded, {**at(3), **token}):
        assert (await refused_socket(crowded, {**at(4), **token}))[0] == 1013
        # It takes no room of its address.
        async with begun(crowded, at(3)), begun(crowded, at(3)):
            assert (await refused_socket(crowded, at(3)))[0] == 1013
    await room(crowded, {**at(4), **token})


async def test_a_server_has_room_for_so_many(crowded: Server) -> None:
    async with AsyncExitStack() as open_:
        for number in range(ALL):
            await room(crowded, at(10 + number))
            await open_.enter_async_context(begun(crowded, at(10 + number)))
        code, reason = await refused_socket(crowded, at(20))
        assert (code, reason) == (1013, "This server has as many open connections as it takes: try again later.")
        async with httpx.AsyncClient() as http:
            assert (await http.get(f"{crowded.address}/ready")).status_code == 200
    await room(crowded, at(20))
