"""Questionnaires, and whether one may be filled in."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from resolvers.catalogue import questionnaires
from resolvers.submissions import eligibility
from schema.catalogue.criteria import Criterion, InLanguage
from schema.connections import Node
from schema.enums import Ineligibility, QuestionType
from schema.fields import Column, FromPlan, Objects, argument, computed, field
from schema.scalars import DateTime

ForService = Annotated[str | None, argument("The code of a service that was rendered.")]


@strawberry.type(description="One of the answers that a choice offers.")
class QuestionOption:
    code: str = field(Column(questionnaires.code), "What an answer names it by.")

    @computed(Column(questionnaires.text), "Its text.")
    def text(self, language: InLanguage = UNSET) -> str:
        raise FromPlan


@strawberry.type(description="A further question, whose answers do not count in ratings.")
class Question:
    code: str = field(Column(questionnaires.code), "What an answer names it by.")
    type: QuestionType = field(Column(questionnaires.question_type), "What an answer looks like.")
    required: bool = field(Column(questionnaires.required), "Whether it must be answered.")
    options: list[QuestionOption] = field(
        Objects(questionnaires.options), "The answers that a choice offers, in order."
    )

    @computed(Column(questionnaires.text), "Its text.")
    def text(self, language: InLanguage = UNSET) -> str:
        raise FromPlan


@strawberry.federation.type(keys=["id"], description="One version of a form, immutable since it was published.")
class Questionnaire(Node):
    version: int = field(Column(questionnaires.version), "From 1.")
    criteria: list[Criterion] = field(
        Objects(questionnaires.criteria),
        "What is scored, in order: all basic criteria, and additional ones; 16 at most.",
    )
    questions: list[Question] = field(Objects(questionnaires.questions), "The further questions, in order.")

    @computed(Column(questionnaires.title), "Its title.")
    def title(self, language: InLanguage = UNSET) -> str:
        raise FromPlan


@strawberry.type(description="Whether the viewer may submit now.")
class Eligibility:
    allowed: bool = field(Column(eligibility.allowed), "Whether.")
    reason: Ineligibility | None = field(Column(eligibility.reason), "If not, why.")
    next_at: DateTime | None = field(Column(eligibility.next_at), "If only time is missing, from when it is allowed.")
