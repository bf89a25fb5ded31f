"""Mutations that save and delete the draft of a submission."""

from typing import Annotated

import strawberry

from resolvers.submissions import keeping
from resolvers.submissions.drafts import Answered, Scored
from resolvers.submissions.keeping import Unfinished
from schema.changes import Info, answer, signed_in
from schema.enums.submissions import Channel, EmployeeMentionKind
from schema.fields import Reference, argument, field, mutation
from schema.inputs import AnswerInput, OrganizationRef, ScoreInput, described, reference_of
from schema.organizations.organizations import Organization
from schema.problems import InvalidInputProblem, NotEligibleProblem, UnknownReferenceProblem
from schema.scalars import Date


@strawberry.input(description="What is filled in so far. Whether it fits the form is asked when it is submitted.")
class SaveDraftInput:
    organization: OrganizationRef = described("Who is to be rated.")
    questionnaire: strawberry.ID = described("The form that was shown.")
    service: str | None = described("The code of the service.", default=None)
    visited_on: Date | None = described("The date of the visit.", default=None)
    channel: Channel | None = described("How the service was rendered.", default=None)
    scores: list[ScoreInput] = described("The scores so far, at most 16.", default_factory=list)
    answers: list[AnswerInput] = described("The answers so far, at most 100.", default_factory=list)
    comment: str | None = described("The review so far, at most 10,000 characters.", default=None)
    publish_comment: bool = described("Whether the review is to be public.", default=True)
    placement: str | None = described("The tag of the QR code that led here, at most 200 characters.", default=None)
    employee_mention: EmployeeMentionKind | None = described(
        "Whether an employee is to be praised or complained about. The name is asked for when it is submitted: it is kept"
        " in one place, and not here.",
        default=None,
    )


@strawberry.input(description="A draft to delete.")
class DeleteDraftInput:
    organization: OrganizationRef = described("For whom it is.")


@strawberry.type(description="The draft is kept, for a day.")
class SaveDraftPayload:
    organization: Organization = field(Reference("Organization"), "For whom it is, with its `draft`.")


@strawberry.type(description="There is no draft any more.")
class DeleteDraftPayload:
    organization: Organization = field(Reference("Organization"), "For whom it was.")


SaveDraftResult = Annotated[
    SaveDraftPayload | InvalidInputProblem | UnknownReferenceProblem | NotEligibleProblem,
    strawberry.union("SaveDraftResult", description="The draft, or why not."),
]
DeleteDraftResult = Annotated[
    DeleteDraftPayload | InvalidInputProblem | UnknownReferenceProblem,
    strawberry.union("DeleteDraftResult", description="For whom it was, or why not."),
]


@strawberry.type
class KeepingDrafts:
    @mutation(
        "Keep what is filled in for a day: one draft for each organization, in the place of the one before it, which"
        " nobody else can read. Submitting deletes it. Refused with `ORGANIZATION_CLOSED` or `CONFLICT_OF_INTEREST`, as"
        " it could never be submitted, with `QUESTIONNAIRE_UNKNOWN`, or with `TOO_MANY` and `TEXT_TOO_LONG`."
    )
    async def save_draft(
        self, info: Info, input: Annotated[SaveDraftInput, argument("What to keep.")]
    ) -> SaveDraftResult:
        context = signed_in(info)
        unfinished = Unfinished(
            questionnaire=input.questionnaire,
            service=input.service,
            visited_on=input.visited_on,
            channel=input.channel,
            scores=[Scored(each.criterion, each.score) for each in input.scores],
            answers=[Answered(each.question, each.values) for each in input.answers],
            comment=input.comment,
            publish_comment=input.publish_comment,
            placement=input.placement,
            employee_mention=input.employee_mention,
        )
        change = keeping.save(context.database, context.viewer, reference_of(input.organization), unfinished)
        found: SaveDraftResult = await answer(SaveDraftPayload, change)
        return found

    @mutation("Delete the viewer's draft for an organization; where there is none, nothing changes.")
    async def delete_draft(
        self, info: Info, input: Annotated[DeleteDraftInput, argument("Which one.")]
    ) -> DeleteDraftResult:
        context = signed_in(info)
        change = keeping.forget(context.database, context.viewer, reference_of(input.organization))
        found: DeleteDraftResult = await answer(DeleteDraftPayload, change)
        return found
