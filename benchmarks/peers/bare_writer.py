"""The limit of a server in Python that writes: no GraphQL and no checks, only the portal's own statements."""

import os
from typing import Any

import orjson

from benchmarks.peers.asgi import answer, live
from benchmarks.writes import statements
from models import counting
from models.database import Database

database = Database(os.environ["DATABASE_URL"], size=int(os.environ["POOL_SIZE"]))


async def app(scope: Any, receive: Any, send: Any) -> None:
    """An ASGI application: the body has the values of the statements."""
    if scope["type"] == "lifespan":
        await live(database, receive, send)
        return
    given = orjson.loads((await receive())["body"])
    given["request_digest"] = given["key"].encode()
    async with database.transaction() as connection:
        await counting.lock_for(connection, given["rater"])
        writer = await database.writer(connection)
        async with writer.journey():
            asked = [await writer.send(each, **given) for each in statements.ASKED]
        situation = await asked[statements.ASKED.index(statements.SITUATION)].fetchone()
        assert situation is not None
        written = given | statements.found(situation)
        async with writer.journey():
            for each in statements.WRITTEN:
                await writer.send(each, **written)
    await answer(orjson.dumps({"submitted": situation.id}), send)
