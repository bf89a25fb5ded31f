"""A client that goes away takes its query along, in the database too."""

import time
from pathlib import Path
from threading import Timer

import httpx
import psycopg
import pytest

from tests.servers import serving

QUERY = {"query": "{ organizations(first: 1) { nodes { code } } }"}
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'portal' AND state = 'active'"""


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
            deadline = time.monotonic() + 3
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
