"""A server that subscriptions are asked of, and people elsewhere who change ratings meanwhile."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from portal.scratch import ScratchServer
from tests.citizens import Citizen
from tests.clients import Client, client_of
from tests.servers import Server, serving


@pytest.fixture(scope="session")
def watched_url(scratch: ScratchServer, stage_template: str, worker_id: str) -> Iterator[str]:
    """The small country of `tests.stage`, where a worker's tests submit for organizations of their own."""
    with scratch.temporary(stage_template.replace("stage", f"watched_{worker_id}"), stage_template) as url:
        yield url


@pytest.fixture(scope="session")
def watched_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of that country's keys."""
    return tmp_path_factory.mktemp("watched")


@pytest.fixture(scope="session")
def server(watched_url: str, watched_home: Path) -> Iterator[Server]:
    """A server of that country."""
    with serving(watched_url, watched_home) as server:
        yield server


@pytest.fixture
async def elsewhere(watched_url: str, watched_home: Path, server: Server, tmp_path: Path) -> AsyncIterator[Client]:
    """Another server of the same country, in this process."""
    shutil.copytree(watched_home, tmp_path / "home")
    async with client_of(watched_url, tmp_path / "home") as client:
        yield client


@pytest.fixture(scope="session")
def names() -> Iterator[str]:
    """The names of accounts that have not submitted yet: each is somebody else's."""
    return iter([f"citizen-{number}" for number in range(6, 25)])


@pytest.fixture
def citizen(elsewhere: Client, watched_url: str, names: Iterator[str]) -> Citizen:
    """Somebody who submits at the other server, and has not yet."""
    return Citizen(elsewhere, watched_url, next(names))
