"""Variants of a plan: kept beside each other where something is true for the values of one, and not for another's."""

from collections.abc import Callable, Hashable
from typing import Protocol, TypeVar

from engine.meanings.decisions import Outcomes, is_true
from engine.meanings.requests import Request


class Variant(Protocol):
    """What is kept for the requests of which the same is true."""

    @property
    def outcomes(self) -> Outcomes:
        """What it asked, and was told."""


Kept = TypeVar("Kept", bound=Variant)


def fitting(get: Callable[[Hashable], Kept | None], key: Hashable, request: Request) -> tuple[Hashable, Kept | None]:
    """The variant for a request, if there is one, and the key that it is or would be kept under.

    The key of each that does not fit leads on to those of which was true what is true now.
    """
    found = get(key)
    while found is not None and found.outcomes:
        answers = tuple(is_true(value, test, request) for value, test in found.outcomes)
        if answers == tuple(found.outcomes.values()):
            break
        key = key, answers
        found = get(key)
    return key, found
