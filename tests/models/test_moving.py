"""Moving touches the totals of those who lose or win something, and nobody else's."""

from typing import LiteralString

import psycopg

from models import moving
from models.database import Database
from models.hierarchies import Hierarchy
from models.moving import Place

VERSIONS: LiteralString = """SELECT organization.code, pool::text, total.xmin::text FROM total
    JOIN organization ON organization.id = organization_id"""


def versions(connection: psycopg.Connection) -> set[tuple[str, str, str]]:
    """Each total with the transaction that wrote it."""
    return set(connection.execute(VERSIONS).fetchall())


async def test_who_stands_above_both_places_is_not_touched(stage_url: str) -> None:
    database = Database(stage_url)
    await database.open()
    with psycopg.connect(stage_url, autocommit=True) as connection:
        ids: dict[str, int] = dict(connection.execute("SELECT code, id FROM organization").fetchall())
        before = versions(connection)
        async with database.transaction() as writer:
            await moving.lock_trees(writer)
            await moving.move(writer, ids["WARD"], Hierarchy.SUBORDINATION, Place(ids["CLINIC"]))
        written = {(code, pool) for code, pool, _ in versions(connection) - before}
    await database.close()
    assert written == {("HOSPITAL", "SUBORDINATION"), ("CLINIC", "SUBORDINATION")}
