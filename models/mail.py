"""Mail: what is to be sent, written in the transaction that is the reason for it."""

import enum
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Enum, Identity, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class MailKind(enum.Enum):
    """Why somebody is written to."""

    REGISTRATION = "REGISTRATION"
    ALREADY_REGISTERED = "ALREADY_REGISTERED"
    PASSWORD_RESET = "PASSWORD_RESET"  # noqa: S105 - the name of a kind
    NO_ACCOUNT = "NO_ACCOUNT"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105 - the name of a kind
    ERASED = "ERASED"
    IDENTITY_LINKED = "IDENTITY_LINKED"
    IDENTITY_UNLINKED = "IDENTITY_UNLINKED"
    REVIEW_SEEN = "REVIEW_SEEN"
    REVIEW_ANSWERED = "REVIEW_ANSWERED"
    REPLY_EDITED = "REPLY_EDITED"
    MEASURE_RECORDED = "MEASURE_RECORDED"
    COMPLAINT_DECIDED = "COMPLAINT_DECIDED"
    EMAIL_CHANGE = "EMAIL_CHANGE"
    EMAIL_IN_USE = "EMAIL_IN_USE"
    EMAIL_CHANGED = "EMAIL_CHANGED"


class Mail(Base):
    """A message that waits, or was sent or given up: then it is known only that there was one.

    Whom it is for and what it says are deleted as soon as it is sent or given up.
    """

    __tablename__ = "mail"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[MailKind] = mapped_column(Enum(MailKind, name="mail_kind"))
    recipient: Mapped[str | None] = mapped_column(Text)
    subject: Mapped[str | None] = mapped_column(Text)
    body: Mapped[str | None] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("clock_timestamp()"))
    tries: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    next_try_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), server_default=text("clock_timestamp()")
    )
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(recipient, subject, body) = CASE WHEN next_try_at IS NULL THEN 0 ELSE 3 END",
            name="forgets_what_it_said",
        ),
        CheckConstraint("sent_at IS NULL OR next_try_at IS NULL", name="is_sent_once"),
        Index(None, "next_try_at", postgresql_where=text("next_try_at IS NOT NULL")),
        Index(None, "written_at"),
    )
