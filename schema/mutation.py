"""The root of all writes: one field, one transaction."""

from typing import Annotated, Any

import strawberry

from auth.visibility import MADE_HERE
from models.clients import ClientScope
from models.errors import Forbidden
from resolvers import problems
from resolvers.submissions.authors import Account, Author, Guest, Represented
from resolvers.submissions.drafts import Answered, Draft, Scored
from resolvers.submissions.submitting import Submitted, submit
from resolvers.submissions.withdrawing import withdraw
from schema.accounts.changing_email import ChangingEmail
from schema.accounts.my_data import Erasing
from schema.accounts.registration import Registration
from schema.accounts.signing_in import SigningIn
from schema.accounts.unlinking import Unlinking
from schema.catalogue.drafting import Drafting
from schema.changes import Info, answer, by_machine, signed_in
from schema.enums.accounts import RaterKind
from schema.enums.submissions import Channel, EmployeeMentionKind
from schema.fields import Reference, argument, field, mutation
from schema.inputs import AnswerInput, OrganizationRef, ScoreInput, described
from schema.officials.grants import Granting
from schema.organizations.organizations import Organization
from schema.policies.policies import PolicyChanges
from schema.problems import (
    ConflictProblem,
    IdempotencyKeyProblem,
    InvalidInputProblem,
    NotEligibleProblem,
    UnknownReferenceProblem,
)
from schema.ratings.editions import Publishing
from schema.register.applications import Applying
from schema.register.lifecycles import Lifecycles
from schema.scalars import Date
from schema.submissions.drafts import KeepingDrafts
from schema.submissions.moderation import Moderation
from schema.submissions.submissions import Submission
from schema.surveys.surveys import Answering
from schema.systems.clients import ClientChanges
from schema.systems.invitations import Inviting
from schema.voices.complaints import Complaining
from schema.voices.handling import HandlingReviews
from schema.voices.moderation import ReviewModeration
from schema.voices.policies import ReviewPolicyChanges
from schema.voices.privacy import ReviewPrivacy


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
    publish_comment: bool = described(
        "Whether the review may be published; if not, only the organization, those above it and moderators read it.",
        default=True,
    )
    employee: str | None = described(
        "The name of an employee, at most 200 characters: seen by the head and the moderator only,"
        " and deleted after 12 months (a policy).",
        default=None,
    )
    employee_mention: EmployeeMentionKind | None = described(
        "Why `employee` is named. Praise is counted for the organization, and stays when the name is deleted.",
        default=None,
    )
    on_behalf_of: str | None = described(
        "For other systems, with the scope `submissions:write`: their own opaque reference of the rater they speak for,"
        " at most 200 characters. It is kept only as a keyed hash for each system: the same reference is the same rater,"
        " who may rate an organization as often as anybody, and nobody learns who that is. So a conflict of interest"
        " cannot be known: the system answers for it.",
        default=None,
    )
    case_reference: str | None = described(
        "For the same systems: their own reference of the case served, at most 200 characters. It is kept only as a keyed"
        " hash. A case is rated once (`CASE_TAKEN`).",
        default=None,
    )
    rater_kind: RaterKind | None = described(
        "For the same systems: for whom the rater speaks; by default `PERSON`. With another kind, the same reference is"
        " another rater.",
        default=None,
    )
    placement: str | None = described(
        "For whoever came by a QR code: the `placement` in its link, which counter, poster or leaflet it was. 1 to 32"
        " Latin letters, digits, `_`, `.` and `-`, beginning with a letter or digit (`PLACEMENT_INVALID`). It is shown to"
        " no one with a submission: heads see how many came by each (`Organization.placements`).",
        default=None,
    )
    invitation: str | None = described(
        "For whoever was sent a link, and is not signed in: its token. It is good for one rating, which is verified;"
        " `service` and `visitedOn` are then the link's, and can be left out.",
        default=None,
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
    | IdempotencyKeyProblem
    | ConflictProblem,
    strawberry.union("SubmitQuestionnaireResult", description="The submission, or why not."),
]
WithdrawSubmissionResult = Annotated[
    WithdrawSubmissionPayload | InvalidInputProblem | UnknownReferenceProblem,
    strawberry.union("WithdrawSubmissionResult", description="The submission, or why not."),
]


