"""Reads straight on libpq: statements that are asked again and again.

A cursor of psycopg does much for each execution that is the same every time. It took three times as
long as what is left here: sending the parameters, waiting, and loading the rows in C.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import cached_property
from typing import Any

import psycopg
from psycopg import abc
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult

from models.lookouts import Lookout

# How many texts a connection remembers. A new one is only executed: planning takes longer than executing,
# and what is asked once is not worth keeping. What is asked twice is asked more often, and is prepared.
REMEMBERED = 100

# Parameters are texts whose types PostgreSQL infers; but what it takes a bare number for is narrower.
INFERRED, FLOAT8 = 0, 701

# How PostgreSQL refuses to execute what was prepared.
STALE = psycopg.errors.InvalidSqlStatementName, psycopg.errors.FeatureNotSupported

BEGIN = b"BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"


class ReadingConnection(psycopg.AsyncConnection[Any]):
    """A connection that keeps the plans of what it reads again and again.

    Its socket stays watched from one read to the next, as watching it anew takes longer than what is watched for. Whatever
    psycopg does on the connection by itself watches the socket, too, so it is let go of before.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        # The names of prepared statements by their texts; none yet for a text that was asked once.
        self._plans: OrderedDict[str, bytes | None] = OrderedDict()
        self._prepared_reads = 0
        # Prepared statements that may be there, and answer for no text: whoever waited for them was cancelled, or they are stale.
        self._doubtful: list[bytes] = []
        # How many statements it has read since the pool lent it (`models/ready.py`).
        self.reads = 0
        self._arrival: Arrival | None = None
        # The loop that watches the socket, who looks after it there, and the socket: a connection that breaks has none any more.
        self._watched: tuple[asyncio.AbstractEventLoop, Lookout, int] | None = None

    @cached_property
    def _transformer(self) -> abc.Transformer:
        """Knows how to write parameters and to load columns; what it has found out about types it keeps."""
        return Transformer(self)

    async def rows(self, text: str, parameters: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """The rows of a statement; `$1` in its text is its first parameter."""
        self.reads += 1
        if self._doubtful:
            await self._tidy()
        transformer = self._transformer
        given = [_array(each) if each.__class__ is list else each for each in parameters]
        values = transformer.dump_sequence(given, [PyFormat.TEXT] * len(given))
        name = await self._plan(text, parameters)
        if name is None:
            self.pgconn.send_query_params(text.encode(), values, _types(parameters), result_format=Format.BINARY)
        else:
            self.pgconn.send_query_prepared(name, values, result_format=Format.BINARY)
        try:
            result = await self._result()
        except STALE:
            self._drop(text)
            raise
        transformer.set_pgresult(result)
        rows = transformer.load_rows(0, result.ntuples, tuple)
        transformer.set_pgresult(None)
        return rows

    @asynccontextmanager
    async def moment(self) -> AsyncIterator[None]:
        """A transaction for reads, all of one snapshot. What psycopg does for one takes as long as three statements."""
        await self._tidy()
        try:
            await self._tell(BEGIN)
            yield
        except BaseException:
            with suppress(psycopg.OperationalError):  # of a connection that broke meanwhile there is nothing left
                await self._tell(b"ROLLBACK")
            raise
        await self._tell(b"COMMIT")

    async def _tell(self, command: bytes) -> None:
        self.pgconn.send_query(command)
        await self._result()

    async def rollback(self) -> None:
        """See psycopg."""
        if self.pgconn.transaction_status != TransactionStatus.IDLE:
            self._plans.clear()
            await super().rollback()
            await self._forget()

    async def _forget(self) -> None:
        """Forget all plans after a rollback: psycopg deallocates them with its own, if it has any."""
        self._plans.clear()
        if self.pgconn.transaction_status == TransactionStatus.IDLE:
            with suppress(psycopg.OperationalError):  # of a connection that broke meanwhile there is nothing left
                await self._tell(b"DEALLOCATE ALL")

    async def wait(self, *arguments: Any, **named: Any) -> Any:
        """See psycopg, all of whose own work comes by here."""
        self._let_go()
        return await super().wait(*arguments, **named)

    async def close(self) -> None:
        """See psycopg, which tells the pool nothing of a connection that is broken: the pool would wait for it forever."""
        self._let_go()
        pool = getattr(self, "_pool", None)
        if pool is not None and self.closed:
            await pool.putconn(self)
            self._pool = None
        else:
            await super().close()

    def _watch(self) -> tuple[asyncio.AbstractEventLoop, Lookout]:
        """Watch the socket; the loop that does, which is asked for once, as that takes a call of the system, and its lookout."""
        if self._watched is None:
            loop = asyncio.get_running_loop()
            self._watched = loop, Lookout.of(loop), self.pgconn.socket
            loop.add_reader(self.pgconn.socket, self.look)
        return self._watched[:2]

    def _let_go(self) -> None:
        if self._watched is not None:
            loop, _, socket = self._watched
            loop.remove_reader(socket)
            self._watched = None

    def look(self) -> None:
        """Take what has come, if only the end of the connection while nothing was asked."""
        try:
            self.pgconn.consume_input()
        except psycopg.OperationalError as error:
            self._let_go()
            if self._arrival is not None:
                self._arrival.fail(error)
        else:
            if self._arrival is not None:
                self._arrival.take()

    async def _plan(self, text: str, parameters: Sequence[Any]) -> bytes | None:
        """The name of a text's prepared statement; none for a new text."""
        if text not in self._plans:
            await self._remember(text)
            return None
        self._plans.move_to_end(text)
        name = self._plans[text]
        if name is None:
            self._prepared_reads += 1
            name = b"read_%d" % self._prepared_reads
            self._doubtful.append(name)
            self.pgconn.send_prepare(name, text.encode(), _types(parameters))
            await self._result()
            self._doubtful.remove(name)
            self._plans[text] = name
        return name

    def _drop(self, text: str) -> None:
        """Prepare a text anew when it is asked next: what it reads from is not what it was, or somebody ended what was prepared."""
        name = self._plans.pop(text, None)
        if name is not None:
            self._doubtful.append(name)

    async def _tidy(self) -> None:
        """Deallocate what is doubtful, where no transaction would fail because it is not there."""
        while self._doubtful and self.pgconn.transaction_status == TransactionStatus.IDLE:
            with suppress(psycopg.errors.InvalidSqlStatementName):
                await self._tell(b"DEALLOCATE " + self._doubtful[-1])
            self._doubtful.pop()

    async def _remember(self, text: str) -> None:
        """Remember a text, and forget the one that nobody asked for the longest time."""
        self._plans[text] = None
        if len(self._plans) > REMEMBERED:
            oldest = next(iter(self._plans))
            self._drop(oldest)
            await self._tidy()

    async def _result(self) -> PGresult:
        """The result of what was sent; who is cancelled meanwhile ends it in PostgreSQL, too."""
        loop, lookout = self._watch()
        arrival = self._arrival = Arrival(self.pgconn, loop)
        lookout.add(self)
        try:
            await arrival.wait()
        except asyncio.CancelledError:
            # Should the connection break meanwhile, it is the cancellation that is told.
            with suppress(psycopg.OperationalError):
                if not arrival.complete:
                    await self.cancel_safe()
                    self._watch()
                    await arrival.wait()
            raise
        finally:
            self._arrival = None
            lookout.discard(self)
        result = arrival.results[0]
        if result.status == ExecStatus.FATAL_ERROR:
            raise psycopg.errors.error_from_result(result)
        return result


def _array(values: list[Any]) -> Any:
    """A list of texts as PostgreSQL writes an array of them: psycopg takes eight times as long. Any other list as it is."""
    if not values or not all(each.__class__ is str for each in values):
        return values
    quoted = [each.replace("\\", "\\\\").replace('"', '\\"') for each in values]
    return '{"' + '","'.join(quoted) + '"}'


def _types(parameters: Sequence[Any]) -> list[int]:
    return [FLOAT8 if isinstance(each, float) else INFERRED for each in parameters]


class Arrival:
    """The results of what was sent, on their way; `complete` once nothing more will come, for which `error` may be why."""

    def __init__(self, pgconn: Any, loop: asyncio.AbstractEventLoop) -> None:
        self.results: list[PGresult] = []
        self.complete = False
        self.error: Exception | None = None
        self._pgconn = pgconn
        self._loop = loop
        self._here: asyncio.Future[None] | None = None

    async def wait(self) -> None:
        """Wait until all is sent, and every result is here; raises OperationalError if the connection breaks."""
        # What does not fit into the socket's buffer is sent as it takes it.
        while self._pgconn.flush():
            await _writable(self._loop, self._pgconn.socket)
        if not self.complete:
            self._here = self._loop.create_future()
            await self._here
        if self.error is not None:
            raise self.error

    def take(self) -> None:
        """Take what has come. Behind the last result there is none."""
        while not (self.complete or self._pgconn.is_busy()):
            result = self._pgconn.get_result()
            if result is None:
                self._end()
            else:
                self.results.append(result)

    def fail(self, error: Exception) -> None:
        """Nothing will come any more."""
        self.error = error
        self._end()

    def _end(self) -> None:
        self.complete = True
        if self._here is not None and not self._here.done():
            self._here.set_result(None)


async def _writable(loop: asyncio.AbstractEventLoop, socket: int) -> None:
    ready: asyncio.Future[None] = loop.create_future()
    loop.add_writer(socket, ready.set_result, None)
    try:
        await ready
    finally:
        loop.remove_writer(socket)
