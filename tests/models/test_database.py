"""Connections that break, and transactions that do not end well, on a real server."""

from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
from anyio import create_task_group
from sqlalchemy import text

from models.database import Database
from models.errors import DatabaseUnavailable, TookTooLong

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


async def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(psycopg.errors.DivisionByZero):
        await write(database, "CREATE TABLE leftover (id int)", "SELECT 1 / 0")
    assert await database.read([("SELECT to_regclass('leftover') IS NULL", [])]) == [[(True,)]]


async def test_a_transaction_that_ends_is_kept(database: Database) -> None:
    await write(database, "CREATE TABLE kept (id int)")
    assert await database.read([("SELECT count(*) FROM kept", [])]) == [[(0,)]]


async def test_reading_after_writing_opens_no_transaction(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    """The pool would have to end it, and would say so."""
    await write(database, "SELECT 1")
    await fill(database)
    assert caplog.messages == []


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
