"""Staging: from the cells of a file to the rows of `incoming`, checked and compared with what is stored."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from exchange.columns import Column
from exchange.errors import BrokenFile
from exchange.kinds.kind import Kind
from exchange.load import Load
from exchange.progress import Advance
from exchange.values import CODE
from models.base import CODE_PATTERN

# What `staged` tells of every row beside its cells.
OF_ROWS = "number bigint, line bigint, faulty_fields text, faults text"
OWN = "number, line, faulty_fields, faults"


class Source(Protocol):
    """A file of rows, each with the line on which it begins."""

    size: int
    header: tuple[str, ...]

    def rows(self, advance: Advance) -> Iterator[tuple[int, Sequence[str]]]: ...


def arranged(header: Sequence[str], kind: Kind) -> list[Column]:
    """The columns in the order of the file; refuses a header that is not the kind's."""
    if not header:
        raise BrokenFile("is empty: the first line must name the columns")
    known = {column.name: column for column in (*kind.columns, *kind.optional)}
    for name in header:
        if name not in known:
            raise BrokenFile(f"unknown column {name!r}", 1)
        if header.count(name) > 1:
            raise BrokenFile(f"column {name!r} is there twice", 1)
    missing = [column.name for column in kind.columns if column.name not in header]
    if missing:
        raise BrokenFile("missing column " + ", ".join(map(repr, missing)), 1)
    return [known[name] for name in header]


def stage(load: Load, kind: Kind, source: Source, advance: Advance) -> int:
    """Copy all rows into `staged`, with nulls for what cannot be read; tells how many there were."""
    columns = arranged(source.header, kind)
    every = ", ".join(f"{column.sql} {column.type.sql}" for column in (*kind.columns, *kind.optional))
    load.connection.execute(f"CREATE TEMP TABLE staged ({OF_ROWS}, {every}) ON COMMIT DROP")
    names = ", ".join(column.sql for column in columns)
    number = 0
    with load.connection.cursor() as cursor, cursor.copy(f"COPY staged ({OWN}, {names}) FROM STDIN") as copy:
        for number, (line, cells) in enumerate(source.rows(advance), 1):
            values, faults = read(cells, columns)
            copy.write_row((number, line, *_together(faults), *values))
    load.note("SELECT number, faulty_fields, faults FROM staged WHERE faults IS NOT NULL")
    load.connection.execute("ANALYZE staged")
    return number


def read(cells: Sequence[str], columns: Sequence[Column]) -> tuple[list[object], list[tuple[str, str]]]:
    """The values of a row, one for each column, and the fields and reasons of what is wrong."""
    faults = []
    if len(cells) != len(columns):
        faults.append(("", f"has {len(cells)} cells where the header has {len(columns)}"))
        cells = [*cells[: len(columns)], *[""] * (len(columns) - len(cells))]
    values: list[object] = []
    for cell, column in zip(cells, columns, strict=True):
        try:
            values.append(_value(cell, column))
        except ValueError as error:
            values.append(None)
            faults.append((column.name, str(error)))
    return values, faults


def _together(faults: list[tuple[str, str]]) -> tuple[str | None, str | None]:
    if not faults:
        return None, None
    return "; ".join(field for field, _ in faults), "; ".join(reason for _, reason in faults)


def _value(cell: str, column: Column) -> object:
    if cell:
        return column.type.read(cell)
    if column.required:
        raise ValueError("is missing")
    return None


def compare(load: Load, kind: Kind) -> None:
    """Make `incoming`: `changed` is null for a new row, else it names the columns that differ."""
    columns = (*kind.columns, *kind.optional)
    values = ", ".join(f"{_wanted(column)} AS {column.sql}" for column in columns)
    differs = ", ".join(f"CASE WHEN {_differs(column)} THEN '{column.name}' END" for column in columns)
    keys = " AND ".join(_matches(column) for column in kind.columns if column.name in kind.key)
    load.connection.execute(f"""
        CREATE TEMP TABLE incoming ON COMMIT DROP AS
        SELECT staged.number, staged.line, {values},
               CASE WHEN current."{kind.key[0]}" IS NOT NULL THEN concat_ws(', ', {differs}) END AS changed
               {"," if kind.extras else ""} {kind.extras}
        FROM staged LEFT JOIN ({kind.current}) AS current ON {keys} {kind.joins}
        WHERE staged.number NOT IN (SELECT number FROM rejection)""")
    load.connection.execute("ANALYZE incoming")


def _matches(column: Column) -> str:
    """Equality that a hash join understands, also where the key may be null."""
    sides = (f"current.{column.sql}", f"staged.{column.sql}")
    return " = ".join(sides if column.required else (f"coalesce({side}, '')" for side in sides))


def _wanted(column: Column) -> str:
    return f"coalesce(staged.{column.sql}, current.{column.sql})" if column.kept else f"staged.{column.sql}"


def _differs(column: Column) -> str:
    return column.differs or f"{_wanted(column)} IS DISTINCT FROM current.{column.sql}"


def check(load: Load, kind: Kind) -> None:
    """Reject every row that is wrong, with everything that is wrong about it."""
    checks = [(check.field, check.wrong, check.reason) for check in kind.checks]
    own = next(column for column in kind.columns if column.name == kind.key[-1])
    if own.type is CODE:
        checks.append((own.name, f"{own.sql} !~ '{CODE_PATTERN}'", "is no code: 64 letters, digits or _./:- at most"))
    if checks:
        faults = ", ".join(f"({_literal(field)}, {wrong}, {_literal(reason)})" for field, wrong, reason in checks)
        load.reject(f"""
            SELECT number, fault.field, fault.reason FROM incoming
            CROSS JOIN LATERAL (VALUES {faults}) AS fault (field, wrong, reason) WHERE fault.wrong""")
    keys = ", ".join(f'"{name}"' for name in kind.key)
    load.reject(f"""
        SELECT number, '{kind.key[-1]}', format('is on line %s already', first)
        FROM (SELECT number, first_value(number) OVER same AS original, first_value(line) OVER same AS first
              FROM incoming WINDOW same AS (PARTITION BY {keys} ORDER BY number)) AS repeated
        WHERE number > original""")
    kind.settle(load)
    if kind.unchangeable:
        load.reject("""
            SELECT number, changed, 'is stored already with another value, and does not change'
            FROM incoming WHERE changed <> ''""")


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
