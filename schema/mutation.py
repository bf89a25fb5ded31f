"""The root of all writes: one field, one transaction."""

from typing import Annotated, Any

import strawberry

from resolvers import problems
from resolvers.drafts import Answered, Draft, Scored
from resolvers.submitting import Submitted, submit
from resolvers.withdrawing import withdraw
from schema.applications import Applying
from schema.changes import Info, answer, signed_in
from schema.clients import ClientChanges
from schema.editions import Publishing
from schema.enums import Channel
from schema.fields import Reference, argument, field, mutation
from schema.grants import Granting
from schema.identities import Unlinking
from schema.inputs import OrganizationRef, described
from schema.lifecycles import Lifecycles
from schema.moderation import Moderation
from schema.organizations import Organization
from schema.policies import PolicyChanges
from schema.problems import (
    IdempotencyKeyProblem,
    InvalidInputProblem,
    NotEligibleProblem,
    UnknownReferenceProblem,
)
from schema.scalars import Date
from schema.signing_in import SigningIn
from schema.submissions import Submission


@strawberry.input(description="A score by a criterion.")
class ScoreInput:
    criterion: str = described("The criterion's code.")
    score: int = described("1 to 5.")


@strawberry.input(description="The answer to a further question.")
class AnswerInput:
    question: str = described("The question's code.")
    values: list[str] = described(
        "Codes of options, `true` or `false`, a number, or a text of at most 2,000 characters."
    )


@strawberry.input(description="A questionnaire, filled in.")
class SubmitQuestionnaireInput:
    organization: OrganizationRef = described("Who is rated.")
    questionnaire: strawberry.ID = described(
        "The form that was shown; a newer one being published meanwhile does no harm."
    )
    service: str | None = described("The code of the service that was rendered.", default=None)
    visited_on: Date | None = described("The date of the visit, not in the future.", default=None)
    channel: Channel | None = described("How the service was rendered.", default=None)
    scores: list[ScoreInput] = described(
        "One for each basic criterion of the form; those for additional ones may be left out."
    )
    answers: list[AnswerInput] | None = described(
        "Answers to the further questions; required ones must be there.", default=None
    )
    comment: str | None = described("A review, at most 10,000 characters.", default=None)
    employee: str | None = described(
        "The name of an employee, at most 200 characters: seen by the head and the moderator only,"
        " and deleted after 12 months (a policy).",
        default=None,
    )
    on_behalf_of: str | None = described(
        "For systems that submit on a rater's behalf: their own opaque reference of the rater. Not available yet.",
        default=None,
    )
    case_reference: str | None = described(
        "For the same systems: their reference of the case served. Not available yet.", default=None
    )
    idempotency_key: str = described(
        "Any string of at most 200 characters that the client makes once for this submission; a"
        " retry with the same one answers the same submission."
    )


@strawberry.input(description="A submission to take back.")
class WithdrawSubmissionInput:
    submission: strawberry.ID = described("One of the viewer's own submissions.")


@strawberry.type(description="The submission counts: every query sees it from now on.")
class SubmitQuestionnairePayload:
    submission: Submission = field(Reference("Submission"), "The submission.")
    organization: Organization = field(Reference("Organization"), "Who was rated.")


@strawberry.type(description="The submission does not count any more.")
class WithdrawSubmissionPayload:
    submission: Submission = field(Reference("Submission"), "The submission.")
    organization: Organization = field(Reference("Organization"), "Who had been rated.")


SubmitQuestionnaireResult = Annotated[
    SubmitQuestionnairePayload
    | InvalidInputProblem
    | UnknownReferenceProblem
    | NotEligibleProblem
    | IdempotencyKeyProblem,
    strawberry.union("SubmitQuestionnaireResult", description="The submission, or why not."),
]
WithdrawSubmissionResult = Annotated[
    WithdrawSubmissionPayload | InvalidInputProblem | UnknownReferenceProblem,
    strawberry.union("WithdrawSubmissionResult", description="The submission, or why not."),
]


@strawberry.type(description="Everything that can be changed.")
class Mutation(
    Moderation, PolicyChanges, Publishing, Lifecycles, Applying, Granting, SigningIn, ClientChanges, Unlinking
):
    @mutation(
        "Rate an organization, signed in. One counted submission per rater and organization in 24 hours (a policy)."
    )
    async def submit_questionnaire(
        self, info: Info, input: Annotated[SubmitQuestionnaireInput, argument("What to submit.")]
    ) -> SubmitQuestionnaireResult:
        context = signed_in(info)
        found: SubmitQuestionnaireResult = await answer(SubmitQuestionnairePayload, submitting(context, input))
        return found

    @mutation("Take back one of one's own submissions: it is subtracted from all totals.")
    async def withdraw_submission(
        self, info: Info, input: Annotated[WithdrawSubmissionInput, argument("What to take back.")]
    ) -> WithdrawSubmissionResult:
        context = signed_in(info)
        change = withdraw(context.database, context.viewer, input.submission)
        found: WithdrawSubmissionResult = await answer(WithdrawSubmissionPayload, change)
        return found


async def submitting(context: Any, given: SubmitQuestionnaireInput) -> Submitted:
    """The submission of an input."""
    return await submit(context.database, context.viewer, draft_of(given))


def draft_of(given: SubmitQuestionnaireInput) -> Draft:
    """The draft in an input; refuses what only systems may say."""
    for name, value in (("onBehalfOf", given.on_behalf_of), ("caseReference", given.case_reference)):
        if value is not None:
            raise problems.InvalidInput("ONLY_FOR_SYSTEMS", "Only a system may say this.", "input", name)
    return Draft(
        organization_id=given.organization.id or None,
        organization_code=given.organization.code or None,
        questionnaire=given.questionnaire,
        service=given.service,
        visited_on=given.visited_on,
        channel=given.channel,
        scores=[Scored(each.criterion, each.score) for each in given.scores],
        answers=[Answered(each.question, each.values) for each in given.answers or ()],
        comment=given.comment,
        employee=given.employee,
        idempotency_key=given.idempotency_key,
    )
