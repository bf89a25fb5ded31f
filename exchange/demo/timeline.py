"""The demo's six years. Nothing here or anywhere in the demo depends on today's date."""

from datetime import date, timedelta
from itertools import accumulate

FIRST = date(2020, 11, 16)
LAST = date(2026, 11, 15)
DAYS = (LAST - FIRST).days + 1
# Submissions are made a slice of time at a time, so that rows lie in the table as they would
# have come in, and memory holds one slice only.
SLICES = 24
# The portal's time zone has been three hours ahead all these years.
OFFSET = "+03"


def slice_days(number: int) -> range:
    """The days, counted from the first, of a slice."""
    return range(DAYS * number // SLICES, DAYS * (number + 1) // SLICES)


def day(number: int) -> date:
    """The date of a day counted from the first."""
    return FIRST + timedelta(days=number)


def number_of(wanted: date) -> int:
    """The reverse of `day`."""
    return (wanted - FIRST).days


def _busyness(number: int) -> float:
    weekday = day(number).weekday()
    growth = 0.5 + number / DAYS
    return growth * (1.0 if weekday < 5 else 0.45)


BUSYNESS = [_busyness(number) for number in range(DAYS)]
# What share of all submissions came before each slice; the last place is 1.
SHARES = [0.0, *accumulate(sum(BUSYNESS[i] for i in slice_days(k)) / sum(BUSYNESS) for k in range(SLICES))]
SHARES[-1] = 1.0
