"""Values of a file's cells: how each is read, which type it has in PostgreSQL, how it is shown again.

A reader gets a cell that is not empty and gives what COPY takes, or raises ValueError with a
reason that completes the sentence "this value ...".
"""

import enum
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

SEPARATOR = "|"
SMALLEST, LARGEST = -(2**15), 2**15 - 1

# Python reads more as a number than people mean by one: other scripts' digits, underscores, blanks.
WHOLE = re.compile("-?[0-9]{1,9}")
DECIMAL = re.compile("-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?")


@dataclass(frozen=True)
class ValueType:
    """`shown` turns an SQL expression of the type `sql` into the cell's text."""

    sql: str
    read: Callable[[str], object]
    shown: str = "{}::text"


def one_of(values: type[enum.Enum]) -> ValueType:
    """A word from an enumeration."""
    words = {value.name for value in values}

    def read(cell: str) -> str:
        if cell not in words:
            raise ValueError("is none of " + ", ".join(sorted(words)))
        return cell

    return ValueType("text", read)


def _text(cell: str) -> str:
    if not cell.strip(" "):
        raise ValueError("is blank")
    return cell


def _codes(cell: str) -> list[str]:
    """Sorted and without repetitions, so that the order in a file makes no difference."""
    codes = set(cell.split(SEPARATOR))
    if "" in codes:
        raise ValueError(f"has an empty place between two {SEPARATOR}")
    return sorted(codes)


def _whole(low: int, high: int) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if not (WHOLE.fullmatch(cell) and low <= int(cell) <= high):
            raise ValueError(f"is not a whole number from {low} to {high}")
        return cell

    return read


def _degrees(limit: int) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if not (DECIMAL.fullmatch(cell) and -limit <= float(cell) <= limit):
            raise ValueError(f"is not a number of degrees from -{limit} to {limit}")
        return repr(float(cell))

    return read


def _date(cell: str) -> str:
    try:
        if date.fromisoformat(cell).isoformat() == cell:
            return cell
    except ValueError:
        pass
    raise ValueError("is not a date such as 2026-01-31")


def _moment(cell: str) -> str:
    try:
        moment = datetime.fromisoformat(cell)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        pass
    raise ValueError("is not a moment such as 2026-01-31T12:00:00Z or 2026-01-31T15:00:00+03:00")


def _flag(cell: str) -> str:
    if cell not in {"true", "false"}:
        raise ValueError("is neither true nor false")
    return cell


def _uuid(cell: str) -> str:
    try:
        return str(uuid.UUID(cell))
    except ValueError:
        raise ValueError("is not a UUID") from None


TEXT = ValueType("text", _text)
# The rule of models.base.is_a_code. It is for the database to ask, whose idea of a letter counts.
CODE = ValueType("text", str)
CODES = ValueType("text[]", _codes, f"array_to_string({{}}, '{SEPARATOR}')")
ORDINAL = ValueType("smallint", _whole(SMALLEST, LARGEST))
POSITION = ValueType("smallint", _whole(1, LARGEST))
SCORE = ValueType("smallint", _whole(1, 5))
LONGITUDE = ValueType("double precision", _degrees(180))
LATITUDE = ValueType("double precision", _degrees(90))
DATE = ValueType("date", _date, "to_char({}, 'YYYY-MM-DD')")
MOMENT = ValueType(
    "timestamptz",
    _moment,
    """rtrim(rtrim(to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '0'), '.') || 'Z'""",
)
FLAG = ValueType("boolean", _flag)
UUID = ValueType("uuid", _uuid)
