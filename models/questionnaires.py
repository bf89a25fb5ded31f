"""Questionnaires: versioned forms, immutable once published (the database refuses changes)."""

import enum
from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import COLLATION, Base, is_a_code
from models.criteria import Criterion
from models.hierarchies import Hierarchy
from models.organizations import Organization
from models.services import Category, Service, Sphere


class QuestionType(enum.Enum):
    """What an answer to a question looks like."""

    CHOICE = "CHOICE"
    MULTIPLE_CHOICE = "MULTIPLE_CHOICE"
    YES_NO = "YES_NO"
    TEXT = "TEXT"
    NUMBER = "NUMBER"


class Questionnaire(Base):
    """One version of a form, for an organization, a service, a category, a sphere or everyone.

    It is the portal's own; or that of the organization `owner_id`, and then for nobody but who stands
    below its owner in `hierarchy`. With `opens_on` and `closes_on`, the first and the last day on which
    it may be answered, it is a survey: without criteria, and what is answered counts nowhere.
    """

    __tablename__ = "questionnaire"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(SmallInteger)
    title_be: Mapped[str | None] = mapped_column(Text(collation=COLLATION))
    title_ru: Mapped[str | None] = mapped_column(Text(collation=COLLATION))
    title_en: Mapped[str | None] = mapped_column(Text(collation=COLLATION))
    sphere_id: Mapped[int | None] = mapped_column(ForeignKey(Sphere.id))
    category_id: Mapped[int | None] = mapped_column(ForeignKey(Category.id))
    service_id: Mapped[int | None] = mapped_column(ForeignKey(Service.id))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey(Organization.id))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey(Organization.id))
    hierarchy: Mapped[Hierarchy | None] = mapped_column(Enum(Hierarchy, name="hierarchy"))
    opens_on: Mapped[date | None] = mapped_column(Date)
    closes_on: Mapped[date | None] = mapped_column(Date)
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    retired_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        is_a_code(),
        UniqueConstraint("code", "version"),
        CheckConstraint("version >= 1", name="version_from_1"),
        CheckConstraint("num_nonnulls(title_be, title_ru, title_en) > 0", name="has_a_title"),
        CheckConstraint(
            "num_nonnulls(sphere_id, category_id, service_id, organization_id) <= 1",
            name="applies_to_one",
        ),
        CheckConstraint("(owner_id IS NULL) = (hierarchy IS NULL)", name="owned_in_a_tree"),
        CheckConstraint(
            "(opens_on IS NULL) = (closes_on IS NULL) AND opens_on <= closes_on", name="closes_after_opening"
        ),
        CheckConstraint("retired_at >= published_at", name="retired_after_published"),
        CheckConstraint("retired_at IS NULL OR published_at IS NOT NULL", name="drafts_stay"),
        Index(
            "uq_questionnaire_current",
            "code",
            unique=True,
            postgresql_where=text("published_at IS NOT NULL AND retired_at IS NULL"),
        ),
    )


class QuestionnaireCriterion(Base):
    """A criterion on a form; `position` (from 1) is where a submission keeps its score."""

    __tablename__ = "questionnaire_criterion"

    questionnaire_id: Mapped[int] = mapped_column(ForeignKey(Questionnaire.id), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey(Criterion.id), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (
        UniqueConstraint("questionnaire_id", "position"),
        CheckConstraint("position BETWEEN 1 AND 16", name="at_most_16"),
    )


class Question(Base):
    """A further question, whose answers do not count in ratings."""

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey(Questionnaire.id))
    code: Mapped[str] = mapped_column(Text)
    text_be: Mapped[str | None] = mapped_column(Text(collation=COLLATION))
    text_ru: Mapped[str | None] = mapped_column(Text(collation=COLLATION))
    text_en: Mapped[str | None] = mapped_column(Text(collation=COLLATION))
    type: Mapped[QuestionType] = mapped_column(Enum(QuestionType, name="question_type"))
    required: Mapped[bool] = mapped_column(Boolean)
    position: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (
        is_a_code(),
        UniqueConstraint("questionnaire_id", "code"),
        UniqueConstraint("questionnaire_id", "position"),
        UniqueConstraint("id", "questionnaire_id"),
        CheckConstraint("num_nonnulls(text_be, text_ru, text_en) > 0", name="has_a_text"),
    )


class QuestionOption(Base):
    """One of the answers that a choice offers."""

    __tablename__ = "question_option"

    question_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    text_be: Mapped[str | None] = mapped_column(Text(collation=COLLATION))
    text_ru: Mapped[str | None] = mapped_column(Text(collation=COLLATION))
    text_en: Mapped[str | None] = mapped_column(Text(collation=COLLATION))
    position: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (
        is_a_code(),
        ForeignKeyConstraint(["question_id"], [Question.id]),
        UniqueConstraint("question_id", "position"),
        CheckConstraint("num_nonnulls(text_be, text_ru, text_en) > 0", name="has_a_text"),
    )
