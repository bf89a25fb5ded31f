"""The author's mutation of who reads a review."""

from typing import Annotated

import strawberry

from resolvers.voices import privacy
from schema.changes import Info, answer, signed_in
from schema.fields import Reference, argument, field, mutation
from schema.inputs import described
from schema.problems import ConflictProblem, InvalidInputProblem, UnknownReferenceProblem
from schema.voices.reviews import Review


@strawberry.input(description="Who reads a review from now on.")
class SetReviewPrivacyInput:
    review: strawberry.ID = described("One of the viewer's own.")
    private: bool = described(
        "True: its author and the officials of the organization alone. False: everybody, as before; a review that never"
        " was public awaits a moderator where the policy of the day says so."
    )


@strawberry.type(description="The review is read by those who are to.")
class SetReviewPrivacyPayload:
    review: Review = field(Reference("Review"), "The review.")


SetReviewPrivacyResult = Annotated[
    SetReviewPrivacyPayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("SetReviewPrivacyResult", description="The review, or why not."),
]


@strawberry.type
class ReviewPrivacy:
    @mutation(
        "Have one's own review be read by the organization alone from now on, or take that wish back: at any time, as often as"
        " 20 times. The text is public no more at once, and what became of it with it: the reply, too. It counts as before"
        " in ratings and in how the organization answers. What is so already stays so. Refused with `REVIEW_UNKNOWN`,"
        " `REVIEW_WITHDRAWN`, `REVIEW_HIDDEN` (it is not public anyway) or `TOO_MANY_WISHES` (it stays private)."
    )
    async def set_review_privacy(
        self, info: Info, input: Annotated[SetReviewPrivacyInput, argument("Which one, and who reads it.")]
    ) -> SetReviewPrivacyResult:
        context = signed_in(info)
        change = privacy.wish(context.database, context.viewer, input.review, private=input.private)
        found: SetReviewPrivacyResult = await answer(SetReviewPrivacyPayload, change)
        return found
