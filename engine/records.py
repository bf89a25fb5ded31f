"""Objects of an answer, still as rows: what graphql-core completes, and what it reads from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine import global_ids
from engine.arguments import Request

Values = Sequence[Any]

# From the values of a row (of a page, of an edge) and the request to the value of a field.
Reader = Callable[[Any, Request], Any]


@dataclass(slots=True)
class Shape:
    """How to read the fields of one object type from its row, by response key."""

    typename: str
    readers: dict[str, Reader] = field(default_factory=dict)


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


def column(slot: int) -> Reader:
    """Reads a scalar."""
    return lambda values, request: values[slot]


def enumeration(slot: int, members: Mapping[str, Any]) -> Reader:
    """Reads a member of an enumeration from its name."""
    return lambda values, request: None if values[slot] is None else members[values[slot]]


def global_id(slot: int, typename: str) -> Reader:
    """Reads an opaque id from a key."""
    return lambda values, request: global_ids.encode(typename, values[slot])


def same_row(shape: Shape) -> Reader:
    """Reads an object that is always there, from the same row."""
    return lambda values, request: Record(shape, values, request)


def where_present(shape: Shape, slot: int, missing: Exception | None = None) -> Reader:
    """Reads an object from the same row; unless the marking slot is true it is null, or missing."""

    def read(values: Any, request: Request) -> Record | None:
        if values[slot]:
            return Record(shape, values, request)
        if missing is not None:
            # Each raising adds to the trace of an exception, and this one is kept.
            raise missing.with_traceback(None)
        return None

    return read


def listed(shape: Shape, slot: int) -> Reader:
    """Reads a list of objects from the JSON array of rows in a slot."""
    return lambda values, request: [Record(shape, row, request) for row in values[slot] or ()]
