"""Objects of an answer, still as rows: what graphql-core completes, and what it reads from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from graphql import GraphQLOutputType, TypeNameMetaFieldDef

from engine.answers.small_tables import SmallTable
from engine.errors import anew
from engine.meanings import global_ids
from engine.meanings.requests import Request

Values = Sequence[Any]

# A look-up in a dictionary takes a third of the time of a call, and the same few decimals stand in answers again and again.
KEPT_TEXTS = 10_000


@dataclass(slots=True, eq=False)
class Reading:
    """What rows are read by: the request, and what came once with the rows: small tables, the total of a list."""

    request: Request
    tables: Sequence[SmallTable] = ()
    total: int | None = None


# From the values of a row (of a page, of an edge) and its reading to the value of a field. The
# classes below are readers that the assembler knows by sight; any other callable will do.
Reader = Callable[[Any, Reading], Any]

# From the values of a row and its reading to the rows of a list in it, in their order.
ListRows = Callable[[Any, Reading], Sequence[Values]]


@dataclass(slots=True, eq=False)
class Layout:
    """How to read the fields of one object type from its row, by response key, and their types.

    `assemble` (one row) and `assemble_all` (the rows of a list) are made from it when first needed.
    """

    typename: str
    readers: dict[str, Reader] = field(default_factory=dict)
    types: dict[str, GraphQLOutputType] = field(default_factory=dict)
    assemble: Callable[[Any, Reading], dict[str, Any]] | None = None
    assemble_all: Callable[[Any, Reading], list[dict[str, Any]]] | None = None

    def add(self, key: str, type_: GraphQLOutputType, reader: Reader) -> None:
        """Say how the field with a response key is read."""
        self.readers[key] = reader
        self.types[key] = type_

    def add_typename(self, key: str) -> None:
        """Say that a response key stands for the name of the type."""
        self.add(key, TypeNameMetaFieldDef.type, Constant(self.typename))


class Record:
    """An object of an answer: the values of a row, and how to read them."""

    __slots__ = ("layout", "reading", "values")

    def __init__(self, layout: Layout, values: Any, reading: Reading) -> None:
        self.layout = layout
        self.values = values
        self.reading = reading

    def read(self, key: str) -> Any:
        """The value of the field with this response key."""
        return self.layout.readers[key](self.values, self.reading)


@dataclass(frozen=True)
class Constant:
    """Reads what is the same in every row."""

    value: Any

    def __call__(self, values: Any, reading: Reading) -> Any:
        return self.value


@dataclass(frozen=True)
class Scalar:
    """Reads a scalar."""

    slot: int

    def __call__(self, values: Any, reading: Reading) -> Any:
        return values[self.slot]


@dataclass(frozen=True)
class Decimal:
    """Reads a decimal number as text from the whole number of its last place's units."""

    slot: int
    places: int

    def __call__(self, values: Any, reading: Reading) -> Any:
        units = values[self.slot]
        return None if units is None else decimal_text(units, self.places)


def decimal_text(units: int, places: int) -> str:
    """A number with all its places: 480 hundredths are 4.80."""
    whole, rest = divmod(abs(units), 10**places)
    return f"{'-' if units < 0 else ''}{whole}.{rest:0{places}d}"


class DecimalTexts(dict[int, str]):
    """The texts of numbers with so many places, by their units; so many are kept that all ratings are among them."""

    def __init__(self, places: int) -> None:
        self._places = places

    def __missing__(self, units: int) -> str:
        if len(self) >= KEPT_TEXTS:
            self.clear()
        text = self[units] = decimal_text(units, self._places)
        return text


@cache
def decimal_texts(places: int) -> DecimalTexts:
    """The texts of all who ask for so many places."""
    return DecimalTexts(places)


@dataclass(frozen=True)
class Enumerated:
    """Reads a member of an enumeration from its name."""

    slot: int
    members: Mapping[str, Any]

    def __call__(self, values: Any, reading: Reading) -> Any:
        name = values[self.slot]
        return None if name is None else self.members[name]


@dataclass(frozen=True)
class Identified:
    """Reads an opaque global id from a key."""

    slot: int
    typename: str

    def __call__(self, values: Any, reading: Reading) -> Any:
        key = values[self.slot]
        return None if key is None else global_ids.encode(self.typename, key)


@dataclass(frozen=True)
class SameRow:
    """Reads an object that is always there, from the same row."""

    layout: Layout

    def __call__(self, values: Any, reading: Reading) -> Any:
        return Record(self.layout, values, reading)


@dataclass(frozen=True)
class WherePresent:
    """Reads an object from the same row; unless the marking slot is true it is null, or missing."""

    layout: Layout
    slot: int
    missing: Exception | None = None

    def __call__(self, values: Any, reading: Reading) -> Any:
        if values[self.slot]:
            return Record(self.layout, values, reading)
        if self.missing is not None:
            raise anew(self.missing)
        return None


@dataclass(frozen=True)
class Listed:
    """Reads a list of objects from the rows of a list in the row."""

    layout: Layout
    rows: ListRows

    def __call__(self, values: Any, reading: Reading) -> Any:
        return [Record(self.layout, row, reading) for row in self.rows(values, reading)]


@dataclass(frozen=True)
class Together:
    """Reads a list of objects that all stand in the same row."""

    layouts: tuple[Layout, ...]

    def __call__(self, values: Any, reading: Reading) -> Any:
        return [Record(layout, values, reading) for layout in self.layouts]


def rows_of(columns: Sequence[Sequence[Any]]) -> list[Any]:
    """The rows of columns."""
    return list(zip(*columns, strict=True))


@dataclass(frozen=True)
class ColumnRows:
    """Rows from arrays, one for each of their slots; null where there is no row."""

    start: int
    stop: int

    def __call__(self, values: Any, reading: Reading) -> Sequence[Values]:
        return () if values[self.start] is None else rows_of(values[self.start : self.stop])


@dataclass(frozen=True)
class JsonRows:
    """Rows from a JSON array of arrays; null for none."""

    slot: int

    def __call__(self, values: Any, reading: Reading) -> Sequence[Values]:
        return values[self.slot] or ()


@dataclass(frozen=True)
class MemberRows:
    """Those rows of a small table whose keys stand in a slot."""

    table: int
    slot: int

    def __call__(self, values: Any, reading: Reading) -> Sequence[Values]:
        keys = values[self.slot]
        return [row for key, row in reading.tables[self.table].rows.items() if key in keys]


@dataclass(frozen=True)
class SubscriptRows:
    """Those rows of a small table for whose keys the arrays in some slots have elements.

    The elements stand behind the values of the table, the last array's first.
    """

    table: int
    slots: tuple[int, ...]

    def __call__(self, values: Any, reading: Reading) -> Sequence[Values]:
        arrays = [values[slot] for slot in reversed(self.slots)]
        if None in arrays:
            return ()
        return [
            (*row, *(array[key - 1] for array in arrays))
            for key, row in reading.tables[self.table].rows.items()
            if all(key <= len(array) and array[key - 1] is not None for array in arrays)
        ]
