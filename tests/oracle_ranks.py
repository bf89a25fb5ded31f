"""Rankings as the rules say, in exact fractions over raw scores: places, values, changes, and what moved them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from tests.oracle import decimal
from tests.slices import Rated, Slice, is_withheld, raters

# A selection of `Rank` that `Ranking.rank` answers, and one of `RankingEntry.movedMost` that `moved_most` does.
RANK = "position notRanked ratersMissing outOf tied value previous change"
MOVED_MOST = "criterion { code } previous value change"
ALL_TIME = Slice()


@dataclass(frozen=True)
class Ranking:
    """A set of open organizations, each with what its scope and slice count. Without a prior, by the mean."""

    pools: Mapping[str, Rated]
    minimum: int = 5
    prior: int | None = None
    withheld: Collection[str] = ()

    @classmethod
    def over(cls, slice_: Slice, said: Mapping[str, Rated], minimum: int = 5, prior: int | None = None) -> "Ranking":
        """The ranking of organizations by a slice of all that each was told."""
        counted = {code: slice_.counted(pool) for code, pool in said.items()}
        return cls(counted, minimum, prior, {code for code, pool in said.items() if is_withheld(pool, slice_)})

    @cached_property
    def told(self) -> list[Fraction]:
        """The marks of the whole set, without what is withheld."""
        return [each.mark for code, pool in self.pools.items() if code not in self.withheld for each in pool]

    @cached_property
    def exact(self) -> dict[str, Fraction]:
        """The values before they are rounded, of those that have one."""
        prior = self.prior or 0
        drawn = prior * mean(self.told) if self.told else Fraction(0)
        rated = {code: [each.mark for each in pool] for code, pool in self.pools.items() if code not in self.withheld}
        return {code: (drawn + sum(marks)) / (prior + len(marks)) for code, marks in rated.items() if marks}

    @cached_property
    def values(self) -> dict[str, str]:
        """The published values of those that are ranked."""
        return {code: decimal(value, 2) for code, value in self.exact.items() if self.missing(code) <= 0}

    def missing(self, code: str) -> int:
        """How many raters an organization lacks to the minimum."""
        return self.minimum - len(raters(self.pools[code]))

    def position(self, code: str) -> int | None:
        """1 for the best value, and for all that share it; the next one counts them all."""
        own = self.values.get(code)
        # Published values have all the same length, so texts compare as numbers.
        return None if own is None else 1 + sum(each > own for each in self.values.values())

    def rank(self, code: str, then: "Ranking | None" = None) -> dict[str, Any]:
        """What `RANK` selects of an organization, compared to an earlier ranking of the same set."""
        if code not in self.pools:
            nothing = dict.fromkeys(("position", "ratersMissing", "value", "previous", "change"))
            return {**nothing, "notRanked": "NOT_AMONG", "outOf": len(self.values), "tied": 0}
        position, previous = self.position(code), then.position(code) if then else None
        exact, values = self.exact.get(code), list(self.values.values())
        return {
            "position": position,
            "notRanked": None if position else "TOO_FEW_RATERS" if self.pools[code] else "NO_SUBMISSIONS",
            "ratersMissing": None if position or code in self.withheld else self.missing(code),
            "outOf": len(values),
            "tied": values.count(self.values[code]) if position else 0,
            "value": None if exact is None else decimal(exact, 2),
            "previous": previous,
            "change": previous - position if previous and position else None,
        }


def moved_most(then: Rated, now: Rated, criteria: Iterable[str], least: int = 1) -> dict[str, Any] | None:
    """What `MOVED_MOST` selects, of criteria that `least` scored; of those that moved as far, the first in order."""
    moved = []
    for code in criteria:
        before, today = ([each.scores[code] for each in pool if code in each.scores] for pool in (then, now))
        if min(len(before), len(today)) >= least and mean(before) != mean(today):
            moved.append((code, mean(before), mean(today)))
    if not moved:
        return None
    code, old, new = max(moved, key=lambda each: abs(each[2] - each[1]))
    sign = "-" if new < old and abs(new - old) >= Fraction(1, 200) else ""
    return {
        "criterion": {"code": code},
        "previous": decimal(old, 2),
        "value": decimal(new, 2),
        "change": sign + decimal(abs(new - old), 2),
    }


def mean(numbers: Collection[int] | Collection[Fraction]) -> Fraction:
    """The exact mean of some numbers."""
    return Fraction(sum(numbers)) / len(numbers)
