"""The engine over a library, whose rows all tests share."""

import secrets
from collections.abc import AsyncIterator, Iterator

import pytest

from models.database import Database
from portal.scratch import ScratchServer
from tests.engine.library import Library, fill


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
