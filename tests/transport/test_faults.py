"""What nobody expected: told without a word of its text, and found again by the request's id."""

from pathlib import Path
from typing import Any

import psycopg
import pytest
from anyio import create_task_group, fail_after, sleep
from structlog.testing import capture_logs

from tests.clients import Client, client_of

TEXT = "known to the database alone"
SPHERES = "{ spheres { name } }"

# Whoever waits for a lock in this database; others of the server may wait for theirs.
WAITING = """
    SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE datname = current_database() AND NOT granted
"""


def broken(url: str) -> None:
    """Let every reading of a table fail as a bug of ours would, with a text of its own."""
    with psycopg.connect(url) as connection:
        connection.execute("ALTER TABLE sphere RENAME TO gone")
        connection.execute(
            f"""CREATE FUNCTION broken() RETURNS SETOF gone LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION '{TEXT}'; END $$"""
        )
        connection.execute("CREATE VIEW sphere AS SELECT * FROM broken()")


async def test_a_fault_is_masked(writing_client: Client, clone_url: str) -> None:
    broken(clone_url)
    answer = await writing_client.query(SPHERES)
    assert answer.response.status_code == 500
    assert answer.refusal == ("INTERNAL_SERVER_ERROR", None)
    assert TEXT not in answer.response.text


async def test_a_fault_is_logged_under_the_id_that_the_client_was_told(writing_client: Client, clone_url: str) -> None:
    broken(clone_url)
    with capture_logs() as logs:
        answer = await writing_client.query(SPHERES)
    request_id = answer.response.headers["x-request-id"]
    assert answer.errors[0]["extensions"]["requestId"] == request_id
    (logged,) = logs
    assert logged["request_id"] == request_id
    assert TEXT in str(logged["exc_info"])


async def test_a_refusal_is_no_fault(client: Client) -> None:
    with capture_logs() as logs:
        await client.query("{ organizations(first: 1000) { totalCount } }")
        await client.query("{")
        await client.query("{ __typename }", headers={"Authorization": "?"})
    assert logs == []


async def test_other_requests_go_on(writing_client: Client, clone_url: str) -> None:
    broken(clone_url)
    await writing_client.query(SPHERES)
    assert await writing_client.data("{ criteria { code } }")


@pytest.fixture
def locked(clone_url: str) -> Any:
    """A table that somebody keeps locked."""
    with psycopg.connect(clone_url) as connection:
        connection.execute("LOCK TABLE sphere IN ACCESS EXCLUSIVE MODE")
        yield connection


async def test_a_statement_that_takes_too_long(locked: Any, clone_url: str, tmp_path: Path) -> None:
    async with client_of(clone_url, tmp_path, statement_timeout="200ms") as client:
        answer = await client.query(SPHERES)
    assert answer.response.status_code == 504
    assert answer.refusal == ("TIMEOUT", None)


async def test_after_a_timeout_the_connection_is_used_again(locked: Any, clone_url: str, tmp_path: Path) -> None:
    async with client_of(clone_url, tmp_path, statement_timeout="200ms", pool_size=1) as client:
        await client.query(SPHERES)
        assert await client.data("{ criteria { code } }")


async def test_without_a_free_connection_a_request_is_refused_in_seconds(
    locked: Any, clone_url: str, tmp_path: Path
) -> None:
    async with client_of(clone_url, tmp_path, pool_size=1) as client, create_task_group() as tasks:
        tasks.start_soon(client.query, SPHERES)
        while not locked.execute(WAITING).fetchall():  # noqa: ASYNC110 - no event tells it
            await sleep(0.01)
        with fail_after(8):
            answer = await client.http.post("/graphql", json={"query": "{ criteria { code } }"})
        locked.rollback()
    assert answer.status_code == 503
    assert answer.json()["errors"][0]["extensions"]["code"] == "DATABASE_UNAVAILABLE"
