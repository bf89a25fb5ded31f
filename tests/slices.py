"""Slices and what is withheld of them, in plain Python over the submissions that `tests.oracle` has read."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.oracle import Country, Submission, rating

# Fewer raters than that are a small group.
LEAST = 5

Rated = Sequence[Submission]


@dataclass(frozen=True)
class Slice:
    """What a RatingSlice asks for; None for what it does not."""

    first: date | None = None
    last: date | None = None
    services: tuple[str, ...] | None = None
    channels: tuple[str, ...] | None = None
    kinds: tuple[str, ...] | None = None
    criteria: tuple[str, ...] | None = None
    verified: bool | None = None

    @property
    def input(self) -> dict[str, Any]:
        """As a variable of a query."""
        given = {
            "from": self.first and self.first.isoformat(),
            "to": self.last and self.last.isoformat(),
            "services": self.services,
            "channels": self.channels,
            "raterKinds": self.kinds,
            "criteria": self.criteria,
            "verified": self.verified,
        }
        return {name: value for name, value in given.items() if value is not None}

    @property
    def conditions(self) -> dict[str, "Condition"]:
        """Those that single people out beside dates, by what they are about."""
        found = {
            "service_id": Condition("service", self.services),
            "channel": Condition("channel", self.channels),
            "kind": Condition("kind", self.kinds),
            "verified": Condition("verified", None if self.verified is None else (self.verified,)),
        }
        return {name: condition for name, condition in found.items() if condition.wanted is not None}

    def has_day(self, day: date) -> bool:
        """Whether a date is within."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def fits(self, each: Submission) -> bool:
        """Whether service, channel, kind of rater and visit are those that are asked for."""
        return all(fits(each) for fits in self.conditions.values())

    def marked(self, said: Iterable[Submission]) -> list[Submission]:
        """Submissions with the scores that the slice counts, without those that have none of them."""
        if self.criteria is None:
            return list(said)
        return [chosen for each in said if (chosen := each.by(self.criteria)).scores]

    def counted(self, said: Iterable[Submission]) -> list[Submission]:
        """What the slice counts."""
        return [each for each in self.marked(said) if self.has_day(each.day) and self.fits(each)]

    @property
    def cut_months(self) -> set[date]:
        """The months, by their first days, of which the dates take in some days and leave others out."""
        edges = [day for day in (self.first, self.last) if day is not None]
        return {month_of(day) for day in edges if len({self.has_day(each) for each in days_of_month(day)}) == 2}


@dataclass(frozen=True)
class Condition:
    """That an attribute of a submission is one of those wanted."""

    attribute: str
    wanted: tuple[str | bool, ...] | None

    def __call__(self, each: Submission) -> bool:
        return self.wanted is None or getattr(each, self.attribute) in self.wanted


def rate(country: Country, said: Rated, slice_: Slice) -> dict[str, Any]:
    """The rating of a slice of what was said, as the API answers `tests.oracle.RATING`."""
    counted = slice_.counted(said)
    if is_withheld(said, slice_):
        return withheld(counted)
    return rating(counted, country.criteria, LEAST if slice_.conditions else 1)


def withheld(counted: Rated) -> dict[str, Any]:
    """What is told where nothing finer is."""
    nothing: dict[str, Any] = {
        "value": None,
        "raters": 0,
        "satisfaction": None,
        "withheld": True,
        "byCriterion": [],
        "marks": [],
    }
    return {"submissions": len(counted), **nothing}


def is_withheld(said: Rated, slice_: Slice) -> bool:
    """Whether a slice would tell of a small group, by itself or by what it leaves out."""
    counted, marked = slice_.counted(said), slice_.marked(said)
    if not counted:
        return False
    if (slice_.conditions or slice_.cut_months) and is_small(counted):
        return True
    for month in slice_.cut_months:
        whole = [each for each in marked if month_of(each.day) == month and slice_.fits(each)]
        if any(is_small([each for each in whole if slice_.has_day(each.day) is inside]) for inside in (True, False)):
            return True
    return bool(slice_.conditions) and singles_out([each for each in marked if slice_.has_day(each.day)], slice_)


def singles_out(said: Rated, slice_: Slice) -> bool:
    """Whether the conditions of a slice tell a small group of a period's from the rest."""
    if is_small([each for each in said if not slice_.fits(each)]):
        return True
    for name, fits in slice_.conditions.items():
        others = [other for about, other in slice_.conditions.items() if about != name]
        cells: dict[Hashable, list[Submission]] = defaultdict(list)
        for each in said:
            if all(other(each) for other in others):
                cells[getattr(each, name)].append(each)
        if len({fits(cells[key][0]) for key in hidden_cells(cells)}) == 2:
            return True
    return False


# Channels and kinds of raters in the order in which the database has them.
ORDER = ["IN_PERSON", "ONLINE", "PHONE", "POST", "PERSON", "BUSINESS"]


def hidden_cells(cells: dict[Any, list[Submission]]) -> set[Any]:
    """The small cells, and the next smallest one where all those together are still a small group."""
    small = {key for key, said in cells.items() if is_small(said)}
    others = sorted(set(cells) - small, key=lambda key: (len(raters(cells[key])), _place(key)))
    if is_small([each for key in small for each in cells[key]]):
        small |= set(others[:1])
    return small


def _place(key: Any) -> tuple[bool, Any]:
    # Who named no channel or no service (an id of 0) comes last.
    nothing = key is None or key == 0
    return nothing, 0 if nothing else ORDER.index(key) if isinstance(key, str) else key


def is_small(said: Rated) -> bool:
    """Whether some, but few people said it."""
    return 1 <= len(raters(said)) < LEAST


def raters(said: Rated) -> set[int]:
    """Who said it."""
    return {each.rater for each in said}


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def days_of_month(day: date) -> list[date]:
    """All days of its month."""
    return [month_of(day) + timedelta(days=number) for number in range(monthrange(day.year, day.month)[1])]
