"""What a rule is made of: numbers, of which some have a threshold, and a verdict that is nothing else.

A finding is made where every number that has a threshold reaches it. Numbers are whole numbers of
1/10000, rounded down; so are the published ones, and whoever reads them comes to the same verdict.
"""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Enum,
    FromClause,
    Integer,
    Numeric,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import CTE

from models.submissions import Channel, Submission, SubmissionStatus

UNITS = 10_000
CHANNEL = Enum(Channel, name="channel")
# Millions of counts are looked at, and chance passes this limit about once in a billion. Small
# expectations are skew, and pass it more often; there the rules' least numbers hold.
DEVIATIONS = 6 * UNITS


class IntegrityRule(enum.Enum):
    """The rules by which findings are made."""

    BURST = "BURST"
    ONE_CHANNEL = "ONE_CHANNEL"
    ONE_HOUR = "ONE_HOUR"
    EXTREME_SCORES = "EXTREME_SCORES"
    IDENTICAL_TEXTS = "IDENTICAL_TEXTS"
    COPIED_TEXTS = "COPIED_TEXTS"
    NEW_ACCOUNTS = "NEW_ACCOUNTS"


class FindingUnit(enum.Enum):
    """In what a number of a finding is told."""

    COUNT = "COUNT"
    SHARE = "SHARE"
    TIMES = "TIMES"
    DEVIATIONS = "DEVIATIONS"
    DAYS = "DAYS"
    CHARACTERS = "CHARACTERS"


class FindingNumberName(enum.Enum):
    """The numbers that explain findings."""

    SUBMISSIONS = "SUBMISSIONS"
    CONCERNED = "CONCERNED"
    SHARE = "SHARE"
    EXPECTED = "EXPECTED"
    TIMES = "TIMES"
    DEVIATIONS = "DEVIATIONS"
    PEER_SUBMISSIONS = "PEER_SUBMISSIONS"
    PEER_CONCERNED = "PEER_CONCERNED"
    HABIT_SUBMISSIONS = "HABIT_SUBMISSIONS"
    HABIT_DAYS = "HABIT_DAYS"
    TEXT_LENGTH = "TEXT_LENGTH"
    REVIEWS = "REVIEWS"
    RATERS = "RATERS"
    ORGANIZATIONS = "ORGANIZATIONS"
    ACCOUNTS = "ACCOUNTS"
    ACCOUNTS_OF_THE_DAY = "ACCOUNTS_OF_THE_DAY"


# Whatever is not named here is a count.
UNIT_OF: Mapping[FindingNumberName, FindingUnit] = {
    FindingNumberName.SHARE: FindingUnit.SHARE,
    FindingNumberName.TIMES: FindingUnit.TIMES,
    FindingNumberName.DEVIATIONS: FindingUnit.DEVIATIONS,
    FindingNumberName.HABIT_DAYS: FindingUnit.DAYS,
    FindingNumberName.TEXT_LENGTH: FindingUnit.CHARACTERS,
}


@dataclass(frozen=True)
class Measure:
    """A number in 1/10000, rounded down, and how much of it makes a finding, if that is asked at all."""

    name: FindingNumberName
    value: ColumnElement[int]
    least: int | None = None


@dataclass(frozen=True)
class Period:
    """The dates of submission that are looked at, both inclusive; `last` is None for up to now."""

    first: ColumnElement[date]
    last: ColumnElement[date] | None

    def counted(self, s: FromClause) -> tuple[ColumnElement[bool], ...]:
        """What a submission's row must be: counted, and of the period."""
        since = (s.c.status == SubmissionStatus.COUNTED, s.c.submitted_on >= self.first)
        # Without a bound the planner knows that there is none: today is a date like any other to it.
        return since if self.last is None else (*since, s.c.submitted_on <= self.last)


