"""What the bare handlers share: a life with a database, and an answer."""

from typing import Any

from models.database import Database


async def live(database: Database, receive: Any, send: Any) -> None:
    """Open the database when the server starts, and close it when it ends."""
    await receive()
    await database.open()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await database.close()
    await send({"type": "lifespan.shutdown.complete"})


async def answer(body: bytes, send: Any) -> None:
    """Send a body of JSON."""
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
