"""Whoever goes away while a file is made takes its work along, in the database too."""

import time
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.servers import serving

OPEN = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'portal'
    AND (state = 'idle in transaction' OR state = 'active')"""


def test_its_moment_ends_in_the_database(clone_url: str, tmp_path: Path) -> None:
    with serving(clone_url, tmp_path) as server, psycopg.connect(clone_url, autocommit=True) as onlooker:
        with psycopg.connect(clone_url) as lock:
            lock.execute("LOCK TABLE organization IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(httpx.ReadTimeout):
                httpx.get(f"{server.address}/open-data/organizations.csv", timeout=1)
            deadline = time.monotonic() + 10
            while _open(onlooker) and time.monotonic() < deadline:
                time.sleep(0.05)
            assert _open(onlooker) == 0
        answer = httpx.get(f"{server.address}/open-data/organizations.csv", timeout=30)
        assert answer.text.endswith("\r\n")


def _open(connection: psycopg.Connection) -> int:
    row = connection.execute(OPEN).fetchone()
    assert row is not None
    return int(row[0])
