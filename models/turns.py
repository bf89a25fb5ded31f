"""Turns: how many reads are under way at once, as long as they are quick ones.

PostgreSQL works fastest with about twice as many as it has processors: more of them compete for the processors' caches.
Whoever has to wait is handed the connection of somebody who is done, without a way round through the pool.
"""

import asyncio
from collections import deque

from models.reading import ReadingConnection
from models.ready import Ready

# Nobody waits for longer than that behind reads that take long: there are more connections.
PATIENCE_SECONDS = 0.05

# A turn that is waited for: the connection to read by, or None for whoever has to take one.
Turn = asyncio.Future[ReadingConnection | None]


class Turns:
    """Lets so many read `at_once`, by connections that stand ready; the others wait for a while."""

    def __init__(self, ready: Ready, at_once: int) -> None:
        self._ready = ready
        # Less than none, where some have lost patience.
        self._free = at_once
        self._waiting: deque[Turn] = deque()

    async def take(self) -> ReadingConnection:
        """A connection to read by; raises PoolTimeout."""
        if self._free > 0:
            self._free -= 1
        elif connection := await self._turn():
            return connection
        try:
            return await self._ready.take()
        except BaseException:
            self._pass_on()
            raise

    async def give_back(self, connection: ReadingConnection) -> None:
        """Hand a connection to whoever is next, if it is good for another read."""
        if not self._ready.keeps(connection):
            try:
                await self._ready.let_go(connection)
            finally:
                self._pass_on()
        elif turn := self._next():
            turn.set_result(connection)
        else:
            self._free += 1
            self._ready.keep(connection)

    async def _turn(self) -> ReadingConnection | None:
        loop = asyncio.get_running_loop()
        turn: Turn = loop.create_future()
        self._waiting.append(turn)
        impatient = loop.call_later(PATIENCE_SECONDS, self._go_on, turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # it came at the same moment
                await self._return(turn.result())
            raise
        finally:
            impatient.cancel()

    def _go_on(self, turn: Turn) -> None:
        if not turn.done():
            self._free -= 1
            turn.set_result(None)

    async def _return(self, connection: ReadingConnection | None) -> None:
        if connection is None:
            self._pass_on()
        else:
            await self.give_back(connection)

    def _pass_on(self) -> None:
        """Let the next one take a connection."""
        turn = self._next()
        if turn is None:
            self._free += 1
        else:
            turn.set_result(None)

    def _next(self) -> Turn | None:
        """The turn that is next, of those who still wait."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                return turn
        return None
