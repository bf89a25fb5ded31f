"""Complaints about what is published: a review, or the reply to it; and what moderators decided about them."""

import enum
from datetime import date

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    SmallInteger,
    Text,
)
from sqlalchemy import text as sql_text
from sqlalchemy.orm import Mapped, mapped_column

from models.audit import AuditEvent
from models.base import Base
from models.loops import Reply
from models.raters import Rater
from models.reviews import Review


class ComplaintAbout(enum.Enum):
    """What is complained about."""

    REVIEW = "REVIEW"
    REPLY = "REPLY"


class ComplaintGround(enum.Enum):
    """Why a text should not be published. That it is harsh is none of the grounds."""

    PERSONAL_DATA = "PERSONAL_DATA"
    INSULT = "INSULT"
    ADVERTISING = "ADVERTISING"
    OFF_TOPIC = "OFF_TOPIC"
    PRESSURE = "PRESSURE"


class Complaint(Base):
    """Somebody's complaint about a published text, open until a moderator has decided, with a reason.

    Whoever complains is known by the pseudonym alone. `reply_version` is the version of the reply that it is about.
    """

    __tablename__ = "complaint"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey(Review.submission_id))
    about: Mapped[ComplaintAbout] = mapped_column(Enum(ComplaintAbout, name="complaint_about"))
    reply_version: Mapped[int | None] = mapped_column(SmallInteger)
    ground: Mapped[ComplaintGround] = mapped_column(Enum(ComplaintGround, name="complaint_ground"))
    text: Mapped[str | None] = mapped_column(Text)
    rater_id: Mapped[int] = mapped_column(ForeignKey(Rater.id))
    made_on: Mapped[date] = mapped_column(Date)
    upheld: Mapped[bool | None] = mapped_column(Boolean)
    reason: Mapped[str | None] = mapped_column(Text)
    decided_on: Mapped[date | None] = mapped_column(Date)
    event_id: Mapped[int | None] = mapped_column(ForeignKey(AuditEvent.id))

    __table_args__ = (
        ForeignKeyConstraint(["submission_id", "reply_version"], [Reply.submission_id, Reply.version]),
        CheckConstraint("(about = 'REPLY') = (reply_version IS NOT NULL)", name="names_a_version"),
        CheckConstraint("btrim(text) <> '' AND char_length(text) <= 2000", name="has_a_text"),
        CheckConstraint("num_nonnulls(upheld, reason, decided_on, event_id) IN (0, 4)", name="decided_with_a_reason"),
        CheckConstraint("btrim(reason) <> '' AND char_length(reason) <= 2000", name="has_a_reason"),
        CheckConstraint("decided_on >= made_on", name="decided_after"),
        Index(None, "submission_id"),
        Index(
            "uq_complaint_open",
            "rater_id",
            "submission_id",
            "about",
            unique=True,
            postgresql_where=sql_text("upheld IS NULL"),
        ),
    )
