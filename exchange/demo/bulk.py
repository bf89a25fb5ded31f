"""Filling tables quickly: COPY, and indexes and foreign keys made once at the end instead of row by row."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString, NamedTuple

from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier

# Unique constraints that a foreign key stands on have to stay, as do primary keys.
CONSTRAINTS: LiteralString = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
FROM pg_constraint AS own
WHERE conrelid = ANY (%s::regclass[]) AND (contype = 'f' OR contype = 'u' AND NOT EXISTS (
    SELECT FROM pg_constraint AS other WHERE other.contype = 'f' AND other.conindid = own.conindid
))
ORDER BY contype DESC, conrelid, conname"""

INDEXES: LiteralString = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
FROM pg_index
WHERE indrelid = ANY (%s::regclass[]) AND NOT indisprimary
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
ORDER BY indexrelid"""

SEQUENCES: LiteralString = """
SELECT attrelid::regclass::text, attname FROM pg_attribute
WHERE attrelid = ANY (%s::regclass[]) AND attidentity <> ''"""


class Constraint(NamedTuple):
    """A constraint as the catalogue defines it."""

    table: str
    name: str
    definition: str


def copy(connection: Connection, table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
    """COPY rows of values into a table."""
    with connection.cursor().copy(_statement(table, columns)) as copying:
        for row in rows:
            copying.write_row(row)


def copy_text(connection: Connection, table: str, columns: str, blocks: Iterable[str]) -> None:
    """COPY blocks of lines that are in PostgreSQL's text format already."""
    with connection.cursor().copy(_statement(table, columns)) as copying:
        for block in blocks:
            copying.write(block)


@contextmanager
def bare(connection: Connection, tables: Sequence[str]) -> Iterator[None]:
    """Tables without their secondary indexes, unique constraints and foreign keys.

    All come back as they were, checked over all rows at once, when the block ends; when it fails
    the caller's transaction takes everything back.
    """
    constraints = [Constraint(*row) for row in connection.execute(CONSTRAINTS, [list(tables)])]
    indexes = connection.execute(INDEXES, [list(tables)]).fetchall()
    for table, name, _ in reversed(constraints):
        connection.execute(SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(_name(table), Identifier(name)))
    for name, _ in indexes:
        connection.execute(SQL("DROP INDEX {}").format(_name(name)))
    yield
    for _, definition in indexes:
        connection.execute(definition)
    for table, name, definition in constraints:
        connection.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def restart_sequences(connection: Connection, tables: Sequence[str]) -> None:
    """Let every identity column go on after the highest id in its table."""
    for table, column in connection.execute(SEQUENCES, [list(tables)]).fetchall():
        connection.execute(
            SQL("SELECT setval(pg_get_serial_sequence({}, {}), max({})) FROM {} HAVING max({}) > 0").format(
                table, column, Identifier(column), _name(table), Identifier(column)
            )
        )


def _statement(table: str, columns: str) -> Composed:
    names = SQL(", ").join(Identifier(column.strip()) for column in columns.split(","))
    return SQL("COPY {} ({}) FROM STDIN").format(_name(table), names)


def _name(name: str) -> Identifier:
    """A name that the catalogue shows with its schema only where that is not on the search path."""
    return Identifier(*name.split("."))
