"""Objects of an answer, still as rows: what graphql-core completes, and what it reads from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from graphql import GraphQLOutputType, TypeNameMetaFieldDef

from engine import global_ids
from engine.arguments import Request

Values = Sequence[Any]

# From the values of a row (of a page, of an edge) and the request to the value of a field. The
# classes below are readers that the assembler knows by sight; any other callable will do.
Reader = Callable[[Any, Request], Any]


@dataclass(slots=True, eq=False)
class Shape:
    """How to read the fields of one object type from its row, by response key, and their types.

    `assemble` is made from it when it is first needed.
    """

    typename: str
    readers: dict[str, Reader] = field(default_factory=dict)
    types: dict[str, GraphQLOutputType] = field(default_factory=dict)
    assemble: Callable[[Any, Request], dict[str, Any]] | None = None

    def add(self, key: str, type_: GraphQLOutputType, reader: Reader) -> None:
        """Say how the field with a response key is read."""
        self.readers[key] = reader
        self.types[key] = type_

    def add_typename(self, key: str) -> None:
        """Say that a response key stands for the name of the type."""
        self.add(key, TypeNameMetaFieldDef.type, Constant(self.typename))


class Record:
    """An object of an answer: the values of a row, and how to read them at a request."""

    __slots__ = ("request", "shape", "values")

    def __init__(self, shape: Shape, values: Any, request: Request) -> None:
        self.shape = shape
        self.values = values
        self.request = request

    def read(self, key: str) -> Any:
        """The value of the field with this response key."""
        return self.shape.readers[key](self.values, self.request)


@dataclass(frozen=True)
class Constant:
    """Reads what is the same in every row."""

    value: Any

    def __call__(self, values: Any, request: Request) -> Any:
        return self.value


@dataclass(frozen=True)
class Scalar:
    """Reads a scalar."""

    slot: int

    def __call__(self, values: Any, request: Request) -> Any:
        return values[self.slot]


@dataclass(frozen=True)
class Decimal:
    """Reads a decimal number as text from the whole number of its last place's units."""

    slot: int
    places: int

    def __call__(self, values: Any, request: Request) -> Any:
        units = values[self.slot]
        return None if units is None else decimal_text(units, self.places)


@lru_cache(maxsize=20_000)
def decimal_text(units: int, places: int) -> str:
    """A number with all its places: 480 hundredths are 4.80."""
    whole, rest = divmod(abs(units), 10**places)
    return f"{'-' if units < 0 else ''}{whole}.{rest:0{places}d}"


@dataclass(frozen=True)
class Enumerated:
    """Reads a member of an enumeration from its name."""

    slot: int
    members: Mapping[str, Any]

    def __call__(self, values: Any, request: Request) -> Any:
        name = values[self.slot]
        return None if name is None else self.members[name]


@dataclass(frozen=True)
class Identified:
    """Reads an opaque global id from a key."""

    slot: int
    typename: str

    def __call__(self, values: Any, request: Request) -> Any:
        key = values[self.slot]
        return None if key is None else global_ids.encode(self.typename, key)


@dataclass(frozen=True)
class SameRow:
    """Reads an object that is always there, from the same row."""

    shape: Shape

    def __call__(self, values: Any, request: Request) -> Any:
        return Record(self.shape, values, request)


@dataclass(frozen=True)
class WherePresent:
    """Reads an object from the same row; unless the marking slot is true it is null, or missing."""

    shape: Shape
    slot: int
    missing: Exception | None = None

    def __call__(self, values: Any, request: Request) -> Any:
        if values[self.slot]:
            return Record(self.shape, values, request)
        if self.missing is not None:
            # Each raising adds to the trace of an exception, and this one is kept.
            raise self.missing.with_traceback(None)
        return None


@dataclass(frozen=True)
class Listed:
    """Reads a list of objects from the JSON array of rows in a slot."""

    shape: Shape
    slot: int

    def __call__(self, values: Any, request: Request) -> Any:
        return [Record(self.shape, row, request) for row in values[self.slot] or ()]
