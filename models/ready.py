"""Connections that stand ready beside their pool: what has just been read by is read by again, without the pool's own work.

The pool goes on deciding how many connections there are, and makes, checks and ends them. It takes three times as long
to lend one and to take it back as a connection needs between two reads.
"""

from psycopg.pq import TransactionStatus
from psycopg_pool import AsyncConnectionPool

from models.reading import ReadingConnection

# After so many reads a connection goes back to the pool, which ends it if it is too old.
READS = 1_000


class Ready:
    """Lends the connections of a pool, and keeps those that nobody waits for."""

    def __init__(self, pool: AsyncConnectionPool[ReadingConnection]) -> None:
        self._pool = pool
        self._free: list[ReadingConnection] = []
        self._waiting = 0

    def __len__(self) -> int:
        """How many stand ready."""
        return len(self._free)

    async def take(self) -> ReadingConnection:
        """A connection in autocommit, which may be broken as one of the pool may be; raises PoolTimeout."""
        if self._free:
            return self._free.pop()
        connection = await self._of_pool()
        try:
            if not connection.autocommit:  # as the last write left it
                await connection.set_autocommit(True)
        except BaseException:
            await self._pool.putconn(connection)
            raise
        return connection

    async def _of_pool(self) -> ReadingConnection:
        self._waiting += 1
        try:
            return await self._pool.getconn()
        finally:
            self._waiting -= 1

    async def give_back(self, connection: ReadingConnection) -> None:
        """Keep a connection, or give it back to the pool where somebody waits for it, or it is to be looked at."""
        if self.keeps(connection):
            self.keep(connection)
        else:
            await self.let_go(connection)

    def keeps(self, connection: ReadingConnection) -> bool:
        """Count a use of a connection; whether it need not go back to the pool after it."""
        connection.lent += 1
        idle = connection.pgconn.transaction_status == TransactionStatus.IDLE
        return idle and not self._waiting and connection.lent % READS != 0

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
