"""Several changes arrive as one where whoever watches is slow: fewer events than changes, and the last tells the last."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
from starlette.types import Message

from tests.citizens import Citizen
from tests.clients import SCOPE, Client
from tests.sockets import PATIENCE, WATCH, now
from transport import event_streams

CHANGES = 8
# The one that is taken meanwhile; one of all that was seen until then; one of what was not seen yet.
EVENTS = 3
RATING = 'query { organization(by: {code: "LONER"}) { rating { submissions value } } }'


class Held:
    """A subscriber in this process who takes an event only when it is let."""

    def __init__(self) -> None:
        self.let, self.heard = asyncio.Event(), asyncio.Event()
        self.events: list[dict[str, Any]] = []

    async def send(self, message: Message) -> None:
        said = message.get("body", b"")
        if said.startswith(b"event: next"):
            self.events.append(orjson.loads(said.partition(b"data: ")[2])["data"]["ratingChanged"])
            self.heard.set()
            await self.let.wait()

    @property
    def last(self) -> Any:
        """The rating that was told last."""
        return self.events[-1]["organization"]["rating"]


@asynccontextmanager
async def watching(client: Client, **variables: Any) -> AsyncIterator[Held]:
    """Somebody who watches for the length of a block."""
    assert client.application is not None
    body = orjson.dumps({"query": WATCH, "variables": variables})
    headers = [(b"accept", b"text/event-stream"), (b"content-type", b"application/json")]
    messages: Iterator[Message] = iter([{"type": "http.request", "body": body, "more_body": False}])
    held, gone = Held(), asyncio.Event()

    async def receive() -> Message:
        for message in messages:
            return message
        await gone.wait()
        return {"type": "http.disconnect"}

    serving = asyncio.ensure_future(client.application({**SCOPE, "headers": headers}, receive, held.send))
    try:
        yield held
    finally:
        gone.set()
        await serving


async def test_changes_while_one_is_taken_arrive_as_one(
    citizen: Citizen, elsewhere: Client, names: Iterator[str], watched_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_streams, "SEND_SECONDS", PATIENCE)
    async with watching(elsewhere, code="LONER", since=now(watched_url)) as held, asyncio.timeout(PATIENCE):
        await citizen.submit("LONER")
        await held.heard.wait()
        for _ in range(CHANGES):
            other = Citizen(elsewhere, watched_url, next(names))
            assert (await other.submit("LONER"))["__typename"] == "SubmitQuestionnairePayload"
        rating = (await elsewhere.data(RATING))["organization"]["rating"]
        assert rating["submissions"] == held.last["submissions"] + CHANGES
        held.let.set()
        while held.last != rating:
            held.heard.clear()
            await held.heard.wait()
    assert len(held.events) <= EVENTS
