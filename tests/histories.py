"""Histories in plain Python: intervals of the calendar, and what is withheld of them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from tests.oracle import Country, Submission, rating
from tests.slices import LEAST, Rated, Slice, hidden_cells, is_small, is_withheld, month_of, singles_out, withheld

DAY = timedelta(days=1)


def history(country: Country, said: Rated, slice_: Slice, interval: str, today: date) -> list[dict[str, Any]]:
    """The points of a history as the API answers them."""
    if slice_.first is None and not said:
        return []
    first = slice_.first or min(each.day for each in said)
    hidden = hidden_points(said, slice_, interval) if is_fine(interval) else set()
    months: dict[date, list[Submission]] = defaultdict(list)
    for each in said:
        months[month_of(each.day)].append(each)
    points = []
    for begin, end in intervals(interval, first, slice_.last or today):
        begins, ends = max(begin, slice_.first or begin), min(end, slice_.last or end)
        part = replace(slice_, first=begins, last=ends)
        # Nothing outside of these months has to do with it.
        around = [each for month in sorted({month_of(day) for day in days(begins, ends)}) for each in months[month]]
        rated = _rating(country, around, part, interval, is_hidden=begin in hidden)
        points.append({"from": begins.isoformat(), "to": ends.isoformat(), "rating": rated})
    return points


def is_fine(interval: str) -> bool:
    """Whether intervals are not made of whole months."""
    return interval in ("DAY", "WEEK")


def intervals(interval: str, first: date, last: date) -> Iterator[tuple[date, date]]:
    """The first and the last day of each interval that has a date of a period, day by day."""
    day = begin_of(interval, first)
    while day <= last:
        end = day
        while begin_of(interval, end + DAY) == day:
            end += DAY
        yield day, end
        day = end + DAY


def days(first: date, last: date) -> Iterator[date]:
    """Each date of a period."""
    return (first + number * DAY for number in range((last - first).days + 1))


def begin_of(interval: str, day: date) -> date:
    """The first day of the interval that a date belongs to."""
    return {
        "DAY": day,
        "WEEK": day - timedelta(days=day.weekday()),
        "MONTH": month_of(day),
        "QUARTER": date(day.year, (day.month - 1) // 3 * 3 + 1, 1),
        "YEAR": date(day.year, 1, 1),
    }[interval]


def hidden_points(said: Rated, slice_: Slice, interval: str) -> set[date]:
    """Days or weeks that few rated on, and those that these could be told from, by their first days."""
    edges = [month_of(day) for day in (slice_.first, slice_.last) if day is not None]
    months: dict[date, dict[date | None, list[Submission]]] = defaultdict(lambda: defaultdict(list))
    for each in slice_.marked(said):
        if slice_.fits(each) and (slice_.has_day(each.day) or month_of(each.day) in edges):
            point = begin_of(interval, each.day) if slice_.has_day(each.day) else None
            months[month_of(point or each.day)][point].append(each)
    return {point for cells in months.values() for point in hidden_cells(cells) if point is not None}


def _rating(country: Country, said: Rated, part: Slice, interval: str, *, is_hidden: bool) -> dict[str, Any]:
    counted = part.counted(said)
    if counted and (is_hidden or _is_withheld(said, part, interval)):
        return withheld(counted)
    return rating(counted, country.criteria, LEAST if part.conditions else 1)


def _is_withheld(said: Rated, part: Slice, interval: str) -> bool:
    if not is_fine(interval):
        return is_withheld(said, part)
    then = [each for each in part.marked(said) if part.has_day(each.day)]
    return bool(part.conditions) and (is_small(part.counted(said)) or singles_out(then, part))
