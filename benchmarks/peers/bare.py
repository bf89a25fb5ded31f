"""The limit of a server in Python: no GraphQL, only the portal's own statements and their rows as JSON."""

import os
from pathlib import Path
from typing import Any

import orjson

from benchmarks.peers.asgi import answer, live
from models.database import Database

database = Database(os.environ["DATABASE_URL"], size=int(os.environ["POOL_SIZE"]))
texts: dict[str, list[str]] = orjson.loads(Path(os.environ["STATEMENTS"]).read_bytes())


async def app(scope: Any, receive: Any, send: Any) -> None:
    """An ASGI application: the body names a query and has the parameters of its statements."""
    if scope["type"] == "lifespan":
        await live(database, receive, send)
        return
    asked = orjson.loads((await receive())["body"])
    rows = await database.read(list(zip(texts[asked["query"]], asked["parameters"], strict=True)))
    await answer(orjson.dumps(rows, default=str), send)
