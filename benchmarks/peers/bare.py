"""The limit of a server in Python: no GraphQL, only the portal's own statements and their rows as JSON."""

import os
from pathlib import Path
from typing import Any

import orjson

from models.database import Database

database = Database(os.environ["DATABASE_URL"], size=int(os.environ["POOL_SIZE"]))
texts: dict[str, list[str]] = orjson.loads(Path(os.environ["STATEMENTS"]).read_bytes())


async def app(scope: Any, receive: Any, send: Any) -> None:
    """An ASGI application: the body names a query and has the parameters of its statements."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return
    asked = orjson.loads((await receive())["body"])
    rows = await database.read(list(zip(texts[asked["query"]], asked["parameters"], strict=True)))
    body = orjson.dumps(rows, default=str)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _live(receive: Any, send: Any) -> None:
    await receive()
    await database.open()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await database.close()
    await send({"type": "lifespan.shutdown.complete"})
