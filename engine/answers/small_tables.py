"""Small tables: they come once a statement, with the rows that list some of theirs."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

# What a function makes something of: the values of a row, and the reading that they came with.
Make = Callable[[Sequence[Any], Any], Any]


class Made(dict[int, Any]):
    """What a function makes of a small table's rows, by their keys: each when it is first asked for.

    The reading is None for a function that reads nothing of it.
    """

    def __init__(self, rows: Mapping[int, Sequence[Any]], make: Make, reading: Any = None) -> None:
        self._rows = rows
        self._make = make
        self._reading = reading

    def __missing__(self, key: int) -> Any:
        made = self[key] = self._make(self._rows[key], self._reading)
        return made


class SmallTable:
    """A small table that came with the rows of a statement: the values of its `rows` by their keys, in its order.

    Many of those list the same few of these, so what is made of nothing but their values is made once.
    """

    __slots__ = ("_made", "_within", "rows")

    def __init__(self, rows: Mapping[int, Sequence[Any]]) -> None:
        self.rows = rows
        self._made: dict[Any, Made] = {}
        self._within: dict[int, Sequence[int]] = {}

    @classmethod
    def of_columns(cls, columns: Sequence[Sequence[Any] | None]) -> "SmallTable":
        """A table from its columns: the place of each row, its key and its values; null where there are no rows."""
        rows = sorted(zip(*(column or () for column in columns), strict=True))
        return cls({row[1]: row[2:] for row in rows})

    def among(self, keys: Sequence[int]) -> Sequence[int]:
        """Those among some keys that the table has, in its order."""
        if len(keys) == 1:
            return keys if keys[0] in self.rows else ()
        return [key for key in self.rows if key in keys]

    def within(self, size: int) -> Sequence[int]:
        """The keys that are subscripts of arrays of a size, in the table's order."""
        keys = self._within.get(size)
        if keys is None:
            keys = self._within[size] = [key for key in self.rows if key <= size]
        return keys

    def made(self, make: Make) -> Made:
        """What a function makes of the rows, of which it reads nothing but their values; one for each function."""
        found = self._made.get(make)
        if found is None:
            found = self._made[make] = Made(self.rows, make)
        return found


class Latest:
    """Reads a small table from its text in JSON. As long as the text is the same the table is, with what was made of it.

    The text comes with each answer, and seldom changes: to read it again took a tenth of the time of a small answer.
    For one thread: of two, one could leave its table under the other's text.
    """

    __slots__ = ("_table", "_text")

    def __init__(self) -> None:
        self._text: str | None = None
        self._table = SmallTable({})

    def read(self, text: str) -> SmallTable:
        """The table that a text tells."""
        if text != self._text:
            self._table, self._text = SmallTable.of_columns(orjson.loads(text)), text
        return self._table
