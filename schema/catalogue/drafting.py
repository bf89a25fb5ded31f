"""The life of a questionnaire: drafted, changed, published and retired, by its owner."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from models.hierarchies import Hierarchy as Tree
from models.questionnaires import QuestionType as Type
from resolvers.catalogue import drafting, publishing
from resolvers.catalogue.contents import Ask, Content, Offer, Target, Texts
from resolvers.catalogue.drafting import Owner
from schema.catalogue.questionnaires import Questionnaire
from schema.changes import Info, answer, signed_in
from schema.enums.catalogue import QuestionType
from schema.enums.organizations import Hierarchy
from schema.fields import Reference, argument, field, mutation
from schema.inputs import OrganizationRef, described, reference_of
from schema.problems import ConflictProblem, InvalidInputProblem, UnknownReferenceProblem
from schema.scalars import Date

CODE = "1 to 64 letters, digits or `_./:-`, first a letter or a digit"
FOR = "For operators, and for supervisors of its owner"
ONE = "Which one, by its id."
SPOILT = (
    " Refused for a value that is named, with `TEXT_MISSING`, `CODE_INVALID`, `TOO_MANY`, `OPTIONS_MISFIT`,"
    " `SURVEY_HAS_CRITERIA`, `PERIOD_BACKWARDS` and the like, or with `BEYOND_BOUNDS`: an owner asks about what stands"
    " below it."
)


@strawberry.input(description="A text in several languages, at least one.")
class TextsInput:
    be: str | None = described("In Belarusian, not blank.", default=None)
    ru: str | None = described("In Russian, not blank.", default=None)
    en: str | None = described("In English, not blank.", default=None)


@strawberry.input(description="One of the answers that a choice offers.")
class QuestionOptionInput:
    code: str = described(f"What answers name it by: {CODE}, unique in its question.")
    texts: TextsInput = described("What it says, at most 1,000 characters.")


@strawberry.input(description="A further question, whose answers count in no rating.")
class QuestionInput:
    code: str = described(f"What answers name it by: {CODE}, unique in its questionnaire.")
    texts: TextsInput = described("What it asks, at most 1,000 characters.")
    type: QuestionType = described("What an answer looks like.")
    required: bool = described("Whether it must be answered.", default=False)
    options: list[QuestionOptionInput] | None = described(
        "The answers that a choice offers, in order, 1 to 50; nothing else offers any.", default=None
    )


@strawberry.input(one_of=True, description="Whom a questionnaire is for: exactly one of them.")
class AppliesToInput:
    sphere: str | None = described("The code of a sphere: organizations that work in it.", default=UNSET)
    category: str | None = described("The code of a category: whoever names one of its services.", default=UNSET)
    service: str | None = described("The code of a service: whoever names it.", default=UNSET)
    organization: OrganizationRef | None = described("This organization alone.", default=UNSET)


@strawberry.input(description="The days of a survey, in the portal's time zone.")
class SurveyWindowInput:
    from_: Date = described("The first day on which it may be answered.", name="from")
    to: Date = described("The last day, inclusive.")


@strawberry.input(description="All that a draft says: whatever it said before is replaced.")
class QuestionnaireContentInput:
    titles: TextsInput = described("What it is called, at most 500 characters.")
    applies_to: AppliesToInput | None = described(
        "Whom it is for; by default everyone, or with an owner all that stands below the owner.", default=None
    )
    survey: SurveyWindowInput | None = described(
        "Of a survey, when it may be answered. Without it, it is a questionnaire whose scores count.", default=None
    )
    criteria: list[str] = described(
        "Codes of what is scored, in order, at most 16: all basic criteria, and additional ones of the sphere or service"
        " that it is for. None for a survey.",
        default_factory=list,
    )
    questions: list[QuestionInput] = described("The further questions, in order, at most 50.", default_factory=list)


@strawberry.input(description="Whose a questionnaire is, and for whom it can be: what stands below its owner.")
class QuestionnaireOwnerInput:
    organization: OrganizationRef = described("The organization, such as a ministry.")
    hierarchy: Hierarchy = described("The tree in which it owns it.", default=Tree.SUBORDINATION)


@strawberry.input(description="A draft to make.")
class DraftQuestionnaireInput:
    code: str = described(
        f"What all its versions are called: {CODE}. A code that is there already, of the same owner, gets another version."
    )
    owner: QuestionnaireOwnerInput | None = described("Whose it is; by default the portal's own.", default=None)
    content: QuestionnaireContentInput = described("What it says.")


@strawberry.input(description="A draft to write anew.")
class ChangeQuestionnaireInput:
    questionnaire: strawberry.ID = described(ONE)
    content: QuestionnaireContentInput = described("What it says from now on.")


@strawberry.input(description="A draft to throw away.")
class DiscardQuestionnaireInput:
    questionnaire: strawberry.ID = described(ONE)


@strawberry.input(description="A draft to publish.")
class PublishQuestionnaireInput:
    questionnaire: strawberry.ID = described(ONE)


@strawberry.input(description="A questionnaire to retire.")
class RetireQuestionnaireInput:
    questionnaire: strawberry.ID = described(ONE)


@strawberry.type(description="The draft is there, for its owner to see.")
class DraftQuestionnairePayload:
    questionnaire: Questionnaire = field(Reference("Questionnaire"), "The draft.")


@strawberry.type(description="The draft says so from now on.")
class ChangeQuestionnairePayload:
    questionnaire: Questionnaire = field(Reference("Questionnaire"), "The draft.")


@strawberry.type(description="The draft is gone.")
class DiscardQuestionnairePayload:
    code: str = strawberry.field(description="Its code.")
    version: int = strawberry.field(description="Its version, which the next draft will have.")


@strawberry.type(description="It is shown from now on, and never changes again.")
class PublishQuestionnairePayload:
    questionnaire: Questionnaire = field(Reference("Questionnaire"), "The questionnaire.")


@strawberry.type(description="It is shown no more, and takes no more answers.")
class RetireQuestionnairePayload:
    questionnaire: Questionnaire = field(Reference("Questionnaire"), "The questionnaire.")


DraftQuestionnaireResult = Annotated[
    DraftQuestionnairePayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("DraftQuestionnaireResult", description="The draft, or why not."),
]
ChangeQuestionnaireResult = Annotated[
    ChangeQuestionnairePayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("ChangeQuestionnaireResult", description="The draft, or why not."),
]
DiscardQuestionnaireResult = Annotated[
    DiscardQuestionnairePayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("DiscardQuestionnaireResult", description="What it was, or why not."),
]
PublishQuestionnaireResult = Annotated[
    PublishQuestionnairePayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("PublishQuestionnaireResult", description="The questionnaire, or why not."),
]
RetireQuestionnaireResult = Annotated[
    RetireQuestionnairePayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("RetireQuestionnaireResult", description="The questionnaire, or why not."),
]


@strawberry.type
class Drafting:
    @mutation(
        f"{FOR}: draft a questionnaire or a survey, or the next version of one. Nobody else sees it before it is"
        " published (`Questionnaire` shows it as it will be). Recorded in the audit trail. Refused with `CODE_TAKEN`"
        f" (another owner's), `DRAFT_EXISTS`, `NOT_IN_TREE` (its owner) or `ORGANIZATION_MERGED`.{SPOILT}"
    )
    async def draft_questionnaire(
        self, info: Info, input: Annotated[DraftQuestionnaireInput, argument("What to draft.")]
    ) -> DraftQuestionnaireResult:
        context, owner = signed_in(info), input.owner
        whose = None if owner is None else Owner(reference_of(owner.organization), Tree(owner.hierarchy))
        change = drafting.draft(context.database, context.viewer, input.code, whose, content_of(input.content))
        found: DraftQuestionnaireResult = await answer(DraftQuestionnairePayload, change)
        return found

    @mutation(
        f"{FOR}: write a draft anew. Recorded in the audit trail. Refused with `QUESTIONNAIRE_PUBLISHED` or"
        f" `OTHER_KIND` (a survey stays one).{SPOILT}"
    )
    async def change_questionnaire(
        self, info: Info, input: Annotated[ChangeQuestionnaireInput, argument("What to change.")]
    ) -> ChangeQuestionnaireResult:
        context = signed_in(info)
        content = content_of(input.content)
        change = drafting.change(context.database, context.viewer, input.questionnaire, content)
        found: ChangeQuestionnaireResult = await answer(ChangeQuestionnairePayload, change)
        return found

    @mutation(f"{FOR}: throw a draft away. Recorded in the audit trail. Refused with `QUESTIONNAIRE_PUBLISHED`.")
    async def discard_questionnaire(
        self, info: Info, input: Annotated[DiscardQuestionnaireInput, argument("What to throw away.")]
    ) -> DiscardQuestionnaireResult:
        context = signed_in(info)
        change = drafting.discard(context.database, context.viewer, input.questionnaire)
        found: DiscardQuestionnaireResult = await answer(DiscardQuestionnairePayload, change)
        return found

    @mutation(
        f"{FOR}: show a draft from now on. It never changes again. The version of it that was shown until now is"
        " retired, and is still taken for the time of the policy `QUESTIONNAIRE_GRACE_HOURS`. Repeated, it changes"
        " nothing. Recorded in the audit trail. Refused with `CRITERION_MISSING` (all basic criteria of today are"
        " compulsory), `CRITERION_DOES_NOT_APPLY` (an additional one that is not in force, or of another sphere or"
        " service than it is for), `QUESTION_MISSING` (a survey asks something), `SURVEY_OVER`, `BEYOND_BOUNDS` or"
        " `QUESTIONNAIRE_RETIRED`."
    )
    async def publish_questionnaire(
        self, info: Info, input: Annotated[PublishQuestionnaireInput, argument("What to publish.")]
    ) -> PublishQuestionnaireResult:
        context = signed_in(info)
        change = publishing.publish(context.database, context.viewer, input.questionnaire)
        found: PublishQuestionnaireResult = await answer(PublishQuestionnairePayload, change)
        return found

    @mutation(
        f"{FOR}: show a questionnaire no more, without another version in its place. It takes no more submissions or"
        " answers at once; those that there are stay. Repeated, it changes nothing. Recorded in the audit trail."
        " Refused with `QUESTIONNAIRE_NOT_PUBLISHED`, or `QUESTIONNAIRE_NEEDED` for the last one that is for everyone."
    )
    async def retire_questionnaire(
        self, info: Info, input: Annotated[RetireQuestionnaireInput, argument("What to retire.")]
    ) -> RetireQuestionnaireResult:
        context = signed_in(info)
        change = publishing.retire(context.database, context.viewer, input.questionnaire)
        found: RetireQuestionnaireResult = await answer(RetireQuestionnairePayload, change)
        return found


def content_of(given: QuestionnaireContentInput) -> Content:
    """What an input says of a draft."""
    return Content(
        titles=texts_of(given.titles),
        target=target_of(given.applies_to),
        window=None if given.survey is None else (given.survey.from_, given.survey.to),
        criteria=given.criteria,
        questions=[
            Ask(
                each.code,
                texts_of(each.texts),
                Type(each.type),
                each.required,
                [Offer(option.code, texts_of(option.texts)) for option in each.options or ()],
            )
            for each in given.questions
        ],
    )


def texts_of(given: TextsInput) -> Texts:
    """Texts by the suffix of their language."""
    return {"be": given.be, "ru": given.ru, "en": given.en}


def target_of(given: AppliesToInput | None) -> Target:
    """Whom an input says that a form is for."""
    if given is None:
        return Target()
    if given.organization:
        return Target(organization=reference_of(given.organization))
    kind = next(each for each in ("sphere", "category", "service") if getattr(given, each) is not UNSET)
    return Target(kind, getattr(given, kind))
