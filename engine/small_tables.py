"""Small tables: they come once a statement, with the rows that list some of theirs."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from weakref import ref

Values = Sequence[Any]


class Made(dict[int, Any]):
    """What a function makes of a small table's rows, by their keys: each when it is first asked for.

    The reading has the table, and whoever asks has the reading. Were it kept here, too, each answer would
    be left to the garbage collector, which took a tenth of the time of small ones.
    """

    def __init__(self, make: Callable[[Values, Any], Any], rows: Mapping[int, Values], reading: Any) -> None:
        self._make = make
        self._rows = rows
        self._reading = ref(reading)

    def __missing__(self, key: int) -> Any:
        made = self[key] = self._make(self._rows[key], self._reading())
        return made


class SmallTable:
    """A small table that came with the rows: the values of its `rows` by their keys, in its order.

    Many rows list the same few of them, so what is made of these is made once.
    """

    __slots__ = ("_made", "_within", "rows")

    def __init__(self, rows: Mapping[int, Values]) -> None:
        self.rows = rows
        self._made: dict[Any, Made] = {}
        self._within: dict[int, Sequence[int]] = {}

    def of(self, keys: Sequence[int]) -> Sequence[int]:
        """Those of some keys that the table has, in its order."""
        if len(keys) == 1:
            return keys if keys[0] in self.rows else ()
        return [key for key in self.rows if key in keys]

    def within(self, size: int) -> Sequence[int]:
        """The keys that are subscripts of arrays of a size, in the table's order."""
        keys = self._within.get(size)
        if keys is None:
            keys = self._within[size] = [key for key in self.rows if key <= size]
        return keys

    def made(self, make: Callable[[Values, Any], Any], reading: Any) -> Made:
        """What a function makes of the rows; one for each function."""
        found = self._made.get(make)
        if found is None:
            found = self._made[make] = Made(make, self.rows, reading)
        return found
