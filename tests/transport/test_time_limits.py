"""Reading has an end: a client is told, and the database works for it no more."""

import asyncio
from pathlib import Path

import psycopg

from tests.clients import client_of

# As many statements as a snapshot takes one after the other, none of which may take long enough to be stopped by itself.
QUERY = "{ organizations(first: 1) { totalCount } spheres { code } }"
ACTIVE = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'portal' AND state = 'active'"""


async def test_a_read_that_takes_too_long_ends_in_the_database_too(stage_url: str, tmp_path: Path) -> None:
    async with client_of(stage_url, tmp_path, read_seconds=0.5) as client:
        with psycopg.connect(stage_url) as lock, psycopg.connect(stage_url, autocommit=True) as onlooker:
            lock.execute("LOCK TABLE organization IN ACCESS EXCLUSIVE MODE")
            answer = await client.query(QUERY)
            assert (answer.response.status_code, answer.refusal) == (504, ("TIMEOUT", None))
            await until_idle(onlooker)
            lock.rollback()
        assert not (await client.query(QUERY)).errors


async def until_idle(onlooker: psycopg.Connection) -> None:
    """Wait until the database does nothing for the portal any more."""
    while onlooker.execute(ACTIVE).fetchone() != (0,):  # noqa: ASYNC110 - no event tells it
        await asyncio.sleep(0.05)
