"""Bursts: many submissions of one organization in one day, against its own habit."""

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, FromClause, Integer, Select, cast, func, select
from sqlalchemy.sql.elements import ColumnElement

from models.submissions import SubmissionStatus
from resolvers.integrity.judging import (
    DEVIATIONS,
    UNITS,
    FindingNumberName,
    Measure,
    Period,
    Scene,
    Suspects,
    count,
    deviations,
    once,
    ratio,
    submissions,
)

IN_A_DAY = 10
# Whole weeks, so that every day of the week counts as often.
HABIT_DAYS = 364


def bursts(scene: Scene) -> Suspects:
    """Days with many submissions, beside what the 364 days before let expect of a day.

    An organization that was rated first less than 364 days before has a habit of so many days
    less. One is added to the submissions before: what never happened may happen.
    """
    day = _habits(scene).subquery()
    busy = day.c.number >= IN_A_DAY, day.c.first >= scene.period.first
    found = once(select(day, _days_known(day).label("days")).where(*busy))
    part, whole = found.c.before + 1, found.c.days
    return Suspects(
        found,
        (
            Measure(FindingNumberName.CONCERNED, count(found.c.number), IN_A_DAY * UNITS),
            Measure(FindingNumberName.HABIT_SUBMISSIONS, count(found.c.before)),
            Measure(FindingNumberName.HABIT_DAYS, count(whole)),
            Measure(FindingNumberName.EXPECTED, ratio(part, whole)),
            Measure(FindingNumberName.DEVIATIONS, deviations(found.c.number, part, whole), DEVIATIONS),
        ),
    )


def _habits(scene: Scene) -> Select[Any]:
    """The days of organizations that had a busy one: how many submissions, and in the 364 days before."""
    day = _days(scene).subquery()
    before = func.sum(day.c.number).over(
        partition_by=day.c.organization_id, order_by=_number(day.c.day), range_=(-HABIT_DAYS, -1)
    )
    return select(
        day.c.organization_id,
        day.c.day.label("first"),
        day.c.day.label("last"),
        day.c.number,
        cast(func.coalesce(before, 0), BigInteger).label("before"),
    )


def _days(scene: Scene) -> Select[Any]:
    s, period = submissions(), scene.period
    with_habit = Period(period.first - HABIT_DAYS, period.last)
    return (
        select(s.c.organization_id, s.c.submitted_on.label("day"), func.count().label("number"))
        .where(*with_habit.counted(s), s.c.organization_id.in_(_busy(scene)))
        .group_by(s.c.organization_id, s.c.submitted_on)
    )


def _busy(scene: Scene) -> Select[Any]:
    """Organizations with a day that could be a burst: only of those is the habit worth counting."""
    s = submissions()
    return (
        select(s.c.organization_id)
        .where(*scene.counted(s), scene.looks_at(s.c.organization_id))
        .group_by(s.c.organization_id, s.c.submitted_on)
        .having(func.count() >= IN_A_DAY)
    )


def _number(day: ColumnElement[date]) -> ColumnElement[int]:
    """A date as a whole number, which a window can count back from."""
    return cast(day - date(2000, 1, 1), Integer)


def _days_known(day: FromClause) -> ColumnElement[int]:
    """For how many days before the organization has been rated, 1 to 364."""
    s = submissions()
    beginning = (
        select(func.min(s.c.submitted_on))
        .where(s.c.organization_id == day.c.organization_id, s.c.status == SubmissionStatus.COUNTED)
        .correlate(day)
        .scalar_subquery()
    )
    return cast(func.least(HABIT_DAYS, func.greatest(day.c.first - beginning, 1)), Integer)
