"""Clients that go away while they wait: nobody reads the answer, so the work for it ends."""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect, Request

Result = TypeVar("Result")

# Most answers are there before it would pay to watch for the client.
PATIENCE_SECONDS = 0.05


async def unless_gone(request: Request, work: Awaitable[Result]) -> Result:
    """The result of reading work, cancelled (in the database, too) as soon as the client is gone."""
    watch = _Watch(request)
    begin = asyncio.get_running_loop().call_later(PATIENCE_SECONDS, watch.begin)
    try:
        return await work
    except asyncio.CancelledError:
        if watch.gone:
            watch.waiting.uncancel()
            raise ClientDisconnect from None
        raise
    finally:
        begin.cancel()
        watch.end()


class _Watch:
    """Cancels the task that it was made in when the client of a request is `gone`."""

    def __init__(self, request: Request) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.waiting: asyncio.Task[Any] = task
        self.gone = False
        self._request = request
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Begin to watch."""
        self._task = asyncio.ensure_future(self._watch())

    def end(self) -> None:
        """End it, if it has begun."""
        if self._task is not None:
            self._task.cancel()

    async def _watch(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            pass
        self.gone = True
        self.waiting.cancel()
