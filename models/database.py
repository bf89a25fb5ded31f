"""Access to PostgreSQL: a synchronous engine for tools, and the server's one pool.

Every connection of the portal is made here, so that all have the same settings.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.sql import SQL, Identifier
from psycopg.types.json import set_json_loads
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import Engine, NullPool, create_engine, event
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from models.meanings import available, is_lost, meant
from models.reading import ReadingConnection
from models.ready import Ready
from models.turns import Turns
from models.writing import Writer

# How alike a word and its match must be (pg_trgm's word similarity, 0 to 1) to forgive a typing
# error; measured on real names: below it, different names of one stem become alike.
WORD_SIMILARITY = 0.5

# A host that does not answer at all is given up after so long, so that it can be tried again.
CONNECT_SECONDS = 5


def connection_options(application: str, statement_timeout: str = "0") -> str:
    """Settings of a connection in libpq's form."""
    settings = {
        "application_name": application,
        "statement_timeout": statement_timeout,
        "pg_trgm.word_similarity_threshold": WORD_SIMILARITY,
        "timezone": "UTC",
        "jit": "off",
        # The portal has many short questions at once: its processes are its parallelism.
        "max_parallel_workers_per_gather": "0",
        # A statement is planned once a connection. Its values decide little: codes and names are
        # looked up by functions, and how many rows a page has at most stands in its text.
        "plan_cache_mode": "force_generic_plan",
    }
    return " ".join(f"-c {name}={value}" for name, value in settings.items())


def conninfo_for(url: str, application: str, statement_timeout: str = "0") -> str:
    """The conninfo of a libpq URL with the portal's settings added to its own."""
    options = conninfo_to_dict(url).get("options", "")
    added = connection_options(application, statement_timeout)
    return make_conninfo(url, options=f"{options} {added}".strip())


def engine_for(url: str) -> Engine:
    """A synchronous engine without a pool, for migrations and one-off tools."""
    conninfo = conninfo_for(url, "portal-tool")
    return create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(conninfo),
        poolclass=NullPool,
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
    )


# A statement's text, and its parameters.
Bound = tuple[str, Sequence[Any]]


