"""Paging: which part of a list the arguments of a connection ask for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.errors import ArgumentError
from engine.meanings import cursors
from engine.meanings.arguments import Argument, Arguments
from engine.meanings.fields import Connection
from engine.meanings.requests import Request

PAGING = frozenset({"first", "after", "last", "before"})


@dataclass(frozen=True)
class Paging:
    """What the arguments of a connection ask for; `most` is the largest size of all."""

    size: Argument | int
    most: int
    backward: bool
    cursor: Argument | None
    identity: Callable[[Request], str]

    @classmethod
    def of(cls, meaning: Connection, arguments: Arguments, field: str) -> "Paging":
        """Read and check `first`, `after`, `last` and `before`."""
        first, last = _given(arguments, "first"), _given(arguments, "last")
        after, before = _given(arguments, "after"), _given(arguments, "before")
        if first is not None and last is not None:
            raise ArgumentError("last", "cannot be combined with first")
        backward = last is not None or (first is None and before is not None)
        if backward and after is not None:
            raise ArgumentError("after", "goes with first, before goes with last")
        if not backward and before is not None:
            raise ArgumentError("before", "goes with last, after goes with first")
        asked = last if backward else first
        size = meaning.default if asked is None else asked.map(_size_check(asked, meaning))
        return cls(size, meaning.maximum, backward, before if backward else after, _identity(arguments, field))

    def size_at(self, request: Request) -> int:
        """How many rows a page has at most, at a request."""
        return self.size if isinstance(self.size, int) else request.size(self.size.value)


def _given(arguments: Arguments, name: str) -> Argument | None:
    value: Argument | None = getattr(arguments, name)
    return value


def _size_check(asked: Argument, meaning: Connection) -> Any:
    def check(value: int) -> int:
        if not 0 <= value <= meaning.maximum:
            raise ArgumentError(asked.name, f"must be between 0 and {meaning.maximum}")
        return value

    return check


def _identity(arguments: Arguments, field: str) -> Callable[[Request], str]:
    """The fingerprint of a list: where it stands in the operation does not matter."""
    others = arguments.identity(PAGING)
    return lambda request: cursors.fingerprint(f"{field}{request.shape}{others(request)}")
