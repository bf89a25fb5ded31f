"""Connections that stand ready are hidden from nobody, and what breaks meanwhile is found out."""

from collections.abc import AsyncIterator

import anyio
import psycopg
import pytest
from anyio import create_task_group
from sqlalchemy import text

from models.database import Database
from tests.models.test_database import Statements, end_connections

WHO: Statements = [("SELECT pg_backend_pid()", [])]


@pytest.fixture
async def database(empty_url: str) -> AsyncIterator[Database]:
    """One connection for all."""
    database = Database(empty_url, size=1)
    await database.open()
    yield database
    await database.close()


async def pid(database: Database) -> int:
    [[(found,)]] = await database.read(WHO)
    return int(found)


async def test_a_connection_that_stands_ready_is_lent_to_reads_and_writes(database: Database) -> None:
    first = await pid(database)
    assert database.pool_stats["pool_available"] == 1
    async with database.transaction() as connection:
        assert (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one() == first
    await database.notify("anything")
    assert await pid(database) == first


async def test_whoever_waits_is_given_the_next_one(database: Database) -> None:
    done: list[str] = []

    async def write() -> None:
        async with database.transaction() as connection:
            await connection.execute(text("SELECT 1"))
            done.append("written")

    async def read() -> None:
        await database.read([("SELECT pg_sleep(0.1)", [])])
        done.append("read")

    # Otherwise the write would be refused: nobody waits for longer than some seconds.
    async with create_task_group() as tasks:
        for _ in range(3):
            tasks.start_soon(read)
        tasks.start_soon(write)
    assert sorted(done) == ["read"] * 3 + ["written"]


async def test_several_statements_and_single_ones_take_turns_on_a_connection(database: Database) -> None:
    """What psycopg does itself watches the socket, too."""
    first = await pid(database)
    for _ in range(3):
        both = await database.read(WHO * 2)
        assert both == [[(first,)]] * 2
        assert await pid(database) == first


async def test_a_connection_that_ends_while_it_stands_ready_is_noticed(database: Database, empty_url: str) -> None:
    first = await pid(database)
    (connection,) = database._ready._free
    end_connections(empty_url)
    with anyio.fail_after(5):
        while connection.pgconn.status == psycopg.pq.ConnStatus.OK:  # noqa: ASYNC110 - nobody tells of it
            await anyio.sleep(0.01)
    assert connection._watched is None
    assert await pid(database) != first


async def test_a_connection_goes_back_to_the_pool_now_and_then(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.ready.READS", 3)
    ready = []
    for _ in range(7):
        await pid(database)
        ready.append(len(database._ready))
    assert ready == [1, 1, 0, 1, 1, 0, 1]
