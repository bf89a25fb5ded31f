"""A questionnaire's form, as a submission is held against it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, and_, bindparam, func, select

from models.criteria import Criterion
from models.questionnaires import (
    Question,
    QuestionnaireCriterion,
    QuestionOption,
    QuestionType,
)
from models.writing import Writer


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


@dataclass(frozen=True)
class Asked:
    """A form that travels with the next journey."""

    criteria: Any
    questions: Any

    async def read(self) -> Form:
        """The form."""
        return Form(
            {row.code: FormCriterion(row.code, row.position, row.basic) for row in await self.criteria.fetchall()},
            {
                row.code: FormQuestion(
                    row.id, row.code, QuestionType[row.type], row.required, frozenset(row.options or ())
                )
                for row in await self.questions.fetchall()
            },
        )


async def ask(writer: Writer, questionnaire_id: int) -> Asked:
    """Let the form of a questionnaire be looked up."""
    criteria = await writer.send(CRITERIA, questionnaire=questionnaire_id)
    return Asked(criteria, await writer.send(QUESTIONS, questionnaire=questionnaire_id))


WANTED = bindparam("questionnaire", type_=BigInteger)

CRITERIA = (
    select(
        Criterion.code,
        QuestionnaireCriterion.position,
        and_(Criterion.sphere_id.is_(None), Criterion.service_id.is_(None)).label("basic"),
    )
    .join(QuestionnaireCriterion, QuestionnaireCriterion.criterion_id == Criterion.id)
    .where(QuestionnaireCriterion.questionnaire_id == WANTED)
)

QUESTIONS = select(
    Question.id,
    Question.code,
    Question.type,
    Question.required,
    select(func.array_agg(QuestionOption.code))
    .where(QuestionOption.question_id == Question.id)
    .scalar_subquery()
    .label("options"),
).where(Question.questionnaire_id == WANTED)
