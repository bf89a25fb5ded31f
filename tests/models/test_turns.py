"""Quick reads take turns, slow ones keep nobody waiting, and whoever stops waiting takes no turn along."""

import asyncio
import random
import time
from collections.abc import AsyncIterator

import psycopg
import pytest

from models import ready
from models.database import Database
from models.errors import DatabaseUnavailable
from models.turns import LOOK_SECONDS
from tests.models.test_database import Statements, end_connections

AT_ONCE, CONNECTIONS = 2, 6
QUICK: Statements = [
    (
        """SELECT count(*) FROM pg_stat_activity, pg_sleep(0.002)
        WHERE datname = current_database() AND application_name = 'portal' AND state = 'active'""",
        [],
    )
]
SLOW: Statements = [("SELECT pg_sleep(1)", [])]


@pytest.fixture
async def database(empty_url: str) -> AsyncIterator[Database]:
    database = Database(empty_url, size=CONNECTIONS, reads=AT_ONCE)
    await database.open()
    yield database
    await database.close()


def free(database: Database) -> int:
    """How many turns nobody has."""
    return database._turns._free


async def test_no_more_read_at_once(database: Database) -> None:
    for _ in range(5):
        counts = await asyncio.gather(*(database.read(QUICK) for _ in range(8)))
        assert max(count for [[(count,)]] in counts) <= AT_ONCE
    assert free(database) == AT_ONCE


async def test_who_waits_behind_slow_reads_goes_on(database: Database) -> None:
    slow = [asyncio.create_task(database.read(SLOW)) for _ in range(CONNECTIONS - 1)]
    await asyncio.sleep(0)
    assert database.pool_stats["requests_waiting"] >= CONNECTIONS - 1 - AT_ONCE
    [[(active,)]] = await database.read(QUICK)
    assert active == CONNECTIONS
    assert not any(task.done() for task in slow)
    await asyncio.gather(*slow)
    assert free(database) == AT_ONCE


async def test_slow_reads_do_not_let_more_quick_ones_in_for_good(database: Database) -> None:
    counts: list[int] = []
    over = False

    async def read_on() -> None:
        while not over:
            [[(count,)]] = await database.read(QUICK)
            counts.append(count)

    busy = [asyncio.create_task(read_on()) for _ in range(3 * AT_ONCE)]
    await asyncio.gather(*(database.read(SLOW) for _ in range(AT_ONCE)))
    time.sleep(3 * LOOK_SECONDS)  # noqa: ASYNC251 - the loop stands still, and all reads seem to be slow
    await asyncio.sleep(3 * LOOK_SECONDS)
    counts.clear()
    await asyncio.sleep(0.3)
    assert max(counts) <= AT_ONCE
    over = True
    await asyncio.gather(*busy)
    assert free(database) == AT_ONCE


async def test_who_stops_waiting_takes_nothing_along(database: Database) -> None:
    """At whichever moment: before a turn, when it comes, while PostgreSQL works, and when the answer is there."""
    chance = random.Random(1)  # noqa: S311

    async def impatient() -> None:
        try:
            async with asyncio.timeout(chance.uniform(0, LOOK_SECONDS)):
                await database.read(QUICK)
        except TimeoutError:
            pass

    for _ in range(10):
        await asyncio.gather(*(impatient() for _ in range(30)))
    assert free(database) == AT_ONCE
    counts = await asyncio.gather(*(database.read(QUICK) for _ in range(4)))
    assert max(count for [[(count,)]] in counts) <= AT_ONCE
    assert database.pool_stats["pool_size"] <= CONNECTIONS


async def test_reads_that_fail_take_nothing_along(database: Database, empty_url: str) -> None:
    failing = [asyncio.create_task(database.read([("SELECT 1 / 0", [])])) for _ in range(8)]
    for task in failing:
        with pytest.raises(psycopg.errors.DivisionByZero):
            await task
    end_connections(empty_url)
    await asyncio.gather(*(database.read(QUICK) for _ in range(8)))
    assert free(database) == AT_ONCE


