"""Answers as server-sent events, in the form of graphql-sse's distinct connections: `next` for each, then `complete`."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing, suppress
from typing import Any

import orjson
from graphql import ExecutionResult
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from transport import answers

# Something is sent so often, so that nobody on the way takes the connection for dead.
KEEP_SECONDS = 12.0
# A client that takes nothing for so long is dropped.
SEND_SECONDS = 20.0
# A stream is not to be kept, changed or gathered on its way.
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class EventStream(Response):
    """A response that tells answers as they come, until they end or the client is gone; then it says that it has `ended`."""

    media_type = answers.EVENTS

    def __init__(
        self,
        results: AsyncGenerator[ExecutionResult, None],
        payload: Callable[[ExecutionResult], Any],
        refused: Callable[[Exception], Any],
        ended: Callable[[], None],
        headers: Mapping[str, str],
    ) -> None:
        super().__init__(headers={**headers, **HEADERS})
        del self.headers["content-length"]
        self._results, self._payload, self._refused, self._ended = results, payload, refused, ended

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the stream; ends with whichever ends first, the answers or the client."""
        try:
            await self._stream(receive, send)
        finally:
            self._ended()

    async def _stream(self, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        telling = asyncio.ensure_future(self._tell(send))
        leaving = asyncio.ensure_future(_left(receive))
        try:
            await asyncio.wait((telling, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in (telling, leaving):
                each.cancel()
            await asyncio.gather(telling, leaving, return_exceptions=True)

    async def _tell(self, send: Send) -> None:
        # Whoever is too slow, or gone, is told no more.
        with suppress(TimeoutError, OSError):
            async for part in kept_alive(self._parts(), KEEP_SECONDS):
                await _send(send, part or b":\n\n", more=True)
            await _send(send, b"", more=False)

    async def _parts(self) -> AsyncGenerator[bytes, None]:
        try:
            async with aclosing(self._results) as results:
                async for result in results:
                    yield event("next", self._payload(result))
        except Exception as cause:  # noqa: BLE001 - whatever it is, its text may not reach the client
            yield event("next", self._refused(cause))
        yield event("complete", None)


def event(name: str, payload: Any) -> bytes:
    """One event; JSON has no line breaks of its own."""
    data = b"" if payload is None else orjson.dumps(payload)
    return b"event: " + name.encode() + b"\ndata: " + data + b"\n\n"


async def kept_alive(parts: AsyncGenerator[bytes, None], seconds: float) -> AsyncIterator[bytes | None]:
    """The parts as they come, and None after so many seconds without one."""
    async with aclosing(parts):
        coming = asyncio.ensure_future(anext(parts, b""))
        try:
            while True:
                done, _ = await asyncio.wait((coming,), timeout=seconds)
                if not done:
                    yield None
                    continue
                part = coming.result()
                if not part:
                    return
                yield part
                coming = asyncio.ensure_future(anext(parts, b""))
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)


async def _send(send: Send, body: bytes, *, more: bool) -> None:
    async with asyncio.timeout(SEND_SECONDS):
        await send({"type": "http.response.body", "body": body, "more_body": more})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
