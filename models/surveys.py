"""Surveys: what was answered to them. It stands apart from submissions, so that nothing of it can count in a rating."""

import uuid
from datetime import date

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Identity,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.organizations import Organization
from models.questionnaires import Question, Questionnaire
from models.raters import Rater


class SurveyResponse(Base):
    """A survey that one rater has filled in about one organization, on a day; by `code` it stands in no order of time."""

    __tablename__ = "survey_response"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    code: Mapped[uuid.UUID] = mapped_column(Uuid, unique=True, server_default=text("gen_random_uuid()"))
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey(Questionnaire.id))
    organization_id: Mapped[int] = mapped_column(ForeignKey(Organization.id))
    rater_id: Mapped[int] = mapped_column(ForeignKey(Rater.id))
    answered_on: Mapped[date] = mapped_column(Date)

    __table_args__ = (
        UniqueConstraint("questionnaire_id", "organization_id", "rater_id"),
        Index(None, "rater_id"),
    )


class SurveyAnswer(Base):
    """The answer to one question, as in `models.submissions.Answer`."""

    __tablename__ = "survey_answer"

    question_id: Mapped[int] = mapped_column(ForeignKey(Question.id), primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey(SurveyResponse.id), primary_key=True)
    values: Mapped[list[str]] = mapped_column(ARRAY(Text))

    __table_args__ = (
        CheckConstraint("cardinality(values) > 0", name="has_a_value"),
        Index(None, "response_id"),
    )
