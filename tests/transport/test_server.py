"""What depends on a real server: sockets that stall, and signals that end it."""

import json
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.servers import Server, serving
from transport.requests import MAXIMUM_BODY

CHUNK = 50_000


@pytest.fixture(scope="module")
def server(seeded_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(seeded_url, tmp_path_factory.mktemp("home")) as server:
        yield server


def head(*headers: str) -> bytes:
    lines = ["POST /graphql HTTP/1.1", "Host: portal", "Content-Type: application/json", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


def answer(connection: socket.socket) -> bytes:
    connection.settimeout(60)
    return connection.recv(65536)


def test_a_body_without_a_length_is_read_no_further_than_the_limit(server: Server) -> None:
    chunk = f"{CHUNK:x}\r\n".encode() + b" " * CHUNK + b"\r\n"
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(head("Transfer-Encoding: chunked"))
        for _ in range(MAXIMUM_BODY // CHUNK + 1):
            connection.sendall(chunk)
        # The body has not ended, and the answer is there.
        assert answer(connection).startswith(b"HTTP/1.1 413 ")


def test_a_body_that_says_it_is_too_long_is_not_waited_for(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(head(f"Content-Length: {MAXIMUM_BODY + 1}"))
        assert answer(connection).startswith(b"HTTP/1.1 413 ")


def test_a_client_that_leaves_in_the_middle_harms_nobody(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(head("Content-Length: 100") + b'{"query":')
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        body = json.dumps({"query": "{ __typename }"}).encode()
        connection.sendall(head(f"Content-Length: {len(body)}") + body)
        assert answer(connection).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_quickly_and_without_a_word(seeded_url: str, tmp_path: Path, name: signal.Signals) -> None:
    with serving(seeded_url, tmp_path) as server, socket.create_connection(("127.0.0.1", server.port)):
        began = time.monotonic()
        server.process.send_signal(name)
        _, log = server.process.communicate(timeout=10)
    assert time.monotonic() - began < 2
    assert log == ""


def test_a_signal_waits_for_what_takes_long_only_for_seconds(clone_url: str, tmp_path: Path) -> None:
    body = json.dumps({"query": "{ spheres { name } }"}).encode()
    with serving(clone_url, tmp_path) as server, psycopg.connect(clone_url) as locking:
        locking.execute("LOCK TABLE sphere IN ACCESS EXCLUSIVE MODE")
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(head(f"Content-Length: {len(body)}") + body)
            time.sleep(0.5)
            began = time.monotonic()
            server.process.terminate()
            server.process.communicate(timeout=20)
    assert time.monotonic() - began < 6