@strawberry.type(description="Everything that can be changed.")
class Mutation(
    Moderation,
    PolicyChanges,
    Publishing,
    Lifecycles,
    Applying,
    Granting,
    Registration,
    ChangingEmail,
    SigningIn,
    ClientChanges,
    Unlinking,
    Erasing,
    Inviting,
    HandlingReviews,
    ReviewPrivacy,
    Complaining,
    Drafting,
    Answering,
    ReviewModeration,
    ReviewPolicyChanges,
    KeepingDrafts,
):
    @mutation(
        "Rate an organization: signed in, or with a link (`invitation`), or as another system that speaks for somebody"
        " (`onBehalfOf`): exactly one of these (`ONE_RATER_ONLY`, `ONLY_FOR_SYSTEMS`). One counted submission per rater"
        " and organization in 24 hours (a policy). A link is good for one rating: `INVITATION_UNKNOWN`,"
        " `INVITATION_USED`, `INVITATION_EXPIRED`, `INVITATION_FOR_ANOTHER`. Who is not signed in sees the submission"
        " in the answer to just this.",
        # Whoever holds a link is nobody, and may: only without one somebody has to be signed in.
        authenticated=False,
    )
    async def submit_questionnaire(
        self, info: Info, input: Annotated[SubmitQuestionnaireInput, argument("What to submit.")]
    ) -> SubmitQuestionnaireResult:
        found: SubmitQuestionnaireResult = await answer(SubmitQuestionnairePayload, submitting(info, input))
        return found

    @mutation("Take back one of one's own submissions: it is subtracted from all totals.")
    async def withdraw_submission(
        self, info: Info, input: Annotated[WithdrawSubmissionInput, argument("What to take back.")]
    ) -> WithdrawSubmissionResult:
        context = signed_in(info)
        change = withdraw(context.database, context.viewer, input.submission)
        found: WithdrawSubmissionResult = await answer(WithdrawSubmissionPayload, change)
        return found


async def submitting(info: Info, given: SubmitQuestionnaireInput) -> Submitted:
    """The submission of an input, which this request may see."""
    done = await submit(info.context.database, author_of(info, given), draft_of(given))
    info.context.shared[MADE_HERE] = done.submission
    return done


def author_of(info: Info, given: SubmitQuestionnaireInput) -> Author:
    """Whoever an input is from: an account, another system's rater, or who holds a link."""
    context = info.context
    if given.invitation is not None and (context.viewer is not None or context.machine is not None):
        message = "A link is for whoever it was sent to: nobody may be signed in."
        raise problems.InvalidInput("ONE_RATER_ONLY", message, "input", "invitation")
    if context.machine is not None:
        return _represented(by_machine(info, ClientScope.SUBMISSIONS_WRITE), given)
    if given.invitation is None:
        signed_in(info)
    _refuse_words_of_systems(given)
    if given.invitation is not None:
        return Guest(context.references, given.invitation)
    return Account(context.viewer)


def _represented(context: Any, given: SubmitQuestionnaireInput) -> Author:
    if given.on_behalf_of is None:
        raise Forbidden("Another system has no voice of its own: it says on whose behalf it submits.")
    kind = given.rater_kind or RaterKind.PERSON
    return Represented(context.machine, context.references, given.on_behalf_of, given.case_reference, kind)


def _refuse_words_of_systems(given: SubmitQuestionnaireInput) -> None:
    words = {
        "onBehalfOf": given.on_behalf_of,
        "caseReference": given.case_reference,
        "raterKind": given.rater_kind,
    }
    for name, value in words.items():
        if value is not None:
            raise problems.InvalidInput("ONLY_FOR_SYSTEMS", "Only a system may say this.", "input", name)


def draft_of(given: SubmitQuestionnaireInput) -> Draft:
    """The draft in an input: what is said, whoever says it."""
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
        publish_comment=given.publish_comment,
        employee=given.employee,
        employee_mention=given.employee_mention,
        idempotency_key=given.idempotency_key,
        placement=given.placement,
    )
