"""What is counted of requests while they are answered: a few additions each, read only when metrics are asked for."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# Seconds, the upper bounds of a histogram's buckets.
BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
# Anybody can name an operation as they like: so many names are kept apart, those of trusted documents always.
NAMES, OTHER = 200, "(other)"
OK = "OK"


@dataclass
class Times:
    """How many operations took how long: `buckets` has a place more than there are bounds."""

    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0

    def add(self, seconds: float) -> None:
        """Count an operation."""
        self.buckets[bisect_left(BOUNDS, seconds)] += 1
        self.seconds += seconds


@dataclass
class Tally:
    """Counts operations by kind, name and outcome, their times by kind, and all errors by code.

    The outcome is the code of the first error, or OK. `names` are those of trusted documents.
    """

    names: Iterable[str] = ()
    operations: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    times: dict[str, Times] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    unchanged: int = 0

    def __post_init__(self) -> None:
        self._trusted = frozenset(self.names)
        self._others: set[str] = set()

    def answered(self, kind: str, name: str, errors: Sequence[Mapping[str, Any]] | None, seconds: float) -> None:
        """Count an operation that was executed."""
        outcome = OK
        if errors:
            self.refused(errors)
            outcome = errors[0]["extensions"]["code"]
        self.operations[kind, self.named(name), outcome] += 1
        if kind == "subscription":
            return  # each event is an answer, and how long one was waited for tells nothing
        times = self.times.get(kind)
        if times is None:
            times = self.times[kind] = Times()
        times.add(seconds)

    def refused(self, errors: Sequence[Mapping[str, Any]]) -> None:
        """Count what was refused, as a whole or in its place."""
        self.errors.update(each["extensions"]["code"] for each in errors)

    def named(self, name: str) -> str:
        """The name that an operation is counted under."""
        if name in self._others or name in self._trusted:
            return name
        if len(self._others) >= NAMES:
            return OTHER
        self._others.add(name)
        return name
