"""Connections that break, and transactions that do not end well, on a real server."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import psycopg
import pytest
from anyio import create_task_group
from sqlalchemy import text

from models.database import Database
from models.errors import DatabaseUnavailable, TookTooLong
from models.reading import REMEMBERED, ReadingConnection

Statements = list[tuple[str, list[Any]]]

ONE: Statements = [("SELECT 1", [])]
SLEEP: Statements = [("SELECT pg_sleep(0.2)", [])]


@pytest.fixture
async def database(empty_url: str) -> AsyncIterator[Database]:
    database = Database(empty_url, size=4)
    await database.open()
    yield database
    await database.close()


def end_connections(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'portal'"
        )


async def fill(database: Database) -> None:
    """Use all connections at once, so that all are there."""
    async with create_task_group() as tasks:
        for _ in range(4):
            tasks.start_soon(database.read, SLEEP)


async def write(database: Database, *statements: str) -> None:
    """Execute statements in one transaction."""
    async with database.transaction() as connection:
        for statement in statements:
            await connection.execute(text(statement))


async def refused_write(database: Database) -> None:
    await write(database, "SELECT 1 / 0")


async def refused_read(database: Database) -> None:
    await database.read([*ONE, ("SELECT 1 / 0", [])])


async def travel(database: Database, *statements: str) -> None:
    """Execute statements in one journey of a transaction that has begun."""
    async with database.transaction() as connection:
        await connection.execute(text("SELECT 1"))
        writer = await database.writer(connection)
        async with writer.journey():
            for statement in statements:
                await writer.send(text(statement))


async def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(psycopg.errors.DivisionByZero):
        await write(database, "CREATE TABLE leftover (id int)", "SELECT 1 / 0")
    assert await database.read([("SELECT to_regclass('leftover') IS NULL", [])]) == [[(True,)]]


@pytest.mark.parametrize("failing", ["SELECT 1 / 0", "SELECT pg_terminate_backend(pg_backend_pid())"])
async def test_a_journey_that_fails_leaves_nothing_and_the_next_one_writes(database: Database, failing: str) -> None:
    with pytest.raises((psycopg.errors.DivisionByZero, DatabaseUnavailable)):
        await travel(database, "CREATE TABLE leftover (id int)", failing, "SELECT 1")
    assert await database.read([("SELECT to_regclass('leftover') IS NULL", [])]) == [[(True,)]]
    for _ in range(4):
        await travel(database, "CREATE TABLE IF NOT EXISTS kept (id int)")
    assert await database.read([("SELECT to_regclass('kept') IS NULL", [])]) == [[(False,)]]


async def test_a_transaction_that_ends_is_kept(database: Database) -> None:
    await write(database, "CREATE TABLE kept (id int)")
    assert await database.read([("SELECT count(*) FROM kept", [])]) == [[(0,)]]


async def test_reading_after_writing_opens_no_transaction(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    """The pool would have to end it, and would say so."""
    await write(database, "SELECT 1")
    await fill(database)
    assert caplog.messages == []


# psycopg prepares a write when it has sent it five times. At a rollback it deallocates what is prepared, if it has prepared anything;
# a read that is refused loses no plan.
@pytest.mark.parametrize("writes", [0, 6])
@pytest.mark.parametrize(("failing", "kept"), [(refused_write, 0), (refused_read, 1)])
async def test_no_read_meets_what_a_rollback_deallocated(
    empty_url: str, failing: Callable[[Database], Awaitable[None]], kept: int, writes: int
) -> None:
    heard: list[str] = []
    database = Database(empty_url, size=1, listen=heard.append)
    await database.open()
    for _ in range(3):
        await database.read(ONE)
    for _ in range(writes):
        await write(database, "SELECT 1")
    with pytest.raises(psycopg.errors.DivisionByZero):
        await failing(database)
    heard.clear()
    left = await database.read([("SELECT count(*) FROM pg_prepared_statements", [])])
    again = await database.read(ONE * 2)
    await database.close()
    assert (left, again) == ([[(kept,)]], [[(1,)]] * 2)
    assert heard[1:] == ["SELECT 1"] * 2


async def test_statements_read_together_see_one_snapshot(database: Database) -> None:
    together: Statements = [("SELECT count(*), pg_current_snapshot()::text FROM sphere", [])] * 2
    first, second = await database.read(together)
    assert first == second
    levels = await database.read([("SELECT current_setting('transaction_isolation')", [])] * 2)
    assert levels == [[("repeatable read",)]] * 2


async def test_no_reading_fails_after_connections_were_ended(database: Database, empty_url: str) -> None:
    await fill(database)
    end_connections(empty_url)
    async with create_task_group() as tasks:
        for _ in range(8):
            tasks.start_soon(database.read, ONE)


async def test_no_writing_fails_after_connections_were_ended(database: Database, empty_url: str) -> None:
    await fill(database)
    end_connections(empty_url)
    await write(database, "SELECT 1")


async def test_a_connection_that_ends_in_the_middle_of_writing_is_told(database: Database) -> None:
    with pytest.raises(DatabaseUnavailable):
        await write(database, "SELECT 1", "SELECT pg_terminate_backend(pg_backend_pid())")


async def test_a_statement_over_its_time(empty_url: str) -> None:
    database = Database(empty_url, statement_timeout="50ms")
    await database.open()
    with pytest.raises(TookTooLong):
        await database.read(SLEEP)
    with pytest.raises(TookTooLong):
        await write(database, "SELECT pg_sleep(1)")
    await database.close()


async def test_a_bug_in_a_statement_is_not_taken_for_an_absence(database: Database) -> None:
    with pytest.raises(psycopg.errors.UndefinedTable):
        await database.read([("SELECT * FROM nowhere", [])])


async def test_a_server_that_is_not_there_is_told_in_seconds(tmp_path: object) -> None:
    database = Database(f"postgresql:///nowhere?host={tmp_path}", wait=0.2)
    await database.open()
    with pytest.raises(DatabaseUnavailable):
        await database.read(ONE)
    with pytest.raises(DatabaseUnavailable):
        await write(database, "SELECT 1")
    await database.close()


async def test_a_plan_is_made_again_after_a_rollback_forgot_it(empty_url: str) -> None:
    database = Database(empty_url, size=1)
    await database.open()
    for _ in range(3):
        assert await database.read([("SELECT $1::int + 1", [1])]) == [[(2,)]]
        # The driver deallocates all statements when it has prepared some, and rolls back.
        for _ in range(8):
            await write(database, "SELECT 1")
        with pytest.raises(psycopg.errors.DivisionByZero):
            await write(database, "SELECT 1 / 0")
    assert await database.read(2 * [("SELECT $1::int + 1", [2])]) == [[(3,)], [(3,)]]
    await database.close()


async def test_statements_are_read_together_although_all_connections_have_lost_their_plans(database: Database) -> None:
    await fill(database)
    together: Statements = 2 * [("SELECT $1::int + 1", [2])]
    # Whoever asks is given the connection that was idle for the longest time: so each has its turns.
    for _ in range(4):
        assert await database.read(together) == [[(3,)], [(3,)]]
    for _ in range(4 * 8):
        await write(database, "SELECT 1")
    for _ in range(4):
        with pytest.raises(psycopg.errors.DivisionByZero):
            await write(database, "SELECT 1 / 0")
    assert await database.read(together) == [[(3,)], [(3,)]]


async def test_a_connection_keeps_the_plans_of_what_is_asked_again_and_no_more_than_some(empty_url: str) -> None:
    prepared: Statements = [("SELECT count(*) FROM pg_prepared_statements", [])]
    database = Database(empty_url, size=1)
    await database.open()
    for number in range(REMEMBERED + 10):
        statement = (f"SELECT {number} + $1::int", [1])
        assert await database.read([statement, statement, statement]) == 3 * [[(number + 1,)]]
    await database.read([("SELECT 'once'", [])])
    (((count,),),) = await database.read(prepared)
    assert REMEMBERED - 2 <= count <= REMEMBERED
    await database.close()


@pytest.mark.parametrize("value", [5, 2**40, -7, 1.5, 1e300, 2.0, True, None, "text", "", ["a", 'b"{}', ""], []])
async def test_a_value_comes_back_as_it_was_sent(database: Database, value: Any) -> None:
    types = {int: "bigint", float: "float8", bool: "boolean", list: "text[]"}
    statement = (f"SELECT $1::{types.get(type(value), 'text')}", [value])
    for _ in range(3):
        assert await database.read([statement]) == [[(value,)]]


async def test_what_is_longer_than_a_sockets_buffer_is_sent(database: Database) -> None:
    long = "ш" * 5_000_000
    assert await database.read([("SELECT $1::text, length($1::text)", [long])]) == [[(long, len(long))]]


@pytest.mark.parametrize(
    "given",
    [
        [],
        ["a"],
        ["", " ", "NULL", "null"],
        ['"', "\\", '\\"', "{", "}", ",", "'", "{a,b}", "\n\t"],
        ["шкала", "😀", "e\u0301"],
        [None, "a"],
        [1, 2],
    ],
)
async def test_an_array_arrives_as_it_was_given(database: Database, given: list[Any]) -> None:
    expected = None if not given else [None if each is None else str(each) for each in given]
    for _ in range(3):
        [[(found, size)]] = await database.read([("SELECT $1::text[], cardinality($1::text[])", [given])])
        assert (found or None, size) == (expected, len(given))


async def test_a_text_in_an_array_without_a_form_in_postgresql_is_refused(database: Database) -> None:
    with pytest.raises(psycopg.DataError, match="NUL"):
        await database.read([("SELECT $1::text[]", [["a\0b"]])])
    assert await database.read(ONE) == [[(1,)]]


async def test_a_write_that_is_cancelled_before_it_begins_keeps_no_connection(empty_url: str) -> None:
    database = Database(empty_url, size=1, wait=1)
    await database.open()
    for turns_of_the_loop in range(30):
        writing = asyncio.create_task(write(database, "SELECT 1"))
        for _ in range(turns_of_the_loop):
            await asyncio.sleep(0)
        writing.cancel()
        await asyncio.wait([writing])
        assert await database.read(ONE) == [[(1,)]]
    await database.close()


async def test_who_is_cancelled_at_the_commit_of_a_read_spoils_no_write(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(empty_url, size=1)
    await database.open()
    for _ in range(8):
        await write(database, "SELECT 1")
        await database.read(ONE * 2)
    reading = asyncio.create_task(database.read(ONE * 2))
    tell = ReadingConnection._tell

    async def cancelling(self: ReadingConnection, command: bytes) -> None:
        if command == b"COMMIT":
            asyncio.get_running_loop().call_soon(reading.cancel)
        await tell(self, command)

    with monkeypatch.context() as patched:
        patched.setattr(ReadingConnection, "_tell", cancelling)
        await asyncio.wait([reading])
    assert reading.cancelled()
    await write(database, "SELECT 1")
    assert await database.read(ONE * 2) == [[(1,)]] * 2
    await database.close()


PREPARED: Statements = [("SELECT count(*) FROM pg_prepared_statements", [])]


@pytest.mark.timeout(60)
async def test_reads_that_are_cancelled_leave_no_more_prepared_than_is_remembered(empty_url: str) -> None:
    database = Database(empty_url, size=1)
    await database.open()
    await database.read(ONE)
    for number in range(600):
        together: Statements = [(f"SELECT {number // 3} + $1::int", [1])] * 2
        reading = asyncio.create_task(database.read(together))
        for _ in range(number % 12):
            await asyncio.sleep(0)
        await asyncio.sleep((number % 7) / 5_000)
        reading.cancel()
        await asyncio.wait([reading])
    (((count,),),) = await database.read(PREPARED)
    assert 0 < count <= REMEMBERED
    await database.close()


@pytest.mark.parametrize("times", [1, 2])
async def test_what_was_prepared_and_is_stale_fails_once(empty_url: str, times: int) -> None:
    database = Database(empty_url, size=1)
    await database.open()
    await write(database, "CREATE TABLE counted (id int)", "INSERT INTO counted VALUES (1)")
    asked: Statements = [("SELECT id FROM counted", [])] * times
    for _ in range(3):
        assert await database.read(asked) == [[(1,)]] * times
    await write(database, "ALTER TABLE counted ALTER id TYPE text")
    with pytest.raises(psycopg.errors.FeatureNotSupported):
        await database.read(asked)
    for _ in range(3):
        assert await database.read(asked) == [[("1",)]] * times
    await write(database, "DEALLOCATE ALL")
    with pytest.raises(psycopg.errors.InvalidSqlStatementName):
        await database.read(asked)
    assert await database.read(asked) == [[("1",)]] * times
    await database.close()


async def test_a_cancelled_read_whose_connection_breaks_is_not_done_again(empty_url: str) -> None:
    heard: list[str] = []
    database = Database(empty_url, size=2, listen=heard.append)
    await database.open()
    reading = asyncio.create_task(database.read([("SELECT pg_sleep(5)", [])]))
    await asyncio.sleep(0.2)
    end_connections(empty_url)
    reading.cancel()
    await asyncio.wait([reading])
    assert reading.cancelled()
    assert len(heard) == 1
    assert await database.read(ONE) == [[(1,)]]
    await database.close()
