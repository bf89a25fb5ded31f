"""Policies: the numbers of the rules, as data with dates."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Enum, Integer, Text, cast, func, literal, literal_column
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.elements import ColumnElement

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


class Policy(Base):
    """The value of a policy from a moment on, until a later row replaces it."""

    __tablename__ = "policy"

    name: Mapped[PolicyName] = mapped_column(Enum(PolicyName, name="policy_name"), primary_key=True)
    valid_from: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)


def whole(name: PolicyName) -> ColumnElement[int]:
    """The value of a whole-number policy at the moment of the statement."""
    return cast(func.policy_value(literal(name, Enum(PolicyName, name="policy_name"))), Integer)


def words(name: PolicyName) -> ColumnElement[str]:
    """The value of a textual policy at the moment of the statement."""
    value = func.policy_value(literal(name, Enum(PolicyName, name="policy_name")), type_=JSONB)
    # The empty path takes the text out of a JSON string.
    return value.op("#>>", return_type=Text())(literal_column("'{}'"))
