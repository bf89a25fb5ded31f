"""What is told as it happens, by several servers, across a restart, and beside clients who take nothing."""

import asyncio
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from graphql import get_introspection_query
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from events import bell, changes
from tests.citizens import Citizen
from tests.patience import here, open_connections
from tests.servers import Server, serving
from tests.sockets import PATIENCE, WATCH, Socket, now, socket
from transport import sockets

# Answers of more than half a megabyte each, uncompressed: together they are more than all buffers on the way take.
ASKED = 60


def test_nobody_waits_for_a_second() -> None:
    """A change is notified, and looked for without that, well within it."""
    assert changes.LOOK_SECONDS < 1
    assert bell.GATHER_SECONDS < 0.5


async def test_each_server_tells_of_a_change(
    server: Server, citizen: Citizen, watched_url: str, watched_home: Path
) -> None:
    with serving(watched_url, watched_home, subprocess.DEVNULL) as another:
        async with socket(server) as one, socket(another) as other:
            for connection in (one, other):
                await connection.begin()
                await connection.subscribe("1", WATCH, code="SCHOOL", since=now(watched_url))
            await citizen.submit("SCHOOL")
            told = [(await connection.told())["ratingChanged"]["organization"] for connection in (one, other)]
    assert told[0] == told[1]
    assert told[0]["code"] == "SCHOOL"


async def test_nothing_is_missed_while_a_server_restarts(
    citizen: Citizen, watched_url: str, watched_home: Path
) -> None:
    with serving(watched_url, watched_home, subprocess.DEVNULL) as before:
        async with socket(before) as connection:
            await connection.begin()
            await connection.subscribe("1", WATCH, code="LONER", since=now(watched_url))
            submission = (await citizen.submit("LONER"))["submission"]
            first = (await connection.told())["ratingChanged"]
            before.process.kill()
            with suppress(ConnectionClosed):
                await connection.heard()
    await citizen.withdraw(submission["id"])
    with serving(watched_url, watched_home, subprocess.DEVNULL) as after:
        async with socket(after) as connection:
            await connection.begin()
            await connection.subscribe("1", WATCH, code="LONER", since=first["cursor"])
            missed = (await connection.told())["ratingChanged"]
    assert missed["organization"]["rating"]["submissions"] == first["organization"]["rating"]["submissions"] - 1


async def test_who_takes_nothing_is_dropped_and_holds_nobody(
    citizen: Citizen, watched_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "SEND_SECONDS", 1.0)
    with here(watched_url, tmp_path) as server:
        address = f"ws://localhost:{server.port}/graphql"
        protocols = [Subprotocol(sockets.PROTOCOL)]
        async with connect(address, subprotocols=protocols, compression=None) as one, socket(server) as quick:
            slow = Socket(one)
            # Both at once: who says nothing is cut off, which a busy server may come to before what is said.
            await slow.begin()
            await quick.begin()
            slow.connection.transport.pause_reading()
            for number in range(ASKED):
                await slow.subscribe(f"{number}", get_introspection_query())
            await quick.subscribe("1", WATCH, code="HOSPITAL", since=now(watched_url))
            await citizen.submit("HOSPITAL")
            assert (await quick.told())["ratingChanged"]["organization"]["code"] == "HOSPITAL"
            # Its connection is gone, and with it all that was asked on it.
            async with asyncio.timeout(PATIENCE):
                while await open_connections(server, "websocket") > 1:  # noqa: ASYNC110 - no event tells it
                    await asyncio.sleep(0.05)
            await quick.subscribe("2", "{ __typename }")
            assert await quick.told("2")
            slow.connection.transport.abort()