async def test_who_is_cancelled_as_the_turn_comes_passes_it_on(database: Database) -> None:
    turns = database._turns
    (first, connection), second = await turns.take(), await turns.take()
    waiting = [asyncio.create_task(turns.take()) for _ in range(2)]
    await asyncio.sleep(0)
    await turns.give_back(first, connection)
    waiting[0].cancel()
    third, theirs = await waiting[1]
    assert theirs is connection
    assert waiting[0].cancelled()
    await turns.give_back(third, theirs)
    await turns.give_back(*second)
    assert free(database) == AT_ONCE


async def test_who_finds_no_connection_leaves_the_turn(empty_url: str) -> None:
    database = Database(empty_url, size=1, reads=AT_ONCE, wait=0.1)
    await database.open()
    taken = await database._turns.take()
    with pytest.raises(DatabaseUnavailable):
        await database.read(QUICK)
    await database._turns.give_back(*taken)
    assert free(database) == AT_ONCE
    assert await database.read(QUICK)
    await database.close()


async def test_who_waits_is_told_in_time_however_many_there_are(empty_url: str) -> None:
    wait = 0.5
    database = Database(empty_url, size=CONNECTIONS, reads=AT_ONCE, wait=wait)
    await database.open()
    told: list[float] = []
    start = time.monotonic()

    async def reader() -> None:
        try:
            await database.read(SLOW)
        except DatabaseUnavailable:
            told.append(time.monotonic() - start)

    await asyncio.gather(*(reader() for _ in range(100)))
    assert len(told) >= 100 - CONNECTIONS
    assert wait <= min(told) <= max(told) < wait + LOOK_SECONDS + 0.3
    # Whoever has a turn in the last moment is refused by the pool, which does not count that.
    assert database.pool_stats["requests_errors"] >= len(told) - CONNECTIONS
    assert database.pool_stats["requests_waiting"] == 0
    assert free(database) == AT_ONCE
    assert await database.read(QUICK)
    await database.close()


async def test_who_is_cancelled_as_the_wait_ends_takes_nothing_along(empty_url: str) -> None:
    database = Database(empty_url, size=AT_ONCE, reads=AT_ONCE, wait=0.3)
    await database.open()
    turns = database._turns
    taken = [await turns.take() for _ in range(AT_ONCE)]
    waiting = asyncio.create_task(turns.take())
    await asyncio.sleep(0)
    time.sleep(0.3)  # noqa: ASYNC251 - nobody looks meanwhile
    turns._look()
    waiting.cancel()
    await asyncio.wait([waiting])
    assert waiting.cancelled()
    for each in taken:
        await turns.give_back(*each)
    assert free(database) == AT_ONCE
    await database.close()


async def test_who_is_cancelled_as_the_turn_comes_leaves_the_connection_to_who_writes(empty_url: str) -> None:
    database = Database(empty_url, size=1, reads=1, wait=0.5)
    await database.open()
    turns = database._turns
    taken = await turns.take()
    reading = asyncio.create_task(turns.take())
    await asyncio.sleep(0)
    writing = asyncio.create_task(database.notify("nobody"))
    await turns.give_back(*taken)
    reading.cancel()
    await writing
    assert reading.cancelled()
    assert free(database) == 1
    await database.close()


async def test_a_connection_that_is_handed_on_goes_back_to_the_pool_after_so_many_reads(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ready, "READS", 10)
    database = Database(empty_url, size=1, reads=1)
    await database.open()
    await asyncio.gather(*(database.read(QUICK) for _ in range(35)))
    assert database.pool_stats["requests_num"] == 4
    turn, connection = await database._turns.take()
    assert all(database._ready.keeps(connection) for _ in range(20))
    await database._turns.give_back(turn, connection)
    await database.close()
