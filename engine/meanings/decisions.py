"""Decisions: what a plan was told of the values that it was planned with.

A plan binds all values anew, and is right for any, unless planning asked whether something is true
of one of them. Then it is for the requests of which the same is true, and kept as a variant beside those
for the others. Only plans that asked are looked at again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from engine.meanings.requests import Request

# How many truths a plan may depend on: each may double the variants of an operation.
MAXIMUM = 8

# From a request to a value, and what is asked of that.
Value = Callable[[Request], Any]
Test = Callable[[Any], bool]
# What was asked, in order, and the answers.
Outcomes = dict[tuple[Value, Test], bool]


@dataclass
class Decisions:
    """What is asked while the root fields of an operation are planned for a request, which is forgotten then."""

    request: Request | None
    outcomes: Outcomes = field(default_factory=dict)

    def holds(self, value: Value, test: Test) -> bool:
        """Whether something is true of a value; False for whatever is asked beyond the maximum."""
        if self.request is not None and (value, test) not in self.outcomes and len(self.outcomes) < MAXIMUM:
            self.outcomes[value, test] = is_true(value, test, self.request)
        return self.outcomes.get((value, test), False)

    def settled(self) -> Outcomes:
        """What was asked, and told: all that the plan keeps of the values that it was planned with."""
        self.request = None
        return self.outcomes


def is_true(value: Value, test: Test, request: Request) -> bool:
    """Whether something is true of a request's value."""
    try:
        return test(value(request))
    except Exception:  # noqa: BLE001 - a value that is refused is refused again, and told, when it is bound
        return False
