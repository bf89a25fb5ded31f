"""Rankings as the rules say, in exact fractions over raw scores: places, values, changes, and what moved them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

import psycopg
from psycopg.rows import class_row

from tests.oracle import decimal

# A selection of `Rank` that `Ranking.rank` answers, and one of `RankingEntry.movedMost` that `moved_most` does.
RANK = "position notRanked ratersMissing outOf tied value previous change"
MOVED_MOST = "criterion { code } previous value change"
VOICES = """
SELECT organization.code AS organization, rater_id AS rater, submitted_on AS day,
       ARRAY(SELECT criterion.code FROM questionnaire_criterion AS place JOIN criterion ON criterion.id = criterion_id
             WHERE place.questionnaire_id = submission.questionnaire_id ORDER BY position) AS criteria,
       submission.scores
FROM submission JOIN organization ON organization.id = organization_id WHERE status = 'COUNTED'"""


@dataclass(frozen=True)
class Voice:
    """A counted submission: what one rater gave one organization, on which day, criterion by criterion."""

    organization: str
    rater: int
    day: date
    criteria: Sequence[str]
    scores: Sequence[int | None]

    @property
    def given(self) -> dict[str, int]:
        """The scores by criterion, without those left out."""
        return {code: score for code, score in zip(self.criteria, self.scores, strict=True) if score is not None}

    @property
    def mark(self) -> Fraction:
        """The mean of the scores."""
        return mean(self.given.values())


def voices(url: str) -> list[Voice]:
    """All counted submissions of a database."""
    with psycopg.connect(url) as connection:
        return connection.cursor(row_factory=class_row(Voice)).execute(VOICES).fetchall()


@dataclass(frozen=True)
class Ranking:
    """A set of open organizations, each with the submissions that its scope counts. Without a prior, by the mean."""

    pools: Mapping[str, Sequence[Voice]]
    minimum: int = 5
    prior: int | None = None

    @cached_property
    def set_mean(self) -> Fraction:
        """The mean of the marks of the whole set; 0 where it has none."""
        marks = [each.mark for pool in self.pools.values() for each in pool]
        return mean(marks) if marks else Fraction(0)

    def exact(self, code: str) -> Fraction | None:
        """The value before it is rounded."""
        marks, prior = [each.mark for each in self.pools[code]], self.prior or 0
        return (prior * self.set_mean + sum(marks)) / (prior + len(marks)) if marks else None

    @cached_property
    def values(self) -> dict[str, str]:
        """The published values of those that are ranked."""
        exact = {code: self.exact(code) for code in self.pools if self.raters(code) >= self.minimum}
        return {code: decimal(value, 2) for code, value in exact.items() if value is not None}

    def raters(self, code: str) -> int:
        """How many distinct people stand behind an organization."""
        return len({each.rater for each in self.pools[code]})

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
        values, exact = self.values, self.exact(code)
        position, previous = self.position(code), then.position(code) if then else None
        return {
            "position": position,
            "notRanked": None if position else "TOO_FEW_RATERS" if self.pools[code] else "NO_SUBMISSIONS",
            "ratersMissing": None if position else self.minimum - self.raters(code),
            "outOf": len(values),
            "tied": list(values.values()).count(values[code]) if position else 0,
            "value": None if exact is None else decimal(exact, 2),
            "previous": previous,
            "change": previous - position if previous and position else None,
        }


def moved_most(before: Sequence[Voice], now: Sequence[Voice], criteria: Iterable[str]) -> dict[str, Any] | None:
    """What `MOVED_MOST` selects; of criteria that moved as far, the first in their order."""
    moved = []
    for code in criteria:
        then, today = ([each.given[code] for each in pool if code in each.given] for pool in (before, now))
        if then and today and mean(then) != mean(today):
            moved.append((code, mean(then), mean(today)))
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
