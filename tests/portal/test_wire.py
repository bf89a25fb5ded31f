"""What stands in the packets that a real server sends."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from portal.wire import Protocol
from tests.servers import Server, serving

HEAD_HEALTH = b"HEAD /health HTTP/1.1\r\nHost: portal\r\n\r\n"
GET_HEALTH = b"GET /health HTTP/1.1\r\nHost: portal\r\n\r\n"
LAST_HEALTH = b"GET /health HTTP/1.1\r\nHost: portal\r\nConnection: close\r\n\r\n"
UPGRADE = (
    b"GET /graphql HTTP/1.1\r\nHost: portal\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)
END_OF_HEAD = b"\r\n\r\n"


@pytest.fixture(scope="module")
def server(seeded_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(seeded_url, tmp_path_factory.mktemp("home")) as server:
        yield server


@contextmanager
def connected(server: Server) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        yield connection


def question(document: str) -> bytes:
    body = json.dumps({"query": document})
    lines = [
        "POST /graphql HTTP/1.1",
        "Host: portal",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*lines, "", body]).encode()


def test_an_answer_comes_with_its_head(server: Server) -> None:
    with connected(server) as connection:
        for _ in range(20):
            connection.sendall(question("{ __typename }"))
            head, _, body = connection.recv(65_536).partition(END_OF_HEAD)
            assert head.startswith(b"HTTP/1.1 200 ")
            assert json.loads(body) == {"data": {"__typename": "Query"}}


def test_a_head_without_a_body_waits_for_none(server: Server) -> None:
    with connected(server) as connection:
        for _ in range(2):
            connection.sendall(HEAD_HEALTH)
            answer = connection.recv(65_536)
            assert answer.startswith(b"HTTP/1.1 200 ")
            assert answer.endswith(END_OF_HEAD)


@asynccontextmanager
async def talking_to(application: Any) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Both ends of a connection to an application that is served in this process."""
    running = uvicorn.Server(uvicorn.Config(application, http=Protocol, lifespan="off", log_level="critical"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        task = asyncio.create_task(running.serve([listening]))
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        try:
            async with asyncio.timeout(10):
                yield reader, writer
        finally:
            writer.close()
            running.should_exit = running.force_exit = True
            await task


async def test_a_head_that_tells_no_length_waits_for_nothing() -> None:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while (await receive())["type"] != "http.disconnect":
            pass

    async with talking_to(application) as (reader, writer):
        writer.write(GET_HEALTH)
        assert (await reader.readuntil(END_OF_HEAD)).startswith(b"HTTP/1.1 200 ")


async def test_only_the_head_waits_whatever_the_pieces_of_the_body_look_like() -> None:
    pieces = [b"first", b"HTTP/1.1 200 OK\r\ncontent-length: 3", memoryview(b"third")]
    length = b"%d" % sum(map(len, pieces))
    taken = asyncio.Event()

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]})
        for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await taken.wait()
            taken.clear()
        await send({"type": "http.response.body", "body": b""})

    async with talking_to(application) as (reader, writer):
        for _ in range(2):
            writer.write(GET_HEALTH)
            await reader.readuntil(END_OF_HEAD)
            for piece in pieces:
                assert await reader.readexactly(len(piece)) == piece
                taken.set()


async def test_a_head_goes_out_though_its_body_fails() -> None:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
        raise ValueError

    async with talking_to(application) as (reader, writer):
        writer.write(GET_HEALTH)
        answer = await reader.read()
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert answer.endswith(END_OF_HEAD)


def test_an_upgrade_behind_a_request_harms_neither(seeded_url: str, tmp_path: Path) -> None:
    with serving(seeded_url, tmp_path) as server:
        with connected(server) as connection:
            connection.sendall(question("{ organizations(first: 50) { nodes { name } } }") + UPGRADE)
            connection.settimeout(1)
            came = b""
            with suppress(TimeoutError):
                while piece := connection.recv(65_536):
                    came += piece
                pytest.fail("The connection was closed.")
            assert b"HTTP/1.1 101 " in came
            assert b'{"data":{"organizations"' in came
        server.process.terminate()
        _, log = server.process.communicate(timeout=20)
    assert log == ""


def test_answers_to_requests_sent_at_once_come_whole_and_in_their_order(server: Server) -> None:
    with connected(server) as connection:
        names = [f"n{number}" for number in range(5)]
        connection.sendall(b"".join(question(f"{{ {name}: __typename }}") for name in names))
        connection.sendall(LAST_HEALTH)
        came = b"".join(iter(lambda: connection.recv(65_536), b""))
    bodies = [json.loads(each.partition(END_OF_HEAD)[2]) for each in came.split(b"HTTP/1.1 200 ")[1:]]
    assert bodies == [*({"data": {name: "Query"}} for name in names), {"status": "ok"}]


def test_what_is_no_http_is_refused_and_the_connection_closed(server: Server) -> None:
    with connected(server) as connection:
        connection.sendall(b"nonsense\r\n\r\n")
        assert b"".join(iter(lambda: connection.recv(65_536), b"")).startswith(b"HTTP/1.1 400 ")
