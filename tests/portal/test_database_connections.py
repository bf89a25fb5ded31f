"""How many connections to PostgreSQL a process opens: as many as its page says, and no more."""

import asyncio
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString

import httpx
import psycopg
import pytest

from auth.keys import Keyring
from auth.tokens import Tokens
from models.database import Bound, Snapshot
from portal.app import BESIDE_THE_POOL
from portal.cluster.configuration import CONNECTIONS
from portal.settings import Settings
from tests.patience import here
from tests.sockets import PATIENCE, WATCH, events

PAGE = (Path(__file__).parents[2] / "docs" / "architecture.md").read_text()
POOL: int = Settings.model_fields["pool_size"].default
MOST = POOL + BESIDE_THE_POOL
# What PostgreSQL keeps for superusers, if nobody configures it.
RESERVED = 3

DATA_SET, SHEET = "/open-data/organizations.csv", "/qr-codes/pdf?organization=HOSPITAL"
QUERY = {"query": "{ organizations(first: 1) { totalCount } }"}
# So long it is watched whether there are not more after all.
WATCHED_SECONDS = 1.5

OPEN: LiteralString = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'portal'"
)
LISTENING: LiteralString = f"{OPEN} AND query LIKE 'LISTEN%'"
# Those that a file has a moment on, which begins by asking when it is.
HELD: LiteralString = f"{OPEN} AND state = 'idle in transaction' AND query = 'SELECT now()'"


def count(onlooker: psycopg.Connection, text: LiteralString) -> int:
    row = onlooker.execute(text).fetchone()
    assert row is not None
    return int(row[0])


async def until(onlooker: psycopg.Connection, text: LiteralString, number: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while count(onlooker, text) != number:  # noqa: ASYNC110 - no event tells it
            await asyncio.sleep(0.05)


async def most_of_a_while(onlooker: psycopg.Connection) -> int:
    """How many are open at once, at most, while it is watched."""
    found, end = 0, time.monotonic() + WATCHED_SECONDS
    while time.monotonic() < end:
        found = max(found, count(onlooker, OPEN))
        await asyncio.sleep(0.05)
    return found


@contextmanager
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """For the length of a block files are begun, and do not go on."""
    read, over = Snapshot.read, threading.Event()

    async def reading(self: Snapshot, statements: Sequence[Bound]) -> list[Sequence[Sequence[Any]]]:
        await asyncio.to_thread(over.wait)
        return await read(self, statements)

    monkeypatch.setattr(Snapshot, "read", reading)
    try:
        yield
    finally:
        over.set()


async def test_all_that_there_may_be_and_no_more(
    stage_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody subscribes; and more files and reads are asked for than there are connections for."""
    with here(stage_url, tmp_path) as server, psycopg.connect(stage_url, autocommit=True) as onlooker:
        official = {"Authorization": f"Bearer {Tokens(Keyring(tmp_path / 'keys')).issue('head', 3600)}"}
        async with (
            httpx.AsyncClient(base_url=server.address, timeout=PATIENCE) as http,
            events(server, WATCH, code="HOSPITAL"),
        ):
            await until(onlooker, LISTENING, 1)
            with held(monkeypatch), psycopg.connect(stage_url) as lock:
                asked = [asyncio.ensure_future(http.get(DATA_SET)) for _ in range(4)]
                asked += [asyncio.ensure_future(http.get(SHEET, headers=official)) for _ in range(2)]
                await until(onlooker, HELD, 3)
                lock.execute("LOCK TABLE organization IN ACCESS EXCLUSIVE MODE")
                asked += [asyncio.ensure_future(http.post("/graphql", json=QUERY)) for _ in range(3 * POOL)]
                await until(onlooker, OPEN, MOST)
                assert await most_of_a_while(onlooker) <= MOST
            await asyncio.gather(*asked)


def test_its_page_says_how_many_and_how_many_processes_they_are_enough_for() -> None:
    assert f"A server process has {MOST} connections to PostgreSQL at most" in PAGE
    assert f"allow {CONNECTIONS}, which is six processes" in PAGE
    assert (CONNECTIONS - RESERVED) // MOST == 6
