"""Surveys: their results, and the mutation by which they are answered."""

from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import UNSET

from resolvers.submissions.drafts import Answered
from resolvers.surveys import answering, results
from schema.catalogue.criteria import InLanguage
from schema.catalogue.questionnaires import Question, Questionnaire
from schema.changes import Info, answer, signed_in
from schema.connections import After, Connection, First
from schema.fields import Column, Decimals, FromPlan, Object, Objects, Reference, argument, computed, field, mutation
from schema.fields import Connection as Paged
from schema.inputs import AnswerInput, OrganizationRef, described, reference_of
from schema.problems import InvalidInputProblem, NotEligibleProblem, UnknownReferenceProblem
from schema.scalars import Decimal

if TYPE_CHECKING:
    from schema.organizations.organizations import Organization

Registered = Annotated["Organization", strawberry.lazy("schema.organizations.organizations")]


@strawberry.type(description="How often an answer was given.")
class SurveyOption:
    code: str = field(Column(results.code), "The option's code; `true` or `false` for a question of yes or no.")
    count: int | None = field(Column(results.count), "How often it was given; null where that is withheld.")
    share: Decimal | None = field(
        Decimals(results.share, 4),
        "Of those who answered the question, the share who gave it, to four decimals, rounded half up; null where it is"
        " withheld or nobody answered. Where several may be chosen, shares add up to more than 1.",
    )
    withheld: bool = field(
        Column(results.withheld), "Whether too few gave it, or all others, for the public to be told."
    )

    @computed(Column(results.text), "What it says; null for a question of yes or no.")
    def text(self, language: InLanguage = UNSET) -> str | None:
        raise FromPlan


@strawberry.type(description="What somebody wrote in a survey: seen by officials only, without who wrote it or when.")
class SurveyText:
    text: str = field(Column(results.words), "The words, as they were typed: plain text.")
    organization: Registered = field(Object(results.organization), "About whom.")


SurveyTextConnection = Connection[SurveyText]


@strawberry.type(description="What was answered to a question of a survey.")
class SurveyQuestion:
    question: Question = field(Object(results.question), "The question.")
    answered: int | None = field(Column(results.answered), "How many answers it has; null where all is withheld.")
    withheld: bool = field(Column(results.withheld), "Whether too few answered it for the public to be told more.")
    options: list[SurveyOption] = field(
        Objects(results.options), "The answers that it offers, in order; none for a text or a number."
    )
    mean: Decimal | None = field(
        Decimals(results.mean, 2),
        "Of a question for a number, the mean of the answers, rounded half up to two decimals; null where it is withheld.",
    )

    @computed(
        Paged(results.texts),
        "Of a question for a text, what was written. For officials of the organization asked about, or above it, and for"
        " the survey's owner. Everybody else finds none.",
    )
    def texts(self, first: First = UNSET, after: After = UNSET) -> SurveyTextConnection:
        raise FromPlan


@strawberry.type(
    description="What was answered to a survey. It counts in no rating. Where fewer raters than the policy"
    " `SMALL_GROUP_RATERS` stand behind it, a question or an option, the public is told the number of answers and"
    " `withheld`, nothing finer; and so where they could be told by subtraction within these results. Officials of the"
    " organization asked about, or above it, and the survey's owner see all of it, but never who answered."
)
class SurveyResults:
    responses: int = field(Column(results.responses), "How often it was answered.")
    raters: int | None = field(Column(results.raters), "By how many people and companies; null where it is withheld.")
    withheld: bool = field(Column(results.withheld), "Whether too few answered for the public to be told more.")
    questions: list[SurveyQuestion] = field(Objects(results.questions), "Question by question, in order.")


@strawberry.input(description="A survey, filled in.")
class AnswerSurveyInput:
    survey: strawberry.ID = described("The survey that was shown: a questionnaire with days.")
    organization: OrganizationRef = described("About whom.")
    answers: list[AnswerInput] = described("Answers to its questions; required ones must be there, and one at least.")


@strawberry.type(description="The answers are kept, for good. They count in no rating.")
class AnswerSurveyPayload:
    survey: Questionnaire = field(Reference("Questionnaire"), "The survey.")
    organization: Registered = field(Reference("Organization"), "About whom.")


AnswerSurveyResult = Annotated[
    AnswerSurveyPayload | InvalidInputProblem | UnknownReferenceProblem | NotEligibleProblem,
    strawberry.union("AnswerSurveyResult", description="The survey, or why not."),
]


@strawberry.type
class Answering:
    @mutation(
        "Answer a survey about an organization, once for each. Whether one may is told by"
        " `Organization.eligibility(survey:)` before; submissions have no part in it, and it has none in theirs. Refused"
        " with `SURVEY_UNKNOWN`, `SURVEY_DOES_NOT_APPLY`, `QUESTIONNAIRE_RETIRED`, `SURVEY_NOT_OPEN`, `ALREADY_ANSWERED`,"
        " `ORGANIZATION_CLOSED` or `CONFLICT_OF_INTEREST`, and for an answer that does not fit as `submitQuestionnaire`."
    )
    async def answer_survey(
        self, info: Info, input: Annotated[AnswerSurveyInput, argument("What to answer.")]
    ) -> AnswerSurveyResult:
        context = signed_in(info)
        answers = [Answered(each.question, each.values) for each in input.answers]
        reference = reference_of(input.organization)
        change = answering.answer(context.database, context.viewer, input.survey, reference, answers)
        found: AnswerSurveyResult = await answer(AnswerSurveyPayload, change)
        return found
