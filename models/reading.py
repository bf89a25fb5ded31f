"""Reads straight on libpq: statements that are asked again and again.

A cursor of psycopg does much for each execution that is the same every time. It took three times as
long as what is left here: sending the parameters, waiting, and loading the rows in C.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ExecStatus, Format
from psycopg.pq.abc import PGresult

# How many texts a connection remembers. A new one is only executed: planning takes longer than executing,
# and what is asked once is not worth keeping. What is asked twice is asked more often, and is prepared.
REMEMBERED = 100

# Parameters are texts whose types PostgreSQL infers; but what it takes a bare number for is narrower.
INFERRED, FLOAT8 = 0, 701


class ReadingConnection(psycopg.AsyncConnection[Any]):
    """A connection that keeps the plans of what it reads again and again."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        # The names of prepared statements by their texts; none yet for a text that was asked once.
        self._plans: OrderedDict[str, bytes | None] = OrderedDict()
        self._prepared_reads = 0

    async def rows(self, text: str, parameters: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """The rows of a statement; `$1` in its text is its first parameter.

        psycopg deallocates all statements when it rolls back. What meets that raises InvalidSqlStatementName, and has
        forgotten the plans: the same read is good when it is done again on this connection.
        """
        transformer = Transformer(self)
        values = transformer.dump_sequence(parameters, [PyFormat.TEXT] * len(parameters))
        try:
            result = await self._executed(text, values, _types(parameters))
        except psycopg.errors.InvalidSqlStatementName:
            self._plans.clear()
            raise
        transformer.set_pgresult(result)
        return transformer.load_rows(0, result.ntuples, tuple)

    async def _executed(self, text: str, values: Sequence[Any], types: Sequence[int]) -> PGresult:
        name = await self._plan(text, types)
        if name is None:
            self.pgconn.send_query_params(text.encode(), values, types, result_format=Format.BINARY)
        else:
            self.pgconn.send_query_prepared(name, values, result_format=Format.BINARY)
        return await self._result()

    async def _plan(self, text: str, types: Sequence[int]) -> bytes | None:
        """The name of a text's prepared statement; none for a new text."""
        if text not in self._plans:
            await self._remember(text)
            return None
        self._plans.move_to_end(text)
        name = self._plans[text]
        if name is None:
            self._prepared_reads += 1
            name = b"read_%d" % self._prepared_reads
            self.pgconn.send_prepare(name, text.encode(), types)
            await self._result()
            self._plans[text] = name
        return name

    async def _remember(self, text: str) -> None:
        """Remember a text, and forget the one that nobody asked for the longest time."""
        self._plans[text] = None
        if len(self._plans) > REMEMBERED:
            _, oldest = self._plans.popitem(last=False)
            if oldest is not None:
                self.pgconn.send_query(b"DEALLOCATE " + oldest)
                await self._result()

    async def _result(self) -> PGresult:
        """The result of what was sent; who is cancelled meanwhile ends it in PostgreSQL, too."""
        arrival = Arrival(self.pgconn)
        try:
            await arrival.wait()
        except asyncio.CancelledError:
            if not arrival.complete:
                await self.cancel_safe()
                await arrival.wait()
            raise
        result = arrival.results[0]
        if result.status == ExecStatus.FATAL_ERROR:
            raise psycopg.errors.error_from_result(result)
        return result


def _types(parameters: Sequence[Any]) -> list[int]:
    return [FLOAT8 if isinstance(each, float) else INFERRED for each in parameters]


class Arrival:
    """The results of what was sent, on their way; `complete` once nothing more will come."""

    def __init__(self, pgconn: Any) -> None:
        self.results: list[PGresult] = []
        self.complete = False
        self._pgconn = pgconn

    async def wait(self) -> None:
        """Wait until all is sent, and every result is here; raises OperationalError if the connection breaks."""
        loop, socket = asyncio.get_running_loop(), self._pgconn.socket
        here: asyncio.Future[None] = loop.create_future()
        loop.add_reader(socket, self._receive, here)
        try:
            # What does not fit into the socket's buffer is sent as it takes it.
            while self._pgconn.flush():
                await _writable(loop, socket)
            await here
        finally:
            loop.remove_reader(socket)

    def _receive(self, here: "asyncio.Future[None]") -> None:
        """Take what has come. Behind the last result there is none."""
        try:
            self._pgconn.consume_input()
            while not (self.complete or self._pgconn.is_busy()):
                result = self._pgconn.get_result()
                if result is None:
                    self.complete = True
                else:
                    self.results.append(result)
        except psycopg.OperationalError as error:
            if not here.done():
                here.set_exception(error)
        if self.complete and not here.done():
            here.set_result(None)


async def _writable(loop: asyncio.AbstractEventLoop, socket: int) -> None:
    ready: asyncio.Future[None] = loop.create_future()
    loop.add_writer(socket, ready.set_result, None)
    try:
        await ready
    finally:
        loop.remove_writer(socket)
