"""Clients that go away while they wait: nobody reads the answer, so the work for it ends."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect, Request

Result = TypeVar("Result")

# Most answers are there before it would pay to watch for the client.
PATIENCE_SECONDS = 0.05


async def unless_gone(request: Request, work: Coroutine[Any, Any, Result]) -> Result:
    """The result of reading work, cancelled (in the database, too) as soon as the client is gone."""
    task = asyncio.ensure_future(work)
    try:
        done, _ = await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
        if not done:
            await _first(task, asyncio.ensure_future(_gone(request)))
        if not task.done():
            raise ClientDisconnect
        return task.result()
    finally:
        if not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def _first(task: asyncio.Future[Any], watch: asyncio.Future[None]) -> None:
    try:
        await asyncio.wait({task, watch}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        watch.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
