"""Submissions: what was said of an organization, by whom only a pseudonym knows."""

import enum
from datetime import date, datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Computed,
    Date,
    DateTime,
    Enum,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, is_a_code
from models.organizations import Organization
from models.questionnaires import Question, Questionnaire
from models.raters import Rater, RaterKind
from models.services import Service

# A mark is a whole number of these units: the least common multiple of 1 to 16, so that the
# mean of up to 16 whole scores is exact.
MARK_UNITS = 720_720

# Days are counted from here where a date has to be a number.
DAY_ZERO = "'2000-01-01'::date"


class Channel(enum.Enum):
    """How the service was rendered."""

    IN_PERSON = "IN_PERSON"
    ONLINE = "ONLINE"
    PHONE = "PHONE"
    POST = "POST"


# What a placement looks like, for PostgreSQL and for Python: it stands in printed addresses, so its letters are Latin ones.
PLACEMENT_PATTERN = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$"


class SubmissionStatus(enum.Enum):
    """Whether a submission counts in ratings."""

    COUNTED = "COUNTED"
    WITHDRAWN = "WITHDRAWN"
    REJECTED = "REJECTED"


class Submission(Base):
    """One questionnaire filled in by one rater for one organization.

    `scores[position]` is the score of the form's criterion at that position, null where an
    additional one was left out; `mark` is their mean in 1/720720. Neither ever changes. Whom it
    counts for changes by a merge alone; `given_to_id` is then whom it was given to. It is `verified`
    where another system has vouched for the visit (`models.invitations`). `placement` is the tag of the
    QR code that led to it: which counter, poster or leaflet.
    """

    __tablename__ = "submission"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True, server_default=text("(gen_random_uuid())::text"))
    organization_id: Mapped[int] = mapped_column(ForeignKey(Organization.id))
    given_to_id: Mapped[int | None] = mapped_column(ForeignKey(Organization.id))
    rater_id: Mapped[int] = mapped_column(ForeignKey(Rater.id))
    rater_kind: Mapped[RaterKind] = mapped_column(Enum(RaterKind, name="rater_kind"))
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey(Questionnaire.id))
    service_id: Mapped[int | None] = mapped_column(ForeignKey(Service.id))
    channel: Mapped[Channel | None] = mapped_column(Enum(Channel, name="channel"))
    visited_on: Mapped[date | None] = mapped_column(Date)
    scores: Mapped[list[int | None]] = mapped_column(ARRAY(SmallInteger))
    mark: Mapped[int] = mapped_column(Integer, Computed("mark_of(scores)", persisted=True), nullable=False)
    submitted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    submitted_on: Mapped[date] = mapped_column(Date)
    status: Mapped[SubmissionStatus] = mapped_column(
        Enum(SubmissionStatus, name="submission_status"), server_default="COUNTED"
    )
    status_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    verified: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    placement: Mapped[str | None] = mapped_column(Text)
    idempotency_key: Mapped[str | None] = mapped_column(Text)
    request_digest: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        is_a_code(),
        CheckConstraint(
            "array_ndims(scores) = 1 AND array_lower(scores, 1) = 1"
            " AND cardinality(scores) <= 16 AND 1 <= ALL (scores) AND 5 >= ALL (scores)",
            name="scores_1_to_5",
        ),
        CheckConstraint("visited_on <= submitted_on", name="visited_before"),
        CheckConstraint("(status = 'COUNTED') OR status_at IS NOT NULL", name="status_has_a_time"),
        CheckConstraint(f"placement ~ '{PLACEMENT_PATTERN}'", name="is_a_placement"),
        CheckConstraint(
            "(idempotency_key IS NULL) = (request_digest IS NULL)",
            name="key_has_a_digest",
        ),
        UniqueConstraint("rater_id", "idempotency_key"),
        # With these a slice of many organizations is counted from the index, in the order of organizations.
        Index(
            None,
            "organization_id",
            "submitted_on",
            postgresql_include=["status", "rater_id", "mark", "channel", "rater_kind", "service_id", "verified"],
        ),
        Index("ix_submission_by_date", text(f"(submitted_on - {DAY_ZERO})"), "id"),
        Index(None, "rater_id", "organization_id", "submitted_at"),
        # Few submissions come by a code: what these say of it is read from here alone.
        Index(
            "ix_submission_by_placement",
            "organization_id",
            "placement",
            "submitted_on",
            postgresql_include=["status", "rater_id", "mark"],
            postgresql_where=text("placement IS NOT NULL"),
        ),
    )


class Answer(Base):
    """The answer to one further question: option codes, 'true'/'false', a number or a text."""

    __tablename__ = "answer"

    submission_id: Mapped[int] = mapped_column(ForeignKey(Submission.id), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey(Question.id), primary_key=True)
    values: Mapped[list[str]] = mapped_column(ARRAY(Text))

    __table_args__ = (CheckConstraint("cardinality(values) > 0", name="has_a_value"),)


class EmployeeMentionKind(enum.Enum):
    """Why an employee is named."""

    PRAISE = "PRAISE"
    COMPLAINT = "COMPLAINT"


class EmployeeMention(Base):
    """An employee's name, kept apart: never searched, exported, logged or sent.

    The name is deleted when its time is over; that somebody was praised stays, and is counted.
    """

    __tablename__ = "employee_mention"

    submission_id: Mapped[int] = mapped_column(ForeignKey(Submission.id), primary_key=True)
    name: Mapped[str | None] = mapped_column(Text)
    delete_after: Mapped[date] = mapped_column(Date)
    kind: Mapped[EmployeeMentionKind | None] = mapped_column(Enum(EmployeeMentionKind, name="employee_mention_kind"))

    __table_args__ = (
        CheckConstraint("btrim(name) <> '' AND char_length(name) <= 200", name="has_a_name"),
        Index(None, "delete_after"),
    )
