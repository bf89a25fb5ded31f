"""One operation reads one moment, however many statements it takes."""

from collections.abc import Iterator

import psycopg
import pytest

from models.database import Database
from tests.engine.library import Library

COUNTS = "{ a: authors { totalCount } b: authors { totalCount } }"


@pytest.fixture
def newcomer(library_url: str) -> Iterator[psycopg.Connection]:
    """Somebody who may commit another author at any moment, gone after the test."""
    with psycopg.connect(library_url, autocommit=True) as connection:
        yield connection
        connection.execute("DELETE FROM author WHERE id > 3")


async def test_a_commit_between_two_statements_is_not_seen(library_url: str, newcomer: psycopg.Connection) -> None:
    heard: list[str] = []

    def listen(text: str) -> None:
        heard.append(text)
        if len(heard) == 2:
            newcomer.execute("INSERT INTO author VALUES (4, 'Dan', 'In!')")

    database = Database(library_url, listen=listen)
    await database.open()
    library = Library(database)
    before, after = await library.data(COUNTS), await library.data(COUNTS)
    await database.close()
    assert [before[key]["totalCount"] for key in "ab"] == [3, 3]
    assert [after[key]["totalCount"] for key in "ab"] == [4, 4]
