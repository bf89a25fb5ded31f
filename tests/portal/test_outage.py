"""The database goes away and comes back, under a server process that stays."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import migrations
from portal.cluster import Cluster
from tests.servers import Server, serving

READ = {"query": "{ spheres { code } }"}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A server of PostgreSQL that may be stopped: a short path, for its socket has one."""
    directory = Path(tempfile.mkdtemp(prefix="portal-outage-"))
    directory.chmod(0o711)
    cluster = Cluster(directory, throwaway=True)
    migrations.upgrade(cluster.start())
    yield cluster
    cluster.remove()


@pytest.fixture(scope="module")
def server(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(cluster.url, tmp_path_factory.mktemp("home")) as server:
        yield server


@pytest.fixture
def away(cluster: Cluster, server: Server) -> Iterator[None]:
    """PostgreSQL stops, after the server has used it, and runs again after the test."""
    assert ask(server).status_code == 200
    cluster.stop()
    yield
    cluster.start()


def ask(server: Server) -> httpx.Response:
    return httpx.post(f"{server.address}/graphql", json=READ, timeout=30)


@pytest.mark.usefixtures("away")
def test_requests_are_refused_with_a_code(server: Server) -> None:
    response = ask(server)
    assert response.status_code == 503
    assert response.headers["retry-after"] == "1"
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "DATABASE_UNAVAILABLE"


@pytest.mark.usefixtures("away")
def test_the_refusal_takes_seconds(server: Server) -> None:
    began = time.monotonic()
    ask(server)
    assert time.monotonic() - began < 5


@pytest.mark.usefixtures("away")
def test_what_needs_no_database_is_answered(server: Server) -> None:
    response = httpx.post(f"{server.address}/graphql", json={"query": "{ __typename }"})
    assert response.json() == {"data": {"__typename": "Query"}}


@pytest.mark.usefixtures("away")
def test_the_server_is_alive_and_not_ready(server: Server) -> None:
    assert httpx.get(f"{server.address}/health").status_code == 200
    ready = httpx.get(f"{server.address}/ready", timeout=30)
    assert ready.status_code == 503
    assert ready.json() == {"status": "unavailable", "code": "DATABASE_UNAVAILABLE"}
    assert ready.headers["retry-after"] == "1"


def test_after_a_restart_no_request_fails(cluster: Cluster, server: Server) -> None:
    assert ask(server).status_code == 200
    cluster.stop()
    cluster.start()
    assert ask(server).status_code == 200


def test_after_an_absence_the_first_request_is_answered(cluster: Cluster, server: Server) -> None:
    cluster.stop()
    assert [ask(server).status_code for _ in range(3)] == [503] * 3
    cluster.start()
    assert [ask(server).status_code for _ in range(3)] == [200] * 3
