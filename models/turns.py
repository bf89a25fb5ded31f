"""Turns: how many reads are under way at once, as long as they are quick ones.

PostgreSQL works fastest with about twice as many as it has processors: more of them compete for the processors' caches.
Whoever has to wait is handed the connection of somebody who is done, without a way round through the pool. Nobody waits longer,
for a turn and a connection together, than the pool lets them wait for a connection.
"""

import asyncio
from collections import deque
from time import monotonic

from psycopg_pool import PoolTimeout

from models.reading import ReadingConnection
from models.ready import Ready

# A read that is under way at two looks is none of the quick ones: its turn is for others, as there are more connections.
LOOK_SECONDS = 0.05


# What somebody waits for: the connection to read by, or None for whoever has to take one.
Handed = asyncio.Future[ReadingConnection | None]


class Turn:
    """A read's turn; `is_old` once it was looked at."""

    __slots__ = ("is_old",)

    def __init__(self) -> None:
        self.is_old = False


class Turns:
    """Lets so many reads be under way `at_once`, by connections that stand ready; the others wait in their order.

    They wait for `wait` seconds at most. `refused` counts those whose turn did not come by then.
    """

    def __init__(self, ready: Ready, at_once: int, wait: float) -> None:
        self.refused = 0
        self._ready = ready
        self._wait = wait
        self._free = at_once
        self._taken: set[Turn] = set()
        # Until when somebody waits, and for what; whoever came first is first, and has the least time left.
        self._waiting: deque[tuple[float, Handed]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    async def take(self) -> tuple[Turn, ReadingConnection]:
        """A turn to read, and the connection for it; raises PoolTimeout."""
        handed = until = None
        if self._free:
            self._free -= 1
        else:
            until = monotonic() + self._wait
            handed = await self._handed(until)
        turn = self._begun()
        try:
            return turn, handed or await self._ready.take(until)
        except BaseException:
            self._end(turn)
            raise

    async def give_back(self, turn: Turn, connection: ReadingConnection) -> None:
        """End a turn. The next read is handed the connection, if it is good for another one."""
        if not self._ready.keeps(connection):
            try:
                await self._ready.let_go(connection)
            finally:
                self._end(turn)
        elif turn in self._taken and (waiting := self._next()):
            self._taken.discard(turn)
            waiting.set_result(connection)
        else:
            self._ready.keep(connection)
            self._end(turn)

    def _begun(self) -> Turn:
        turn = Turn()
        self._taken.add(turn)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(LOOK_SECONDS, self._look)
        return turn

    def _end(self, turn: Turn) -> None:
        """Let the next one read, unless the turn was passed on before."""
        if turn not in self._taken:
            return
        self._taken.discard(turn)
        self._refuse()  # they have no time left to take a connection in
        if waiting := self._next():
            waiting.set_result(None)
        else:
            self._free += 1

    async def _handed(self, until: float) -> ReadingConnection | None:
        """Wait, and be handed a connection; or None, to take one."""
        waiting: Handed = asyncio.get_running_loop().create_future()
        self._waiting.append((until, waiting))
        try:
            return await waiting
        except asyncio.CancelledError:
            if not waiting.cancelled() and waiting.exception() is None:  # the turn came at the same moment
                await self._decline(waiting.result())
            raise

    async def _decline(self, connection: ReadingConnection | None) -> None:
        """End a turn as it begins."""
        turn = self._begun()
        if connection is None:
            self._end(turn)
        else:
            await self.give_back(turn, connection)

    def _next(self) -> Handed | None:
        """Whoever is next, of those who still wait."""
        while self._waiting:
            _, waiting = self._waiting.popleft()
            if not waiting.done():
                return waiting
        return None

    def _look(self) -> None:
        """Refuse those who have waited for too long, and pass on the turns of slow reads."""
        self._refuse()
        for turn in list(self._taken):
            if turn.is_old:
                self._end(turn)
            turn.is_old = True
        # Where somebody waits, all turns are taken, or about to be.
        self._timer = asyncio.get_running_loop().call_later(LOOK_SECONDS, self._look) if self._taken else None

    def _refuse(self) -> None:
        """Tell those whose time is over that no turn came."""
        while self._waiting and self._waiting[0][0] <= monotonic():
            _, waiting = self._waiting.popleft()
            if not waiting.done():
                self.refused += 1
                waiting.set_exception(PoolTimeout("No turn to read came in time."))
