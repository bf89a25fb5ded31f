"""Work that is of no use any more: its client has gone away, or its time is over. So it ends, in the database, too."""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from models.errors import TookTooLong

Result = TypeVar("Result")

# What is told of work whose time is over.
TOO_LONG = "The operation took too long: ask for less at once."
# Most answers are there before it would pay to watch for the client.
PATIENCE_SECONDS = 0.05

# What proxies write in their logs for a client that closed its request; nobody is there to read it.
CLIENT_CLOSED_REQUEST = 499


async def nobody_waits(request: Request, cause: Exception) -> Response:
    """The end of a request whose client is gone: that is no fault of anybody's, and no line of a log."""
    return Response(None, CLIENT_CLOSED_REQUEST)


async def unless_gone(request: Request, work: Awaitable[Result], seconds: float | None = None) -> Result:
    """The result of reading work, cancelled as soon as the client is gone.

    Raises TookTooLong for work that takes longer than that, and a little.
    """
    loop = asyncio.get_running_loop()
    watch = _Watch(request, seconds, loop)
    begin = loop.call_later(PATIENCE_SECONDS, watch.begin)
    try:
        return await work
    except asyncio.CancelledError:
        if watch.gone:
            watch.waiting.uncancel()
            raise ClientDisconnect from None
        if watch.late:
            watch.waiting.uncancel()
            raise TookTooLong(TOO_LONG) from None
        raise
    finally:
        begin.cancel()
        watch.end()


class _Watch:
    """Cancels the task that it was made in when the client of a request is `gone`, or when it is too `late`."""

    def __init__(self, request: Request, seconds: float | None, loop: asyncio.AbstractEventLoop) -> None:
        task = asyncio.current_task(loop)
        assert task is not None
        self.waiting: asyncio.Task[Any] = task
        self.gone = self.late = False
        self._request, self._seconds = request, seconds
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Begin to watch."""
        self._task = asyncio.ensure_future(self._watch())

    def end(self) -> None:
        """End it, if it has begun."""
        if self._task is not None:
            self._task.cancel()

    async def _watch(self) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                while (await self._request.receive())["type"] != "http.disconnect":
                    pass
            self.gone = True
        except TimeoutError:
            self.late = True
        self.waiting.cancel()
