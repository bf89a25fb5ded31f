"""The engine over a library, whose rows all tests share."""

import secrets
from collections.abc import AsyncIterator, Iterator

import pytest

from models.database import Database
from portal.scratch import ScratchServer
from tests.engine.library import Library, fill
from tests.engine.net import Net
from tests.engine.pools import Pools


@pytest.fixture(scope="session")
def library_url(scratch: ScratchServer) -> Iterator[str]:
    """The library's tables with their rows; nobody changes them but in a transaction of its own."""
    with scratch.temporary(f"library_{secrets.token_hex(4)}") as url:
        fill(url)
        yield url


@pytest.fixture
async def library(library_url: str) -> AsyncIterator[Library]:
    database = Database(library_url)
    await database.open()
    yield Library(database)
    await database.close()


@pytest.fixture(scope="session")
async def net(seeded_url: str) -> AsyncIterator[Net]:
    """The portal over the demo, held to what its answers must be."""
    database = Database(seeded_url)
    await database.open()
    net = Net(database, Pools.of(seeded_url))
    await net.collect_cursors()
    yield net
    await database.close()
