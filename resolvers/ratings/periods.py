"""Periods: the dates of a slice as whole months and the days of the months that they cut.

All dates are bound anew at every request. Where one is known to cut no month, as it mostly does, there is no
edge, and a plan for such dates alone. Elsewhere whether a month is cut is for the bound values to say: a condition on
them alone is tested before anything is read, so what a request has no days for costs it little.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Boolean, Date, and_, false, or_
from sqlalchemy.sql.elements import ColumnElement

from engine.meanings.arguments import Argument, Arguments
from models.errors import InputError
from resolvers.ratings.slices import Slice

Day = ColumnElement[date]
# What a date belongs to, under a name.
Point = Callable[[Day], ColumnElement[Any]]
Conditions = tuple[ColumnElement[bool], ...]


@dataclass(frozen=True)
class Edge:
    """A month that a period may cut: whether it does; its days inside of the period; all its days.

    `bounds` is true of days, from the one to the other, that begin or end with the period there.
    """

    is_cut: ColumnElement[bool]
    inside: Callable[[Day], Conditions]
    month: Callable[[Day], Conditions]
    bounds: Callable[[Day, Day], ColumnElement[bool]]


@dataclass(frozen=True)
class Period:
    """The dates from `first` to `last`, inclusive, either of which may be open."""

    first: Argument | None
    last: Argument | None

    @classmethod
    def of(cls, slice_: Slice) -> "Period":
        """The dates of a slice."""
        return cls(slice_.first, slice_.last)

    def months(self, month: Day) -> Conditions:
        """True for the whole months of the period, by their first days."""
        after = () if self.first is None else (month >= self.first.map(first_whole_month, Date()).sql,)
        return (*after, *(() if self.last is None else (month < self.last.map(month_cut_last, Date()).sql,)))

    def days(self, day: Day) -> Conditions:
        """True for the dates of the period."""
        after = () if self.first is None else (day >= self.first.sql,)
        return (*after, *(() if self.last is None else (day <= self.last.sql,)))

    def touched(self, day: Day) -> Conditions:
        """True for the dates of all months that have a date of the period."""
        after = () if self.first is None else (day >= self.first.map(month_of, Date()).sql,)
        return (*after, *(() if self.last is None else (day < self.last.map(next_month, Date()).sql,)))

    @property
    def edges(self) -> tuple[Edge, ...]:
        """The month that the first date may cut, and the one that the last may, if it is another one.

        Without edges it is made of whole months, whatever the dates.
        """
        return (*self._left(), *self._right())

    @property
    def is_cut(self) -> ColumnElement[bool]:
        """True where the period is not made of whole months."""
        return or_(false(), *(edge.is_cut for edge in self.edges))

    def _left(self) -> tuple[Edge, ...]:
        if self.first is None or self.first.holds(begins_a_month):
            return ()
        first = self.first.sql
        begin, end = self.first.map(month_of, Date()).sql, self.first.map(first_whole_month, Date()).sql
        last = () if self.last is None else (self.last.sql,)
        return (
            Edge(
                self.first.map(lambda day: not begins_a_month(day), Boolean()).sql,
                lambda day: (day >= first, day < end, *(day <= each for each in last)),
                lambda day: (day >= begin, day < end),
                lambda since, until: since == first,
            ),
        )

    def _right(self) -> tuple[Edge, ...]:
        if self.last is None or self.last.holds(ends_a_month):
            return ()
        last = self.last.sql
        begin, end = self.last.map(month_cut_last, Date()).sql, self.last.map(next_month, Date()).sql
        # Both dates may lie in one month, which the first one has cut already.
        another = () if self.first is None else (begin >= self.first.map(first_whole_month, Date()).sql,)
        is_cut = and_(self.last.map(lambda day: not ends_a_month(day), Boolean()).sql, *another)
        return (
            Edge(
                is_cut,
                lambda day: (day >= begin, day <= last),
                lambda day: (day >= begin, day < end),
                lambda since, until: until == last,
            ),
        )


def whole_months(day: Day, a: Arguments) -> Conditions:
    """True for the dates of the months from the argument `from` to `to`: what is counted by months, and no finer."""
    begins, ends = _checked("from", begins_a_month), _checked("to", ends_a_month)
    after = () if a.from_ is None else (day >= a.from_.map(begins, Date()).sql,)
    return (*after, *(() if a.to is None else (day <= a.to.map(ends, Date()).sql,)))


def _checked(name: str, fits: Callable[[date], bool]) -> Callable[[date], date]:
    def check(day: date) -> date:
        if not fits(day):
            raise InputError(name, "must be the first or the last day of a month: this is counted by whole months")
        return day

    return check


def month_of(day: date) -> date:
    """The first day of a date's month."""
    return day.replace(day=1)


def next_month(day: date) -> date:
    """The first day of the month after a date's; at the end of the calendar, its last day."""
    if (day.year, day.month) == (date.max.year, date.max.month):
        return date.max
    return month_of(month_of(day) + timedelta(days=31))


def begins_a_month(day: date) -> bool:
    """Whether a date is the first of its month."""
    return day.day == 1


def ends_a_month(day: date) -> bool:
    """Whether a date is the last of its month."""
    return day == date.max or (day + timedelta(days=1)).day == 1


def first_whole_month(day: date) -> date:
    """The first day of the first month that begins on a date or later."""
    return day if begins_a_month(day) else next_month(day)


def month_cut_last(day: date) -> date:
    """The first day of the month that a last date cuts, or of the one after it where it cuts none."""
    return next_month(day) if ends_a_month(day) else month_of(day)
