"""Policies: the numbers of the rules, as data with dates."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, DateTime, Enum, Integer, Text, cast, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import TypeEngine

from models.base import Base


class PolicyName(enum.Enum):
    """What is decided by policy. Units stand in the names."""

    MIN_RATERS = "MIN_RATERS"
    REPEAT_INTERVAL_HOURS = "REPEAT_INTERVAL_HOURS"
    SATISFACTION_MARK = "SATISFACTION_MARK"
    SMALL_GROUP_RATERS = "SMALL_GROUP_RATERS"
    QUESTIONNAIRE_GRACE_HOURS = "QUESTIONNAIRE_GRACE_HOURS"
    CONFLICT_MONTHS = "CONFLICT_MONTHS"
    EMPLOYEE_RETENTION_MONTHS = "EMPLOYEE_RETENTION_MONTHS"
    TIME_ZONE = "TIME_ZONE"
    CREDIBLE_PRIOR = "CREDIBLE_PRIOR"
    INVITATION_DAYS = "INVITATION_DAYS"
    SEEN_DAYS = "SEEN_DAYS"
    REPLY_DAYS = "REPLY_DAYS"


@dataclass(frozen=True)
class Rule:
    """What a policy decides, in which unit, and from which to which whole number; a time zone has no numbers."""

    decides: str
    unit: str
    least: int | None = None
    most: int | None = None


RULES: Mapping[PolicyName, Rule] = {
    PolicyName.MIN_RATERS: Rule("How many raters an organization needs to be ranked.", "raters", 1, 1000),
    PolicyName.REPEAT_INTERVAL_HOURS: Rule(
        "How long after a submission its rater may submit for the same organization again.", "hours", 0, 8760
    ),
    PolicyName.SATISFACTION_MARK: Rule(
        "From which mark on a submission counts as satisfied: by the value of the moment when it was submitted.",
        "mark",
        1,
        5,
    ),
    PolicyName.SMALL_GROUP_RATERS: Rule(
        "Behind how few raters a fine slice is withheld from the public: fewer than so many.", "raters", 1, 1000
    ),
    PolicyName.QUESTIONNAIRE_GRACE_HOURS: Rule(
        "How long a questionnaire that was replaced may still be submitted.", "hours", 0, 8760
    ),
    PolicyName.CONFLICT_MONTHS: Rule(
        "How long after a role has ended its holder may not rate there, above or below.", "months", 0, 120
    ),
    PolicyName.EMPLOYEE_RETENTION_MONTHS: Rule(
        "How long the name of an employee in a submission is kept: by the value of the day of the submission.",
        "months",
        1,
        120,
    ),
    PolicyName.CREDIBLE_PRIOR: Rule(
        "How many submissions with the set's mean stand beside an organization's own in the method CREDIBLE.",
        "submissions",
        0,
        100_000,
    ),
    PolicyName.INVITATION_DAYS: Rule(
        "How long a link that asks to rate a rendered service is good for.", "days", 1, 365
    ),
    PolicyName.SEEN_DAYS: Rule(
        "Within how many days after a review its head is to have seen it: by the value of the moment of the submission.",
        "days",
        1,
        365,
    ),
    PolicyName.REPLY_DAYS: Rule(
        "Within how many days after a review it is to be answered: by the value of the moment of the submission.",
        "days",
        1,
        365,
    ),
    PolicyName.TIME_ZONE: Rule(
        "In which time zone moments have their dates. Submissions keep the dates that they have.", "IANA time zone"
    ),
}


class Policy(Base):
    """The value of a policy from a moment on, until a later row replaces it.

    Rows that have begun never change: a trigger sees to it.
    """

    __tablename__ = "policy"

    name: Mapped[PolicyName] = mapped_column(Enum(PolicyName, name="policy_name"), primary_key=True)
    valid_from: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)


def whole(name: PolicyName) -> ColumnElement[int]:
    """The value of a whole-number policy at the moment of the statement."""
    return cast(func.policy_value(literal(name, Enum(PolicyName, name="policy_name"))), Integer)


def whole_on(name: PolicyName, day: ColumnElement[date]) -> ColumnElement[int]:
    """The value of a whole-number policy at the end of a date, for many rows: its values are looked up once."""
    p = Policy.__table__.alias()

    def listed(each: ColumnElement[Any], type_: TypeEngine[Any]) -> Any:
        every = func.array_agg(aggregate_order_by(each, p.c.valid_from), type_=ARRAY(type_))
        return select(every).where(p.c.name == name).scalar_subquery()

    moments = listed(p.c.valid_from, DateTime(timezone=True))
    values = listed(cast(p.c.value, Integer), Integer())
    zone = select(words(PolicyName.TIME_ZONE)).scalar_subquery()
    ends = func.timezone(zone, cast(day + literal(1), DateTime()))
    found: ColumnElement[int] = values[func.width_bucket(ends, moments)]
    return found


def words(name: PolicyName) -> ColumnElement[str]:
    """The value of a textual policy at the moment of the statement."""
    value = func.policy_value(literal(name, Enum(PolicyName, name="policy_name")), type_=JSONB)
    # The empty path takes the text out of a JSON string.
    return value.op("#>>", return_type=Text())(literal_column("'{}'"))
