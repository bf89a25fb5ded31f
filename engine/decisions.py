"""Decisions: what a plan was told of the values that it was planned with.

A plan binds all values anew, and is right for any, unless planning asked whether something is true
of one of them. Then it is for the requests of which the same is true, and kept as a variant beside those
for the others. Only plans that asked are looked at again.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

# How many truths a plan may depend on: each may double the variants of an operation.
MAXIMUM = 8

# From a request to a value, and what is asked of that.
Value = Callable[[Any], Any]
Test = Callable[[Any], bool]
# What was asked, in order, and the answers.
Outcomes = dict[tuple[Value, Test], bool]


@dataclass
class Decisions:
    """What is asked while the root fields of an operation are planned for a request."""

    request: Any
    outcomes: Outcomes = field(default_factory=dict)

    def holds(self, value: Value, test: Test) -> bool:
        """Whether something is true of a value; False for whatever is asked beyond the maximum."""
        if (value, test) not in self.outcomes and len(self.outcomes) < MAXIMUM:
            self.outcomes[value, test] = _is_true(value, test, self.request)
        return self.outcomes.get((value, test), False)


class Variant(Protocol):
    """What is kept for the requests of which the same is true."""

    @property
    def outcomes(self) -> Outcomes:
        """What it asked, and was told."""


Kept = TypeVar("Kept", bound=Variant)


def fitting(
    get: Callable[[Hashable], Kept | None], key: Hashable, request_for: Callable[[Kept], Any]
) -> tuple[Hashable, Kept | None]:
    """The variant for a request, if there is one, and the key that it is or would be kept under.

    The key of each that does not fit leads on to those of which was true what is true now. `request_for`
    gives the request as a variant's values read it.
    """
    found = get(key)
    while found is not None and found.outcomes:
        request = request_for(found)
        answers = tuple(_is_true(value, test, request) for value, test in found.outcomes)
        if answers == tuple(found.outcomes.values()):
            break
        key = key, answers
        found = get(key)
    return key, found


def _is_true(value: Value, test: Test, request: Any) -> bool:
    try:
        return test(value(request))
    except Exception:  # noqa: BLE001 - a value that is refused is refused again, and told, when it is bound
        return False
