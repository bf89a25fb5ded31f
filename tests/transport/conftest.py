"""A server that subscriptions are asked of, and people elsewhere who change ratings meanwhile."""

import shutil
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

from portal.scratch import ScratchServer
from tests.citizens import Citizen
from tests.clients import Client, client_of
from tests.servers import Server, serving

ACCOUNT: LiteralString = """
    WITH person AS (INSERT INTO rater (pseudonym, kind) VALUES (md5(%(code)s)::uuid, 'PERSON') RETURNING id)
    INSERT INTO account (code, rater_id) SELECT %(code)s, id FROM person"""


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
def names(watched_url: str) -> Iterator[str]:
    """The names of new accounts: each is somebody who has not submitted yet."""

    def made() -> Iterator[str]:
        for number in count(1):
            with psycopg.connect(watched_url) as connection:
                connection.execute(ACCOUNT, {"code": f"somebody-{number}"})
            yield f"somebody-{number}"

    return made()


@pytest.fixture
def citizen(elsewhere: Client, watched_url: str, names: Iterator[str]) -> Citizen:
    """Somebody who submits at the other server, and has not yet."""
    return Citizen(elsewhere, watched_url, next(names))
