"""Writing in few journeys: statements made once, and sent together.

Each journey to the database costs the server as much time as the database takes for what it asks, and
while it lasts the writer's locks keep others waiting. So statements travel together. Still each
runs after the one before, and sees what was committed until then.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import cache
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row
from sqlalchemy import Executable
from sqlalchemy.dialects.postgresql import psycopg as psycopg_dialect
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BindParameter

DIALECT = psycopg_dialect.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class Sent:
    """A statement's text with parameters `$1`, `$2` and so on, and the names of their values."""

    text: str
    names: Sequence[str]
    processors: Mapping[str, Callable[[Any], Any]]

    def parameters(self, values: Mapping[str, Any]) -> list[Any]:
        """The parameters with these values, as the driver takes them."""
        return [self.processors[name](values[name]) if name in self.processors else values[name] for name in self.names]


@cache
def sent(statement: Any) -> Sent:
    """A statement as it is sent, its constants in its text.

    It is kept for good: statements of a writer are made once, not for each request.
    """
    for element in visitors.iterate(statement):
        if isinstance(element, BindParameter):
            element.literal_execute = element.value is not None
            element.required = False
    compiled = statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
    names = compiled.positiontup or ()
    made = {name: compiled.binds[name].type.bind_processor(DIALECT) for name in names}
    return Sent(str(compiled), names, {name: process for name, process in made.items() if process})


class Writer:
    """The writer of a transaction that has begun; `models.database.Database.writer` makes it."""

    def __init__(self, connection: psycopg.AsyncConnection[Any], listen: Callable[[str], None] | None = None) -> None:
        self._connection = connection
        self._listen = listen

    def journey(self) -> AbstractAsyncContextManager[Any]:
        """What is sent within the block travels together, and has arrived at its end."""
        return self._connection.pipeline()

    async def send(self, statement: Executable, **values: Any) -> psycopg.AsyncRawCursor[Any]:
        """Let a statement travel; the cursor has its rows after the journey."""
        asked = sent(statement)
        if self._listen is not None:
            self._listen(asked.text)
        cursor = psycopg.AsyncRawCursor(self._connection, row_factory=namedtuple_row)
        await cursor.execute(asked.text.encode(), asked.parameters(values))
        return cursor
