"""Answers to GET of persisted documents, which clients may keep, and ask of whether they are still the same.

An answer is named by what decides over it: the document, its variables, who asks, and the database's snapshot.
While no transaction has committed since, the answer is the same, and need not be worked out to say so.
"""

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request

from auth.machines import Machine
from auth.viewers import Viewer
from engine.documents.freshness import Hint
from models.database import Database

SNAPSHOT = "SELECT pg_current_snapshot()::text"
# Some answers change with the clock alone: a policy begins, a day ends. So no name is good for longer.
CLOCK_SECONDS = 10


@dataclass(frozen=True)
class Caching:
    """Names answers; `schema` is the digest of the schema that answers."""

    database: Database
    schema: str
    clock: Callable[[], float] = time.time

    async def tag(self, *decides: Any) -> str:
        """The entity tag of an answer over which these values decide, beside the database."""
        ((snapshot,),) = (await self.database.read([(SNAPSHOT, ())]))[0]
        clock = int(self.clock() / CLOCK_SECONDS)
        text = orjson.dumps([self.schema, clock, snapshot, *decides], option=orjson.OPT_SORT_KEYS)
        return f'W/"{hashlib.sha256(text).hexdigest()[:32]}"'


def caller_of(asks: Viewer | Machine | None) -> str:
    """Who asks, as far as answers depend on it."""
    if isinstance(asks, Viewer):
        return f"account {asks.account_id} {asks.session_id}"
    return "" if asks is None else f"system {asks.client_id}"


def headers_for(hint: Hint, asks: Viewer | Machine | None, tag: str) -> Mapping[str, str]:
    """What caches are told of an answer: to ask again, unless all of its fields say for how long it is good."""
    scope = "private" if hint.private or asks is not None else "public"
    seconds = hint.seconds or 0
    return {"Cache-Control": f"{scope}, max-age={seconds}" + ("" if seconds else ", must-revalidate"), "ETag": tag}


def is_known(request: Request, tag: str | None) -> bool:
    """Whether the client has the answer of that name already (RFC 9110, 13.1.2)."""
    given = request.headers.get("if-none-match")
    if tag is None or given is None:
        return False
    names = [each.strip().removeprefix("W/") for each in given.split(",")]
    return names == ["*"] or tag.removeprefix("W/") in names
