"""Databases for the tests: real ones, built by the migrations, copied from a template in moments."""

import gc
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path

import pytest

import migrations
from exchange import demo
from portal import logs
from portal.app import YOUNG_OBJECTS
from portal.scratch import ScratchServer
from tests import editions, stage
from tests.clients import Client, client_of

SEED_SCALE = 0.01
SEED = 1
RUN = "PORTAL_TEST_RUN"


def pytest_configure() -> None:
    """Name this run once; the workers inherit the name with the environment."""
    os.environ.setdefault(RUN, secrets.token_hex(4))
    logs.configure()


def pytest_collection_finish() -> None:
    """As in a server, what is there before the first test stays: the garbage collector need not look at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)


def pytest_unconfigure(config: pytest.Config) -> None:
    """The last process of a run drops what the run has made."""
    is_worker = hasattr(config, "workerinput")
    if not is_worker and (url := os.environ.get("DATABASE_URL")):
        ScratchServer(url).drop_all(f"_{os.environ[RUN]}")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio, as the server does."""
    return "asyncio"


@pytest.fixture(scope="session")
def scratch() -> ScratchServer:
    """The server that the test databases are made on."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        pytest.fail("This test needs a database: run scripts/test, which takes pytest's arguments.", pytrace=False)
    return ScratchServer(url)


@pytest.fixture(scope="session")
def empty_template(scratch: ScratchServer) -> str:
    """The name of a template that the migrations have built."""
    return scratch.prepare(_named("empty"), "template0", migrations.upgrade)


@pytest.fixture(scope="session")
def seeded_template(scratch: ScratchServer, empty_template: str) -> str:
    """The name of a template that holds a small demo country."""
    return scratch.prepare(_named("seeded"), empty_template, _load_demo)


@pytest.fixture(scope="session")
def stage_template(scratch: ScratchServer, empty_template: str) -> str:
    """The name of a template that holds the small country of `tests.stage`."""
    return scratch.prepare(_named("stage"), empty_template, stage.build)


@pytest.fixture(scope="session")
def seeded_url(scratch: ScratchServer, seeded_template: str) -> Iterator[str]:
    """The demo country, shared by all reading tests of a worker: never write to it."""
    with scratch.temporary(_unique("shared"), seeded_template) as url:
        yield url


@pytest.fixture
def clone_url(scratch: ScratchServer, seeded_template: str) -> Iterator[str]:
    """A demo country of the test's own, to write to."""
    with scratch.temporary(_unique("clone"), seeded_template) as url:
        yield url


@pytest.fixture
def stage_url(scratch: ScratchServer, stage_template: str) -> Iterator[str]:
    """The small country of `tests.stage`, of the test's own."""
    with scratch.temporary(_unique("stage"), stage_template) as url:
        yield url


@pytest.fixture
def empty_url(scratch: ScratchServer, empty_template: str) -> Iterator[str]:
    """A database with all tables and no rows."""
    with scratch.temporary(_unique("blank"), empty_template) as url:
        yield url


@pytest.fixture(scope="session")
async def client(seeded_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    """Reads from the demo country, shared by all reading tests of a worker."""
    async with client_of(seeded_url, tmp_path_factory.mktemp("home")) as client:
        yield client


@pytest.fixture
async def writing_client(clone_url: str, tmp_path: Path) -> AsyncIterator[Client]:
    """Writes to a demo country of the test's own, whose address is `clone_url`."""
    async with client_of(clone_url, tmp_path) as client:
        yield client


def _load_demo(url: str) -> None:
    demo.load(url, SEED_SCALE, SEED)
    editions.publish(url, "2024", date(2024, 1, 1), date(2024, 12, 31))


def _unique(purpose: str) -> str:
    return _named(f"{purpose}_{secrets.token_hex(4)}")


def _named(purpose: str) -> str:
    return f"portal_{purpose}_{os.environ[RUN]}"
