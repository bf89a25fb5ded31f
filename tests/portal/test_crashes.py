"""PostgreSQL crashes under whoever reads and writes: nobody waits forever, and no connection is lost for good."""

import asyncio
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
import uvloop
from sqlalchemy import text

from models.database import Database
from models.errors import DatabaseUnavailable
from portal.cluster import Cluster

SIZE, EACH, CRASHES = 18, 16, 4
# How long everybody works before a crash, and is left alone with it.
WORK, BACK = 0.4, 3
# Whoever waits in vain is told within so many seconds, and PostgreSQL is back.
PATIENCE = 15
ADD = text("UPDATE counter SET value = value + 1 WHERE id = :number")
BUSY: LiteralString = """SELECT pid FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY state <> 'active', pid LIMIT 1"""


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A server of PostgreSQL that may crash: a short path, for its socket has one."""
    directory = Path(tempfile.mkdtemp(prefix="portal-crashes-"))
    directory.chmod(0o711)
    cluster = Cluster(directory, throwaway=True)
    with psycopg.connect(cluster.start()) as connection:
        connection.execute(
            "CREATE TABLE counter AS SELECT number AS id, 0 AS value FROM generate_series(1, 16) AS number"
        )
    yield cluster
    cluster.remove()


def crash(url: str) -> None:
    """End one process of PostgreSQL so that it ends all the others, this one's among them, and recovers by itself."""
    with connected(url) as connection:
        for (process,) in connection.execute(BUSY).fetchall():
            os.kill(process, signal.SIGKILL)


def connected(url: str) -> psycopg.Connection:
    """A connection as soon as PostgreSQL is back: on a busy machine that takes its time."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with suppress(psycopg.OperationalError):
            return psycopg.connect(url, autocommit=True)
        time.sleep(0.1)
    return psycopg.connect(url, autocommit=True)


async def work(database: Database, number: int, is_over: asyncio.Event) -> int:
    """Read in both ways, or write, until it is over; how often that was answered."""
    one, done = ("SELECT value FROM counter", ()), 0
    for _ in count():
        if is_over.is_set():
            return done
        with suppress(DatabaseUnavailable):
            if number % 2:
                async with database.transaction() as connection:
                    await connection.execute(ADD, {"number": number})
                    await connection.execute(text("SELECT 1"))
            else:
                await database.read([one] * (1 + number % 4))
            done += 1
        await asyncio.sleep(0)
    return done


async def crashing(url: str) -> None:
    database = Database(url, size=SIZE)
    await database.open()
    try:
        await crashing_under(database, url)
    finally:
        await database.close()


async def crashing_under(database: Database, url: str) -> None:
    is_over = asyncio.Event()
    working = [asyncio.create_task(work(database, number, is_over)) for number in range(2 * EACH)]
    try:
        for _ in range(CRASHES):
            await asyncio.sleep(WORK)
            await asyncio.to_thread(crash, url)
            await asyncio.sleep(BACK)
    finally:
        is_over.set()
    done, waiting = await asyncio.wait(working, timeout=PATIENCE)
    assert not waiting, "Somebody waits for an answer that does not come."
    assert all(task.result() for task in done)
    await connected_again(database)
    assert await database.read([("SELECT sum(value) > 0 FROM counter", ())]) == [[(True,)]]


async def connected_again(database: Database) -> None:
    """Wait for the pool, which connects again where connections broke."""
    for _ in range(10 * PATIENCE):
        if database.pool_stats["pool_available"] == database.pool_stats["pool_size"] > EACH:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(database.pool_stats)


def test_everybody_is_told_and_all_connections_come_back(cluster: Cluster) -> None:
    """On uvloop, as the server runs: it tells of an error of a socket once."""
    uvloop.run(crashing(cluster.url))