class Database:
    """The server's one pool of connections: compiled reads on psycopg, writes on SQLAlchemy.

    `reads` is how many quick reads are under way at once, on connections of which there are `size` at most, and
    `wait` how many seconds a request waits for a connection, and for its turn before. The pool gives up reconnecting
    after as long: otherwise it would pause for minutes after a long absence of PostgreSQL, while
    now the next request makes it try at once. `statement_timeout` is in PostgreSQL's form;
    `listen` is called with the text of every statement, so that tests can count them.
    """

    def __init__(
        self,
        url: str,
        size: int = 10,
        reads: int = 5,
        wait: float = 3.0,
        statement_timeout: str = "10s",
        listen: Callable[[str], None] | None = None,
    ) -> None:
        self._listen = listen
        self._conninfo = conninfo_for(url, "portal", statement_timeout)
        self._pool = AsyncConnectionPool(
            self._conninfo,
            min_size=1,
            max_size=size,
            timeout=wait,
            reconnect_timeout=wait,
            connection_class=ReadingConnection,
            kwargs={"autocommit": True, "connect_timeout": CONNECT_SECONDS},
            configure=_configured,
            open=False,
            # SQLAlchemy closes what it took from the pool, which gives it back.
            close_returns=True,
        )
        self._ready = Ready(self._pool)
        self._turns = Turns(self._ready, reads, wait)
        self._engine = create_async_engine(
            "postgresql+psycopg://",
            async_creator=self._checked,
            poolclass=NullPool,
            json_serializer=lambda value: orjson.dumps(value).decode(),
            json_deserializer=orjson.loads,
            # What goes wrong is logged, and values may be passwords and addresses.
            hide_parameters=True,
        )
        if listen is not None:
            event.listen(
                self._engine.sync_engine,
                "before_cursor_execute",
                lambda connection, cursor, statement, *rest: listen(statement),
            )

    async def open(self) -> None:
        """Start connecting; does not wait for the database."""
        await self._pool.open(wait=False)

    async def close(self) -> None:
        """Give all connections back to PostgreSQL."""
        await self._ready.clear()
        await self._pool.close()

    @property
    def pool_stats(self) -> Mapping[str, int]:
        """How many connections there are, how many are free, and how many requests wait for one, or for their turn.

        The pool itself counts whoever waited in vain among those who wait, until it is given a connection back.
        """
        found = self._pool.get_stats()
        return {
            **found,
            "pool_available": found.get("pool_available", 0) + len(self._ready),
            "requests_waiting": self._ready.waiting + len(self._turns),
            "requests_errors": found.get("requests_errors", 0) + self._turns.refused,
        }

    async def read(self, statements: Sequence[Bound]) -> list[Sequence[Sequence[Any]]]:
        """The rows of each statement, all of one snapshot; `$1` in a text is its first parameter.

        After a restart of PostgreSQL the pool's connections are dead; reading can be tried again.
        """
        try:
            return await self._read(statements)
        except psycopg.Error as error:
            if not is_lost(error):
                raise meant(error) from error
        async with available():
            await self._checked_all()
            return await self._read(statements)

    async def _checked_all(self) -> None:
        """Have the pool replace the connections that are broken."""
        await self._ready.clear()
        await self._pool.check()

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator["Snapshot"]:
        """One moment, for reads that take long: on a connection beside the pool, which others need meanwhile."""
        async with available():
            connection = await ReadingConnection.connect(
                self._conninfo, autocommit=True, connect_timeout=CONNECT_SECONDS
            )
            async with connection:
                await _configured(connection)
                async with connection.moment():
                    ((moment,),) = await connection.rows("SELECT now()", ())
                    yield Snapshot(connection, self._listen, moment)

    async def _read(self, statements: Sequence[Bound]) -> list[Sequence[Sequence[Any]]]:
        turn, connection = await self._turns.take()
        try:
            return await self._snapshot(connection, statements)
        finally:
            await self._turns.give_back(turn, connection)

    async def _snapshot(
        self, connection: ReadingConnection, statements: Sequence[Bound]
    ) -> list[Sequence[Sequence[Any]]]:
        if len(statements) == 1:
            return [await self._rows(connection, *statements[0])]
        async with connection.moment():
            return [await self._rows(connection, *each) for each in statements]

    def _rows(
        self, connection: ReadingConnection, text: str, parameters: Sequence[Any]
    ) -> Awaitable[Sequence[Sequence[Any]]]:
        if self._listen is not None:
            self._listen(text)
        return connection.rows(text, parameters)

    async def _checked(self) -> psycopg.AsyncConnection[Any]:
        """A connection that answers: a write is not tried twice, so it is asked before.

        SQLAlchemy leaves beginning a transaction to the driver, which in autocommit does not.
        """
        try:
            return await self._to_write()
        except psycopg.Error as error:
            if not is_lost(error):
                raise
        await self._checked_all()
        return await self._to_write()

    async def _to_write(self) -> psycopg.AsyncConnection[Any]:
        connection = await self._ready.take()
        try:
            await AsyncConnectionPool.check_connection(connection)
            await connection.set_autocommit(False)
        except BaseException:  # broken, or cancelled: nobody else has it
            await self._pool.putconn(connection)
            raise
        return connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that commits at its end, or leaves nothing behind."""
        async with available(), self._engine.begin() as connection:
            yield connection

    async def wakes(self, channel: str, seconds: float) -> AsyncIterator[None]:
        """Yield at each notification on a channel, and after so many seconds without one, on a connection of its own.

        Raises DatabaseUnavailable where it is lost.
        """
        async with available():
            options: Any = {"autocommit": True, "connect_timeout": CONNECT_SECONDS}
            async with await psycopg.AsyncConnection.connect(self._conninfo, **options) as connection:
                await connection.execute(SQL("LISTEN {}").format(Identifier(channel)))
                while True:
                    async for _ in connection.notifies(timeout=seconds, stop_after=1):
                        pass
                    yield

    async def notify(self, channel: str) -> None:
        """Wake whoever listens on a channel."""
        async with available():
            connection = await self._ready.take()
            try:
                await connection.execute(SQL("NOTIFY {}").format(Identifier(channel)))
            finally:
                await self._ready.give_back(connection)

    async def writer(self, connection: AsyncConnection) -> Writer:
        """The writer of a transaction in which something was executed before."""
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        return Writer(driver, self._listen)


@dataclass(frozen=True)
class Snapshot:
    """One moment of the database."""

    connection: ReadingConnection
    listen: Callable[[str], None] | None
    moment: datetime

    async def read(self, statements: Sequence[Bound]) -> list[Sequence[Sequence[Any]]]:
        """The rows of each statement."""
        async with available():
            return [await self._rows(*each) for each in statements]

    async def _rows(self, text: str, parameters: Sequence[Any]) -> Sequence[Sequence[Any]]:
        if self.listen is not None:
            self.listen(text)
        return await self.connection.rows(text, parameters)


async def _configured(connection: psycopg.AsyncConnection[Any]) -> None:
    set_json_loads(orjson.loads, connection)
