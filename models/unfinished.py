"""Unfinished submissions: what somebody has filled in of a form, kept for a day for nobody but them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    Enum,
    ForeignKey,
    Identity,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.organizations import Organization
from models.questionnaires import Questionnaire
from models.raters import Account
from models.submissions import Channel, EmployeeMentionKind


class UnfinishedSubmission(Base):
    """One for an account and an organization. `scores` and `answers` are as an input has them, whether they fit or not.

    The name of an employee is not in it: that is kept in one place. Whether they are praised is.
    """

    __tablename__ = "unfinished_submission"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"))
    organization_id: Mapped[int] = mapped_column(ForeignKey(Organization.id))
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey(Questionnaire.id))
    service: Mapped[str | None] = mapped_column(Text)
    channel: Mapped[Channel | None] = mapped_column(Enum(Channel, name="channel"))
    visited_on: Mapped[date | None] = mapped_column(Date)
    scores: Mapped[list[Any]] = mapped_column(JSONB)
    answers: Mapped[list[Any]] = mapped_column(JSONB)
    comment: Mapped[str | None] = mapped_column(Text)
    publish_comment: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
    placement: Mapped[str | None] = mapped_column(Text)
    employee_mention: Mapped[EmployeeMentionKind | None] = mapped_column(
        Enum(EmployeeMentionKind, name="employee_mention_kind")
    )
    saved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("clock_timestamp()"))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        UniqueConstraint("account_id", "organization_id"),
        CheckConstraint("jsonb_typeof(scores) = 'array' AND jsonb_typeof(answers) = 'array'", name="holds_lists"),
        Index(None, "expires_at"),
    )
