"""Reviews of the demo country, counted from the raw rows in plain Python, by nothing that the portal repeats or adds up."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, LiteralString

import psycopg
from psycopg.rows import class_row

# What of a loop is asked of its own tables.
REVIEWS: LiteralString = """
SELECT submission_id AS key, organization.code AS organization, submission.submitted_on AS day,
       submission.status::text AS status, review.state::text AS state, review.masked,
       (SELECT min(seen_on) FROM review_reading AS step WHERE step.submission_id = review.submission_id) AS seen,
       (SELECT min(written_on) FROM reply AS step WHERE step.submission_id = review.submission_id) AS answered,
       (SELECT count(*) FROM measure AS step WHERE step.submission_id = review.submission_id) AS measures,
       (SELECT bool_and(settled) FROM settlement AS step WHERE step.submission_id = review.submission_id) AS settled,
       closed_on IS NULL OR closed_on > (now() AT TIME ZONE 'Europe/Minsk')::date AS open
FROM review JOIN submission ON submission.id = submission_id JOIN organization ON organization.id = submission.organization_id
ORDER BY submission.submitted_on DESC, submission_id DESC"""
PARENTS: LiteralString = """
SELECT child.code, parent.code FROM organization_position JOIN organization AS child ON child.id = organization_id
LEFT JOIN organization AS parent ON parent.id = parent_id WHERE hierarchy = %s::hierarchy"""
TODAY: LiteralString = "SELECT (now() AT TIME ZONE 'Europe/Minsk')::date"
# The demo's policies, since ever.
SEEN_DAYS, REPLY_DAYS = timedelta(days=7), timedelta(days=15)


@dataclass(frozen=True)
class Said:
    """A review, and what became of it."""

    key: int
    organization: str
    day: date
    status: str
    state: str
    masked: str | None
    seen: date | None
    answered: date | None
    measures: int
    settled: bool | None
    open: bool

    @property
    def is_public(self) -> bool:
        return (self.status, self.state) == ("COUNTED", "PUBLISHED")

    @property
    def waits(self) -> bool:
        """Whether somebody has to see and to answer it."""
        return self.status == "COUNTED" and self.state != "HIDDEN" and self.open


class Voices:
    """All that was said in a country."""

    def __init__(self, url: str) -> None:
        self._url = url

    @cached_property
    def all(self) -> Sequence[Said]:
        """Every review, the latest first."""
        with psycopg.connect(self._url) as connection:
            return connection.cursor(row_factory=class_row(Said)).execute(REVIEWS).fetchall()

    @cached_property
    def today(self) -> date:
        with psycopg.connect(self._url) as connection:
            ((day,),) = connection.execute(TODAY).fetchall()
        found: date = day
        return found

    def below(self, top: str, hierarchy: str) -> set[str]:
        """An organization and all below it."""
        with psycopg.connect(self._url) as connection:
            parents: Mapping[str, str | None] = dict(connection.execute(PARENTS, [hierarchy]).fetchall())

        def leads(code: str | None) -> bool:
            return code is not None and (code == top or leads(parents.get(code)))

        return {top, *(code for code in parents if leads(code))}

    def counts(self, organizations: set[str], asked: Callable[[Said], bool] = lambda each: True) -> dict[str, int]:
        """`reviewCounts` of an official of these organizations, for what is asked for."""
        theirs = [e for e in self.all if e.organization in organizations and e.status != "WITHDRAWN" and asked(e)]
        states = ("PENDING", "PUBLISHED", "HIDDEN", "PRIVATE")
        return {
            "total": len(theirs),
            **{state.lower(): sum(each.state == state for each in theirs) for state in states},
            "masked": sum(each.masked is not None for each in theirs),
            "unseen": sum(each.seen is None for each in theirs),
            "seenLate": sum(self.is_seen_late(each) for each in theirs),
            "unanswered": sum(each.answered is None for each in theirs),
            "overdue": sum(self.is_overdue(each) for each in theirs),
        }

    def is_seen_late(self, each: Said) -> bool:
        due = each.day + SEEN_DAYS
        return each.seen > due if each.seen else each.waits and due < self.today

    def is_overdue(self, each: Said) -> bool:
        return each.answered is None and each.waits and each.day + REPLY_DAYS < self.today

    def figures(self, organizations: set[str], days: tuple[date, date]) -> dict[str, Any]:
        """`responsiveness` of these organizations over some days."""
        first, last = days
        theirs = [
            each
            for each in self.all
            if each.organization in organizations
            and first <= each.day <= last
            and (each.status, each.state == "HIDDEN") == ("COUNTED", False)
        ]
        took = sorted(self._days(theirs))
        return {
            "reviews": len(theirs),
            "seen": sum(each.seen is not None for each in theirs),
            "answered": len(took),
            "answeredInTime": sum(each <= REPLY_DAYS.days for each in took),
            "overdue": sum(self.is_overdue(each) for each in theirs),
            "medianDays": took[(len(took) - 1) // 2] if took else None,
            "actedOn": sum(each.measures > 0 for each in theirs),
            "settled": sum(each.settled is True for each in theirs),
            "unsettled": sum(each.settled is False for each in theirs),
        }

    @staticmethod
    def _days(theirs: Iterable[Said]) -> list[int]:
        return [(each.answered - each.day).days for each in theirs if each.answered]
