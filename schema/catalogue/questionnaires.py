"""Questionnaires, and whether one may be filled in."""

from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import UNSET

from models.hierarchies import Hierarchy as Tree
from resolvers.catalogue import questionnaires
from resolvers.ratings.ratings import Scope as Whose
from resolvers.submissions import eligibility
from resolvers.surveys import results
from schema.catalogue.criteria import Criterion, InLanguage
from schema.catalogue.services import Category, Service, Sphere
from schema.connections import After, Before, Connection, First, Last, Node
from schema.enums.catalogue import QuestionnaireState, QuestionType
from schema.enums.organizations import Hierarchy
from schema.enums.ratings import Scope
from schema.enums.submissions import Ineligibility
from schema.fields import Column, FromPlan, Object, Objects, argument, computed, field
from schema.fields import Connection as Paged
from schema.inputs import OrganizationRef
from schema.scalars import Date, DateTime

if TYPE_CHECKING:
    from schema.organizations.organizations import Organization
    from schema.surveys.surveys import SurveyResults

Registered = Annotated["Organization", strawberry.lazy("schema.organizations.organizations")]
ForService = Annotated[str | None, argument("The code of a service that was rendered.")]
ForSurvey = Annotated[strawberry.ID | None, argument("The id of a survey to be answered, rather than a questionnaire.")]


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


@strawberry.type(description="When a survey may be answered, in the portal's time zone.")
class SurveyWindow:
    from_: Date = field(Column(questionnaires.opens_on), "The first day.", name="from")
    to: Date = field(Column(questionnaires.closes_on), "The last day, inclusive.")


@strawberry.federation.type(
    keys=["id"],
    description="One version of a form, immutable since it was published. A draft is seen by its owner's supervisors and"
    " by operators alone: it is here as it will be. It is for a sphere, a category, a service, an organization, or"
    " without any of them for everyone; one with an owner is for what stands below the owner. The most specific one"
    " that is published is shown: one for the organization before one for the service, the category, the sphere,"
    " everyone; of two alike an owner's before the portal's, then the later one.",
)
class Questionnaire(Node):
    code: str = field(Column(questionnaires.code), "What all versions of it are called, unique and stable.")
    version: int = field(Column(questionnaires.version), "From 1.")
    state: QuestionnaireState = field(Column(questionnaires.state), "How far it has come.")
    published_at: DateTime | None = field(
        Column(questionnaires.published_at), "Since when it is shown; null for a draft."
    )
    retired_at: DateTime | None = field(
        Column(questionnaires.retired_at),
        "Since when it is shown no more: another version came, or its owner retired it.",
    )
    owner: Registered | None = field(Object(questionnaires.owner), "Whose it is; null for the portal's own.")
    hierarchy: Hierarchy | None = field(
        Column(questionnaires.hierarchy), "In which tree it is for those below its owner; null for the portal's own."
    )
    sphere: Sphere | None = field(Object(questionnaires.sphere), "For organizations of this sphere.")
    category: Category | None = field(Object(questionnaires.category), "For services of this category.")
    service: Service | None = field(Object(questionnaires.service), "For this service.")
    organization: Registered | None = field(Object(questionnaires.organization), "For this organization.")
    survey: SurveyWindow | None = field(
        Object(questionnaires.window),
        "Of a survey, when it may be answered; null for a questionnaire. What is answered to a survey counts in no rating.",
    )
    criteria: list[Criterion] = field(
        Objects(questionnaires.criteria),
        "What is scored, in order: all basic criteria, and additional ones; 16 at most. A survey has none.",
    )
    questions: list[Question] = field(Objects(questionnaires.questions), "The further questions, in order.")

    @computed(Column(questionnaires.title), "Its title.")
    def title(self, language: InLanguage = UNSET) -> str:
        raise FromPlan

    @computed(Object(results.of_questionnaire), "Of a survey, what was answered so far; null for a questionnaire.")
    def results(
        self,
        organization: Annotated[OrganizationRef | None, argument("About whom; by default about all together.")] = UNSET,
        scope: Annotated[
            Scope | None, argument("With an organization: about it alone, or about everything below it, too.")
        ] = Whose.SUBTREE,
        hierarchy: Annotated[Hierarchy | None, argument("Below it in which tree.")] = Tree.SUBORDINATION,
    ) -> Annotated["SurveyResults", strawberry.lazy("schema.surveys.surveys")] | None:
        raise FromPlan


QuestionnaireConnection = Connection[Questionnaire]


@strawberry.type
class Questionnaires:
    @computed(
        Paged(questionnaires.listed),
        "Versions of questionnaires and surveys, the latest first: published and retired ones, and drafts for their"
        " owner's supervisors and for operators.",
    )
    def questionnaires(
        self,
        mine: Annotated[bool | None, argument("True: only those that the viewer may change or retire.")] = UNSET,
        state: Annotated[list[QuestionnaireState] | None, argument("Only in one of these states.")] = UNSET,
        surveys: Annotated[bool | None, argument("True: only surveys; false: only what counts in ratings.")] = UNSET,
        code: Annotated[str | None, argument("Only versions of this one.")] = UNSET,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> QuestionnaireConnection:
        raise FromPlan


@strawberry.type(description="Whether the viewer may submit now.")
class Eligibility:
    allowed: bool = field(Column(eligibility.allowed), "Whether.")
    reason: Ineligibility | None = field(Column(eligibility.reason), "If not, why.")
    next_at: DateTime | None = field(Column(eligibility.next_at), "If only time is missing, from when it is allowed.")
