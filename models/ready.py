"""Connections that stand ready beside their pool: what has just been read by is read by again, without the pool's own work.

The pool goes on deciding how many connections there are, and makes, checks and ends them. It takes three times as long
to lend one and to take it back as a connection needs between two reads.
"""

from time import monotonic

from psycopg.pq import TransactionStatus
from psycopg_pool import AsyncConnectionPool

from models.reading import ReadingConnection

# After so many statements a connection goes back to the pool, which ends it if it is too old.
READS = 1_000


class Ready:
    """Lends the connections of a pool, and keeps those that nobody waits for; `waiting` counts who does."""

    def __init__(self, pool: AsyncConnectionPool[ReadingConnection]) -> None:
        self.waiting = 0
        self._pool = pool
        self._free: list[ReadingConnection] = []

    def __len__(self) -> int:
        """How many stand ready."""
        return len(self._free)

    async def take(self, until: float | None = None) -> ReadingConnection:
        """A connection in autocommit, which may be broken as one of the pool may be; raises PoolTimeout.

        It is waited for as long as the pool is configured to, or `until` a moment of the monotonic clock.
        """
        if self._free:
            return self._free.pop()
        connection = await self._of_pool(None if until is None else until - monotonic())
        connection.reads = 0
        try:
            if not connection.autocommit:  # as the last write left it
                await connection.set_autocommit(True)
        except BaseException:
            await self._pool.putconn(connection)
            raise
        return connection

    async def _of_pool(self, seconds: float | None) -> ReadingConnection:
        self.waiting += 1
        try:
            return await self._pool.getconn(seconds)
        finally:
            self.waiting -= 1

    async def give_back(self, connection: ReadingConnection) -> None:
        """Keep a connection, or give it back to the pool where somebody waits for it, or it is to be looked at."""
        if self.keeps(connection):
            self.keep(connection)
        else:
            await self.let_go(connection)

    def keeps(self, connection: ReadingConnection) -> bool:
        """Whether a connection need not go back to the pool."""
        idle = connection.pgconn.transaction_status == TransactionStatus.IDLE
        return idle and not self.waiting and connection.reads < READS

    def keep(self, connection: ReadingConnection) -> None:
        """Have a connection stand ready."""
        self._free.append(connection)

    async def let_go(self, connection: ReadingConnection) -> None:
        """Give a connection back to the pool."""
        await self._pool.putconn(connection)

    async def clear(self) -> None:
        """Give all back to the pool."""
        while self._free:
            await self._pool.putconn(self._free.pop())
