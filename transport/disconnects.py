"""Work that is of no use any more: its client has gone away, or its time is over. So it ends, in the database, too."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from models.errors import TookTooLong

Result = TypeVar("Result")

# What is told of work whose time is over.
TOO_LONG = "The operation took too long: ask for less at once."
# How often it is looked which reads take long.
PATIENCE_SECONDS = 0.05

# What proxies write in their logs for a client that closed its request; nobody is there to read it.
CLIENT_CLOSED_REQUEST = 499


async def nobody_waits(request: Request, cause: Exception) -> Response:
    """The end of a request whose client is gone: that is no fault of anybody's, and no line of a log."""
    return Response(None, CLIENT_CLOSED_REQUEST)


class Watches:
    """Ends reads of which nobody waits for the result any more.

    Most are over before it would pay to watch for their clients: one timer, which rings while any is under way, tells which are not.
    """

    def __init__(self) -> None:
        self._open: set[_Watch] = set()
        self._timer: asyncio.TimerHandle | None = None

    @cached_property
    def _loop(self) -> asyncio.AbstractEventLoop:
        # To ask for it takes a call of the system.
        return asyncio.get_running_loop()

    async def unless_gone(self, request: Request, work: Awaitable[Result], seconds: float | None = None) -> Result:
        """The result of reading work, cancelled as soon as the client is gone.

        Raises TookTooLong for work that takes longer than that, and a little.
        """
        task = asyncio.current_task(self._loop)
        assert task is not None
        watch = _Watch(task, request, seconds)
        self._open.add(watch)
        if self._timer is None:
            self._timer = self._loop.call_later(PATIENCE_SECONDS, self._ring)
        try:
            return await work
        except asyncio.CancelledError:
            if watch.gone:
                task.uncancel()
                raise ClientDisconnect from None
            if watch.late:
                task.uncancel()
                raise TookTooLong(TOO_LONG) from None
            raise
        finally:
            self._open.discard(watch)
            watch.end()

    def _ring(self) -> None:
        for watch in self._open:
            watch.ring()
        self._timer = self._loop.call_later(PATIENCE_SECONDS, self._ring) if self._open else None


@dataclass(eq=False, slots=True)
class _Watch:
    """Cancels the task that waits for a read when its client is `gone`, or when it is too `late`."""

    waiting: asyncio.Task[Any]
    request: Request
    seconds: float | None
    gone: bool = False
    late: bool = False
    rings: int = 0
    _task: asyncio.Task[None] | None = None

    def ring(self) -> None:
        """Begin to watch at the second ring: the first one may have come as soon as the read began."""
        self.rings += 1
        if self.rings == 2:
            self._task = asyncio.ensure_future(self._watch())

    def end(self) -> None:
        """End it, if it has begun."""
        if self._task is not None:
            self._task.cancel()

    async def _watch(self) -> None:
        try:
            async with asyncio.timeout(self.seconds):
                while (await self.request.receive())["type"] != "http.disconnect":
                    pass
            self.gone = True
        except TimeoutError:
            self.late = True
        self.waiting.cancel()
