"""Mutations of the loop of a review: its head and staff see, answer and act; its author has the last word."""

from typing import Annotated, Any

import strawberry

from resolvers.voices import acting, replying, seeing, settling
from resolvers.voices.telling import Letterhead
from schema.changes import Info, answer, signed_in
from schema.fields import Reference, argument, field, mutation
from schema.inputs import described
from schema.problems import ConflictProblem, InvalidInputProblem, UnknownReferenceProblem
from schema.scalars import Date
from schema.voices.reviews import Review

ENDS = "`REVIEW_UNKNOWN`, `OWN_REVIEW`, `REVIEW_WITHDRAWN`, `REVIEW_REJECTED`, `REVIEW_HIDDEN`, `REVIEW_SETTLED`, `ORGANIZATION_CLOSED`"
TEXTS = "`TEXT_BLANK`, `TEXT_INVALID` (control characters) or `TEXT_TOO_LONG`"
TOLD = "Its author is told by mail, without a word of it, in their language, if the account has a confirmed address."
AT_MOST = "as it is typed: HTML in it is text. At most"


@strawberry.input(description="A review that was read.")
class MarkReviewSeenInput:
    review: strawberry.ID = described("A review of an organization that the viewer is head of.")


@strawberry.input(description="A reply to a review.")
class ReplyToReviewInput:
    review: strawberry.ID = described("A review of an organization that the viewer is head or staff of.")
    text: str = described(f"The reply, {AT_MOST} 10,000 characters.")


@strawberry.input(description="Another text for a reply.")
class EditReplyInput:
    review: strawberry.ID = described(
        "A review that was answered, of an organization that the viewer is head or staff of."
    )
    version: int = described("The version that the viewer has read: `Reply.version`.")
    text: str = described(f"The reply from now on, {AT_MOST} 10,000 characters.")


@strawberry.input(description="Something that was done because of a review.")
class RecordMeasureInput:
    review: strawberry.ID = described("A review of an organization that the viewer is head of.")
    text: str = described(f"What was done, {AT_MOST} 2,000 characters.")
    taken_on: Date | None = described("When: by default today; not in the future, not before the review.", default=None)


@strawberry.input(description="The author's word on a review.")
class SettleReviewInput:
    review: strawberry.ID = described("One of the viewer's own, which was answered or acted on.")
    settled: bool = described("Whether the matter is settled. If so, that stays, and closes the review.")


@strawberry.type(description="The review is marked as seen.")
class MarkReviewSeenPayload:
    review: Review = field(Reference("Review"), "The review.")


@strawberry.type(description="The review is answered.")
class ReplyToReviewPayload:
    review: Review = field(Reference("Review"), "The review.")


@strawberry.type(description="The reply is another; the one before is kept.")
class EditReplyPayload:
    review: Review = field(Reference("Review"), "The review.")


@strawberry.type(description="The measure stands beside the review.")
class RecordMeasurePayload:
    review: Review = field(Reference("Review"), "The review.")


@strawberry.type(description="The author's word stands beside the review.")
class SettleReviewPayload:
    review: Review = field(Reference("Review"), "The review.")


MarkReviewSeenResult = Annotated[
    MarkReviewSeenPayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("MarkReviewSeenResult", description="The review, or why not."),
]
ReplyToReviewResult = Annotated[
    ReplyToReviewPayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("ReplyToReviewResult", description="The review, or why not."),
]
EditReplyResult = Annotated[
    EditReplyPayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("EditReplyResult", description="The review, or why not."),
]
RecordMeasureResult = Annotated[
    RecordMeasurePayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("RecordMeasureResult", description="The review, or why not."),
]
SettleReviewResult = Annotated[
    SettleReviewPayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("SettleReviewResult", description="The review, or why not."),
]


@strawberry.type
class HandlingReviews:
    @mutation(
        f"For heads: mark a review as seen. {TOLD} Marked again, it answers the same. Recorded in the audit trail. Refused"
        f" with {ENDS}."
    )
    async def mark_review_seen(
        self, info: Info, input: Annotated[MarkReviewSeenInput, argument("Which one.")]
    ) -> MarkReviewSeenResult:
        context = signed_in(info)
        change = seeing.mark_seen(context.database, letterhead(context), context.viewer, input.review)
        found: MarkReviewSeenResult = await answer(MarkReviewSeenPayload, change)
        return found

    @mutation(
        f"For heads and staff: answer a review, once. {TOLD} Repeated by the same person with the same text, it answers the"
        f" same; of two who answer at once, one is refused. Recorded in the audit trail. Refused with {ENDS},"
        f" `ALREADY_ANSWERED`, {TEXTS}."
    )
    async def reply_to_review(
        self, info: Info, input: Annotated[ReplyToReviewInput, argument("What to answer to what.")]
    ) -> ReplyToReviewResult:
        context = signed_in(info)
        change = replying.reply(context.database, letterhead(context), context.viewer, input.review, input.text)
        found: ReplyToReviewResult = await answer(ReplyToReviewPayload, change)
        return found

    @mutation(
        f"For heads and staff: put another text in the place of a reply; all are kept. {TOLD} Repeated by the same person, it"
        f" answers the same. Recorded in the audit trail. Refused with {ENDS}, `NOT_ANSWERED`, `REPLY_CHANGED` (somebody"
        f" else has edited it since), {TEXTS}."
    )
    async def edit_reply(
        self, info: Info, input: Annotated[EditReplyInput, argument("What to put in the place of what.")]
    ) -> EditReplyResult:
        context = signed_in(info)
        change = replying.edit(
            context.database, letterhead(context), context.viewer, input.review, input.version, input.text
        )
        found: EditReplyResult = await answer(EditReplyPayload, change)
        return found

    @mutation(
        f"For heads: tell what was done because of a review. {TOLD} The same text and date again answer the same. Recorded"
        f" in the audit trail. Refused with {ENDS}, `TAKEN_IN_FUTURE`, `TAKEN_BEFORE_REVIEW`, `TOO_MANY_MEASURES` (20 at"
        f" most), {TEXTS}."
    )
    async def record_measure(
        self, info: Info, input: Annotated[RecordMeasureInput, argument("What was done because of what.")]
    ) -> RecordMeasureResult:
        context = signed_in(info)
        change = acting.record(
            context.database, letterhead(context), context.viewer, input.review, input.text, input.taken_on
        )
        found: RecordMeasureResult = await answer(RecordMeasurePayload, change)
        return found

    @mutation(
        "Say of one's own review, once it was answered or acted on, whether the matter is settled. Who said no may say yes"
        " later; yes closes the review for good: nothing is edited or added any more. Refused with `REVIEW_UNKNOWN`,"
        " `NOT_ANSWERED`, `REVIEW_SETTLED`, `REVIEW_WITHDRAWN` or `REVIEW_REJECTED`."
    )
    async def settle_review(
        self, info: Info, input: Annotated[SettleReviewInput, argument("Which one, and whether.")]
    ) -> SettleReviewResult:
        context = signed_in(info)
        change = settling.settle(context.database, context.viewer, input.review, settled=input.settled)
        found: SettleReviewResult = await answer(SettleReviewPayload, change)
        return found


def letterhead(context: Any) -> Letterhead:
    """What letters about reviews are written on."""
    return Letterhead(context.sign_ins.public_url, context.default_language)
