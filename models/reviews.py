"""Reviews: the texts of submissions, and who reads them."""

import enum
import uuid
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Computed,
    Date,
    Enum,
    ForeignKey,
    Identity,
    Index,
    Text,
    Uuid,
    select,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from models.audit import AuditEvent
from models.base import Base
from models.organizations import Organization
from models.submissions import DAY_ZERO, Submission, SubmissionStatus


class ReviewState(enum.Enum):
    """Whether a review is public, and if not why."""

    PENDING = "PENDING"
    PUBLISHED = "PUBLISHED"
    HIDDEN = "HIDDEN"
    PRIVATE = "PRIVATE"


class HidingGround(enum.Enum):
    """The grounds on which a text is hidden; that it blames somebody is none."""

    PERSONAL_DATA = "PERSONAL_DATA"
    INSULT = "INSULT"
    ADVERTISING = "ADVERTISING"
    OFF_TOPIC = "OFF_TOPIC"
    UNLAWFUL = "UNLAWFUL"


class PersonalData(enum.Enum):
    """What the function personal_data finds in a text."""

    EMAIL = "EMAIL"
    CARD = "CARD"
    PASSPORT = "PASSPORT"
    PHONE = "PHONE"
    NAME = "NAME"


# What is listed and counted by, beside the organization and the date: both indexes of pages have it.
REPEATED = ("published", "state", "status", "is_masked", "seen_on", "answered_on", "has_measures", "settled")


class Review(Base):
    """The text of a submission, which the organization's head must see.

    Its key is that of its submission, whose organization, date and status it repeats, so that a page of an
    organization's reviews is found in one index: triggers keep them equal. `masked` is what is published in the place of
    `text`, if a moderator wrote such a thing. `digest` is that of the text's words, normalised as for search: the same
    for texts that are the same. `words` are those of what is published, or would be: what is masked is found by nobody.

    Of its loop it repeats, by triggers too, when it was seen and answered, whether something was done, and its author's
    word: what is listed and counted by them is found in one index, without a look at the text.
    """

    __tablename__ = "review"

    submission_id: Mapped[int] = mapped_column(ForeignKey(Submission.id), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    digest: Mapped[uuid.UUID] = mapped_column(
        Uuid, Computed("md5(search_normal(text))::uuid", persisted=True), nullable=False
    )
    organization_id: Mapped[int] = mapped_column(ForeignKey(Organization.id))
    submitted_on: Mapped[date] = mapped_column(Date)
    status: Mapped[SubmissionStatus] = mapped_column(Enum(SubmissionStatus, name="submission_status"))
    state: Mapped[ReviewState] = mapped_column(Enum(ReviewState, name="review_state"), server_default="PENDING")
    masked: Mapped[str | None] = mapped_column(Text)
    published: Mapped[bool] = mapped_column(
        Boolean, Computed("state = 'PUBLISHED' AND status = 'COUNTED'", persisted=True), nullable=False
    )
    is_masked: Mapped[bool] = mapped_column(Boolean, Computed("masked IS NOT NULL", persisted=True), nullable=False)
    seen_on: Mapped[date | None] = mapped_column(Date)
    answered_on: Mapped[date | None] = mapped_column(Date)
    has_measures: Mapped[bool] = mapped_column(Boolean, server_default=sql("false"))
    settled: Mapped[bool | None] = mapped_column(Boolean)
    words: Mapped[Any] = mapped_column(
        TSVECTOR, Computed("array_to_tsvector(words_of(coalesce(masked, text)))", persisted=True), nullable=False
    )

    __table_args__ = (
        CheckConstraint("btrim(text) <> '' AND char_length(text) <= 10000", name="has_a_text"),
        CheckConstraint("btrim(masked) <> '' AND char_length(masked) <= 10000", name="has_a_masked_text"),
        # A page of one organization's, and one of many: who may see a row is decided beside it, and so are counts.
        Index(
            "ix_review_of_organization",
            "organization_id",
            sql(f"(submitted_on - {DAY_ZERO})"),
            "submission_id",
            postgresql_include=["submitted_on", *REPEATED],
        ),
        Index(
            "ix_review_by_date",
            sql(f"(submitted_on - {DAY_ZERO})"),
            "submission_id",
            postgresql_include=["submitted_on", "organization_id", *REPEATED],
        ),
        Index("ix_review_words", "words", postgresql_using="gin"),
    )


class ReviewWord(Base):
    """A word that some review has: what a word of a search is like is asked of these. Triggers keep them."""

    __tablename__ = "review_word"

    text: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)

    __table_args__ = (Index(None, "text", postgresql_using="gin", postgresql_ops={"text": "gin_trgm_ops"}),)


class ReviewRuling(Base):
    """A moderator hid a review, on a ground, or published it, which has none.

    When and by whom stands in its audit event. The note is kept here, not there: should it tell of a person by mistake
    it can be taken away.
    """

    __tablename__ = "review_ruling"

    event_id: Mapped[int] = mapped_column(ForeignKey(AuditEvent.id), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey(Review.submission_id))
    ground: Mapped[HidingGround | None] = mapped_column(Enum(HidingGround, name="hiding_ground"))
    note: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint("btrim(note) <> '' AND char_length(note) <= 2000", name="has_a_note"),
        Index(None, "submission_id"),
    )


class PrivacyWish(Base):
    """Its author made a review private, or took that wish back, after it was submitted; `was` is its state before that."""

    __tablename__ = "privacy_wish"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey(Review.submission_id))
    private: Mapped[bool] = mapped_column(Boolean)
    was: Mapped[ReviewState] = mapped_column(Enum(ReviewState, name="review_state"))
    wished_on: Mapped[date] = mapped_column(Date)

    __table_args__ = (
        CheckConstraint("private <> (was = 'PRIVATE')", name="changes_something"),
        Index(None, "submission_id"),
    )


# Reviews as objects of the schema, whose keys are called `id`.
REVIEWS = select(Review.__table__, Review.submission_id.label("id")).subquery()
