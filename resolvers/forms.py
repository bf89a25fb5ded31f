"""A questionnaire's form, as a submission is held against it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.criteria import Criterion
from models.questionnaires import (
    Question,
    QuestionnaireCriterion,
    QuestionOption,
    QuestionType,
)


@dataclass(frozen=True)
class FormCriterion:
    """A criterion on a form."""

    code: str
    position: int
    basic: bool


@dataclass(frozen=True)
class FormQuestion:
    """A question on a form, with the codes of its options."""

    id: int
    code: str
    type: QuestionType
    required: bool
    options: frozenset[str]


@dataclass(frozen=True)
class Form:
    """What a questionnaire asks."""

    criteria: dict[str, FormCriterion]
    questions: dict[str, FormQuestion]


async def form_of(connection: AsyncConnection, questionnaire_id: int) -> Form:
    """The form of a questionnaire."""
    criteria = await connection.execute(_criteria(questionnaire_id))
    questions = await connection.execute(_questions(questionnaire_id))
    return Form(
        {row.code: FormCriterion(row.code, row.position, row.basic) for row in criteria},
        {
            row.code: FormQuestion(row.id, row.code, row.type, row.required, frozenset(row.options or ()))
            for row in questions
        },
    )


def _criteria(questionnaire_id: int) -> Any:
    basic = and_(Criterion.sphere_id.is_(None), Criterion.service_id.is_(None))
    return (
        select(Criterion.code, QuestionnaireCriterion.position, basic.label("basic"))
        .join(QuestionnaireCriterion, QuestionnaireCriterion.criterion_id == Criterion.id)
        .where(QuestionnaireCriterion.questionnaire_id == questionnaire_id)
    )


def _questions(questionnaire_id: int) -> Any:
    options = (
        select(func.array_agg(QuestionOption.code)).where(QuestionOption.question_id == Question.id).scalar_subquery()
    )
    return select(Question.id, Question.code, Question.type, Question.required, options.label("options")).where(
        Question.questionnaire_id == questionnaire_id
    )
