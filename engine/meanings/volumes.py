"""Volumes: how many rows nested lists can bring, so that no answer has a million by accident.

A list inside a list multiplies. Each list of an operation knows the sizes of the lists around it;
their product, at the sizes that a request asks for, is bounded before any statement runs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import prod

from engine.errors import Limit, LimitError
from engine.meanings.requests import Request

# How many objects a list has at most, at a request.
SizeAt = Callable[[Request], int]

# Lists without pages are small by nature: an organization's spheres, a form's criteria.
UNPAGED = 5


def unpaged(request: Request) -> int:
    """The size that a list without pages is taken for."""
    return UNPAGED


@dataclass
class Volumes:
    """The lists of one root field, each as the sizes that multiply to its number of rows."""

    lists: list[Sequence[SizeAt]] = field(default_factory=list)

    def add(self, sizes: Sequence[SizeAt]) -> None:
        """Note a list: its own size, after those of the lists around it. One in no other is bounded by its own size."""
        if len(sizes) > 1:
            self.lists.append(sizes)

    def check(self, request: Request, maximum: int) -> None:
        """Raise LimitError where a list could bring too many rows."""
        for sizes in self.lists:
            rows = prod(size(request) for size in sizes)
            if rows > maximum:
                message = f"Nested lists ask for up to {rows} objects: at most {maximum} are answered at once."
                raise LimitError(Limit.ROWS, message)