@dataclass(frozen=True)
class Scene:
    """Where to look: organizations whose findings are asked for and may be seen, and the period.

    `organizations` has the column `id`; `is_little` is true where a part of the country is asked
    for, or no more than a year. `accounts` are the conditions of seeing what accounts tell.
    """

    organizations: FromClause
    is_little: bool
    period: Period
    accounts: tuple[ColumnElement[bool], ...]

    def counted(self, s: FromClause) -> tuple[ColumnElement[bool], ...]:
        """The submissions of the period, of the whole country; none where nothing may be seen, at no cost."""
        anything = select(self.organizations.c.id).exists().correlate_except(self.organizations)
        return (anything, *self.period.counted(s))

    def looks_at(self, organization_id: ColumnElement[int]) -> ColumnElement[bool]:
        """Whether an organization's findings are asked for and may be seen."""
        return self.is_among(organization_id, select(self.organizations.c.id))

    def is_among(self, organization_id: ColumnElement[int], ids: Select[Any]) -> ColumnElement[bool]:
        """Whether an organization is one of some.

        Few submissions are found by their index, one organization after the other. Many are read
        as they lie: the planner, which takes them for few, cannot join what is a test (IS TRUE).
        """
        found = organization_id.in_(ids)
        return found if self.is_little else found.is_(true())


@dataclass(frozen=True)
class Suspects:
    """What a rule looks at: rows with `organization_id`, `first` and `last` day, and their numbers.

    `subject` tells two of the same organization and days apart. `channel`, `hour` and `score` are
    told of rules that are about one.
    """

    rows: FromClause
    measures: Sequence[Measure]
    subject: ColumnElement[Any] = field(default_factory=lambda: literal(""))
    channel: ColumnElement[Any] = field(default_factory=lambda: cast(null(), CHANNEL))
    hour: ColumnElement[Any] = field(default_factory=lambda: cast(null(), Integer))
    score: ColumnElement[Any] = field(default_factory=lambda: cast(null(), Integer))


def finding(rule: IntegrityRule, found: Suspects) -> Select[Any]:
    """The findings of a rule: those whose numbers reach all thresholds."""
    rows, measures = found.rows, found.measures
    reached = [each.value >= each.least for each in measures if each.least is not None]
    named = literal(rule.value)
    identity = (named, rows.c.organization_id, found.subject, rows.c.first, rows.c.last)
    return select(
        named.label("rule"),
        rows.c.organization_id,
        rows.c.first,
        rows.c.last,
        found.channel.label("channel"),
        found.hour.label("hour"),
        found.score.label("score"),
        _array([literal(each.name.value) for each in measures], Text()).label("names"),
        _array([each.value for each in measures], BigInteger()).label("values"),
        _array([_threshold(each) for each in measures], BigInteger()).label("thresholds"),
        func.md5(func.concat_ws("/", *identity), type_=Text()).label("key"),
    ).where(and_(*reached))


def _threshold(measure: Measure) -> ColumnElement[Any]:
    return null() if measure.least is None else literal(measure.least)


def _array(values: Sequence[ColumnElement[Any]], type_: Any) -> ColumnElement[Any]:
    return cast(array(values), ARRAY(type_))


def count(number: ColumnElement[int]) -> ColumnElement[int]:
    """A whole number in 1/10000."""
    return cast(number, BigInteger) * UNITS


def ratio(part: ColumnElement[int], whole: ColumnElement[int]) -> ColumnElement[int]:
    """A quotient of whole numbers above 0 in 1/10000, rounded down."""
    return cast(func.div(cast(part, Numeric) * UNITS, whole), BigInteger)


def deviations(seen: ColumnElement[int], part: ColumnElement[int], whole: ColumnElement[int]) -> ColumnElement[int]:
    """How far a count lies above its expectation e = part / whole: (seen - e) / sqrt(e), 0 where it does not.

    In 1/10000, rounded down to hundredths. The standard deviation of a Poisson variable is the
    square root of its mean; with limits at so many of them this is the control chart for counts
    (NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.3.1). The root is taken of a whole number
    of at most a dozen digits, of which PostgreSQL's has no rounding error that would show.
    """
    over, e = cast(seen, Numeric) * whole - part, cast(part, Numeric) * whole
    hundredths = func.floor(func.sqrt(func.div(10_000 * over * over, e)))
    return case((over > 0, cast(hundredths, BigInteger) * (UNITS // 100)), else_=literal(0, BigInteger()))


def submissions() -> Any:
    """A row of the table of submissions."""
    return Submission.__table__.alias()


def once(query: Select[Any]) -> CTE:
    """The rows of a query, worked out once however often their columns are read."""
    return query.cte().prefix_with("MATERIALIZED", dialect="postgresql")
