"""Rulings: what moderators decided about submissions, and on which ground."""

import enum

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.audit import AuditEvent
from models.base import Base
from models.submissions import Submission


class RejectionGround(enum.Enum):
    """The grounds of fraud on which a submission is rejected; there are no others."""

    DUPLICATE_RATER = "DUPLICATE_RATER"
    AUTOMATED = "AUTOMATED"
    INTERESTED_PARTY = "INTERESTED_PARTY"
    COORDINATED = "COORDINATED"
    NOT_A_VISIT = "NOT_A_VISIT"


class Ruling(Base):
    """A rejection, which has a ground, or a restoration, which has none.

    When and by whom stands in its audit event. The note is kept here, not there: should it tell of
    a person by mistake it can be taken away, and nothing else of a ruling ever changes.
    """

    __tablename__ = "ruling"

    event_id: Mapped[int] = mapped_column(ForeignKey(AuditEvent.id), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey(Submission.id))
    ground: Mapped[RejectionGround | None] = mapped_column(Enum(RejectionGround, name="rejection_ground"))
    note: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint("btrim(note) <> '' AND char_length(note) <= 2000", name="has_a_note"),
        Index(None, "submission_id"),
    )
