"""A client that goes away takes its query along, in the database too."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import httpx
import psycopg
import pytest

from tests.servers import Server, serving
from tests.sockets import PATIENCE, events, socket

# Long before a statement ends because it takes too long.
SOON = 3
QUERY = {"query": "{ organizations(first: 1) { nodes { code } } }"}
ASKED = {
    "query": QUERY["query"],
    "subscription": 'subscription { ratingChanged(organization: {code: "SCHOOL"}) { at } }',
}
# Nobody gets the lock as long as a test holds it: who waits for it no more has ended.
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'portal' AND state = 'active' AND wait_event_type = 'Lock'"""


def waiting(connection: psycopg.Connection) -> int:
    row = connection.execute(WAITING).fetchone()
    assert row is not None
    return int(row[0])


def test_its_query_ends_in_the_database(clone_url: str, tmp_path: Path) -> None:
    with serving(clone_url, tmp_path) as server, psycopg.connect(clone_url) as lock:
        lock.execute("LOCK TABLE organization IN ACCESS EXCLUSIVE MODE")
        with psycopg.connect(clone_url, autocommit=True) as onlooker:
            with pytest.raises(httpx.ReadTimeout):
                httpx.post(f"{server.address}/graphql", json=QUERY, timeout=1)
            deadline = time.monotonic() + SOON
            while waiting(onlooker) and time.monotonic() < deadline:
                time.sleep(0.05)
            assert waiting(onlooker) == 0
        lock.rollback()
        assert httpx.post(f"{server.address}/graphql", json=QUERY, timeout=10).json()["data"]


def test_it_is_no_fault_in_the_log(clone_url: str, tmp_path: Path) -> None:
    with (
        (tmp_path / "log").open("w") as log,
        serving(clone_url, tmp_path, log.fileno()) as server,
        psycopg.connect(clone_url) as lock,
    ):
        lock.execute("LOCK TABLE organization IN ACCESS EXCLUSIVE MODE")
        for path in ("/graphql?query={organizations{totalCount}}", "/open-data/organizations.csv"):
            with pytest.raises(httpx.ReadTimeout):
                httpx.get(f"{server.address}{path}", timeout=1)
    told = (tmp_path / "log").read_text()
    assert "ClientDisconnect" not in told
    assert "Exception" not in told


def test_one_that_waits_gets_its_answer(clone_url: str, tmp_path: Path) -> None:
    with serving(clone_url, tmp_path) as server, psycopg.connect(clone_url) as lock:
        lock.execute("LOCK TABLE organization IN ACCESS EXCLUSIVE MODE")
        with httpx.Client(timeout=10) as client:
            Timer(0.5, lock.rollback).start()
            answer = client.post(f"{server.address}/graphql", json=QUERY)
        assert answer.json()["data"]["organizations"]["nodes"]


@pytest.fixture
def onlooker(watched_url: str) -> Iterator[psycopg.Connection]:
    """Looks on while nobody can read an organization."""
    with psycopg.connect(watched_url) as lock, psycopg.connect(watched_url, autocommit=True) as onlooker:
        lock.execute("LOCK TABLE organization IN ACCESS EXCLUSIVE MODE")
        yield onlooker


async def until_waiting(onlooker: psycopg.Connection, number: int, seconds: float = PATIENCE) -> None:
    """Wait until so many statements wait for the lock."""
    async with asyncio.timeout(seconds):
        while waiting(onlooker) != number:  # noqa: ASYNC110 - no event tells it
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
async def test_what_a_closed_websocket_asked_ends(server: Server, onlooker: psycopg.Connection, asked: str) -> None:
    async with socket(server) as connection:
        await connection.begin()
        await connection.subscribe("1", asked)
        await until_waiting(onlooker, 1)
    await until_waiting(onlooker, 0, SOON)


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
async def test_what_a_broken_websocket_asked_ends(server: Server, onlooker: psycopg.Connection, asked: str) -> None:
    async with socket(server) as connection:
        await connection.begin()
        await connection.subscribe("1", asked)
        await until_waiting(onlooker, 1)
        connection.connection.transport.abort()
        await until_waiting(onlooker, 0, SOON)


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
async def test_what_is_taken_back_ends_and_nothing_else(
    server: Server, onlooker: psycopg.Connection, asked: str
) -> None:
    async with socket(server) as connection:
        await connection.begin()
        await connection.subscribe("1", QUERY["query"])
        await connection.subscribe("2", asked)
        await until_waiting(onlooker, 2)
        await connection.send(id="2", type="complete")
        await until_waiting(onlooker, 1, SOON)
        await connection.send(type="ping")
        assert await connection.heard() == {"type": "pong"}


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
async def test_what_a_left_event_stream_asked_ends(server: Server, onlooker: psycopg.Connection, asked: str) -> None:
    async with events(server, asked):
        await until_waiting(onlooker, 1)
    await until_waiting(onlooker, 0, SOON)
