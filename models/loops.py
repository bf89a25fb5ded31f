"""The loop of a review: seen by the head, answered, acted on, and its author's word on whether that settled it.

Each row of an official's has its event of the audit trail, which knows the moment and the account; here
stands the date, in the portal's time zone. Whose review it is follows from its submission, also after a merge.
"""

from datetime import date

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Date, Enum, ForeignKey, Identity, Index, SmallInteger, Text
from sqlalchemy import text as sql_text
from sqlalchemy.orm import Mapped, mapped_column

from models.audit import AuditEvent
from models.base import Base
from models.grants import Role
from models.reviews import Review


class Reading(Base):
    """A head has seen a review. `role` is that of whoever it was: more is for the trail to tell."""

    __tablename__ = "review_reading"

    submission_id: Mapped[int] = mapped_column(ForeignKey(Review.submission_id), primary_key=True)
    seen_on: Mapped[date] = mapped_column(Date)
    role: Mapped[Role] = mapped_column(Enum(Role, name="role"))
    event_id: Mapped[int] = mapped_column(ForeignKey(AuditEvent.id))


class Reply(Base):
    """A version of the one reply to a review: 1 as it was first given, the highest as it stands.

    A version that a moderator found to break a rule is `hidden`; another one takes its place.
    """

    __tablename__ = "reply"

    submission_id: Mapped[int] = mapped_column(ForeignKey(Review.submission_id), primary_key=True)
    version: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    written_on: Mapped[date] = mapped_column(Date)
    hidden: Mapped[bool] = mapped_column(Boolean, server_default=sql_text("false"))
    event_id: Mapped[int] = mapped_column(ForeignKey(AuditEvent.id))

    __table_args__ = (
        CheckConstraint("version > 0", name="has_a_version"),
        CheckConstraint("btrim(text) <> '' AND char_length(text) <= 10000", name="has_a_text"),
    )


class Measure(Base):
    """What an organization has done because of a review. It is never changed: another one follows."""

    __tablename__ = "measure"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey(Review.submission_id))
    text: Mapped[str] = mapped_column(Text)
    taken_on: Mapped[date] = mapped_column(Date)
    recorded_on: Mapped[date] = mapped_column(Date)
    event_id: Mapped[int] = mapped_column(ForeignKey(AuditEvent.id))

    __table_args__ = (
        CheckConstraint("btrim(text) <> '' AND char_length(text) <= 2000", name="has_a_text"),
        CheckConstraint("taken_on <= recorded_on", name="taken_before"),
        Index(None, "submission_id"),
    )


class Settlement(Base):
    """The author's last word: whether what was answered and done has settled the matter. If so, the loop is closed."""

    __tablename__ = "settlement"

    submission_id: Mapped[int] = mapped_column(ForeignKey(Review.submission_id), primary_key=True)
    settled: Mapped[bool] = mapped_column(Boolean)
    said_on: Mapped[date] = mapped_column(Date)
