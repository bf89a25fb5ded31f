"""Mutations of moderators: submissions are rejected on a listed ground of fraud, and restored."""

from typing import Annotated

import strawberry

from resolvers.submissions import moderating
from schema.changes import Info, answer, signed_in
from schema.enums.submissions import RejectionGround
from schema.fields import Reference, argument, field, mutation
from schema.inputs import described
from schema.organizations.organizations import Organization
from schema.problems import InvalidInputProblem, UnknownReferenceProblem
from schema.submissions.submissions import Submission

NOTE = "Why, for other moderators: at most 2,000 characters. It should name nobody."


@strawberry.input(description="A submission to reject.")
class RejectSubmissionInput:
    submission: strawberry.ID = described("A submission that counts, for an organization that the viewer moderates.")
    ground: RejectionGround = described("The ground of fraud; what was said is none.")
    note: str | None = described(NOTE, default=None)


@strawberry.input(description="A submission to restore.")
class RestoreSubmissionInput:
    submission: strawberry.ID = described("A rejected submission for an organization that the viewer moderates.")
    note: str | None = described(NOTE, default=None)


@strawberry.type(description="The submission does not count any more; its rater sees that, and the ground.")
class RejectSubmissionPayload:
    submission: Submission = field(Reference("Submission"), "The submission.")
    organization: Organization = field(Reference("Organization"), "Who had been rated.")


@strawberry.type(description="The submission counts again.")
class RestoreSubmissionPayload:
    submission: Submission = field(Reference("Submission"), "The submission.")
    organization: Organization = field(Reference("Organization"), "Who was rated.")


RejectSubmissionResult = Annotated[
    RejectSubmissionPayload | InvalidInputProblem | UnknownReferenceProblem,
    strawberry.union("RejectSubmissionResult", description="The submission, or why not."),
]
RestoreSubmissionResult = Annotated[
    RestoreSubmissionPayload | InvalidInputProblem | UnknownReferenceProblem,
    strawberry.union("RestoreSubmissionResult", description="The submission, or why not."),
]


@strawberry.type
class Moderation:
    @mutation(
        "For moderators: reject a submission on a listed ground of fraud. It is subtracted from all totals, and"
        " recorded in the audit trail. Its text stays as it was: hiding a text is another matter, which never"
        " touches scores. Repeated by the same moderator with the same ground and note, it answers the same. Refused"
        " with `ALREADY_REJECTED` or `SUBMISSION_WITHDRAWN`."
    )
    async def reject_submission(
        self, info: Info, input: Annotated[RejectSubmissionInput, argument("What to reject, and why.")]
    ) -> RejectSubmissionResult:
        context = signed_in(info)
        change = moderating.reject(context.database, context.viewer, input.submission, input.ground, input.note)
        found: RejectSubmissionResult = await answer(RejectSubmissionPayload, change)
        return found

    @mutation(
        "For moderators: let a rejected submission count again. It is added to all totals, and recorded in the audit"
        " trail. Repeated by the same moderator with the same note, it answers the same. Refused with `NOT_REJECTED` or"
        " `SUBMISSION_WITHDRAWN`."
    )
    async def restore_submission(
        self, info: Info, input: Annotated[RestoreSubmissionInput, argument("What to restore.")]
    ) -> RestoreSubmissionResult:
        context = signed_in(info)
        change = moderating.restore(context.database, context.viewer, input.submission, input.note)
        found: RestoreSubmissionResult = await answer(RestoreSubmissionPayload, change)
        return found
