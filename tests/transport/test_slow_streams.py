"""A client of server-sent events who takes nothing is dropped, and holds nobody."""

import asyncio
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.citizens import Citizen
from tests.patience import here, open_connections
from tests.servers import Server
from tests.sockets import PATIENCE, WATCH, events, now
from transport import event_streams

# The published schema so many times is an answer of some twenty megabytes: more than all buffers on the way take.
ASKED = "{ _service {" + " ".join(f"s{number}: sdl" for number in range(100)) + "} }"


@contextmanager
def taking_nothing(server: Server) -> Iterator[None]:
    """For the length of a block somebody asks for much, as a stream, and reads no more than that it has begun."""
    body = json.dumps({"query": ASKED})
    head = "POST /graphql HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nContent-Type: application/json"
    with socket.create_connection(("localhost", server.port)) as connection:
        connection.sendall(f"{head}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        assert connection.recv(8) == b"HTTP/1.1"
        yield


async def until_open(server: Server, number: int) -> None:
    """Wait until so many streams are open."""
    async with asyncio.timeout(PATIENCE):
        while await open_connections(server, "stream") != number:  # noqa: ASYNC110 - no event tells it
            await asyncio.sleep(0.05)


async def test_a_stream_that_nobody_takes_is_dropped_and_holds_nobody(
    citizen: Citizen, watched_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_streams, "SEND_SECONDS", 1.0)
    with here(watched_url, tmp_path) as server:
        async with events(server, WATCH, code="HOSPITAL", since=now(watched_url)) as quick:
            with taking_nothing(server):
                await citizen.submit("HOSPITAL")
                assert (await quick.told())["ratingChanged"]["organization"]["code"] == "HOSPITAL"
                # Its place is free, and the other's is not.
                await until_open(server, 1)
            async with events(server, "{ __typename }") as another:
                assert await another.told() == {"__typename": "Query"}
        await until_open(server, 0)
