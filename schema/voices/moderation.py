"""Mutations of moderators: a review is published, perhaps masked, or hidden on a listed ground."""

from typing import Annotated

import strawberry

from resolvers.voices import moderating
from schema.changes import Info, answer, signed_in
from schema.enums.voices import HidingGround
from schema.fields import Reference, argument, field, mutation
from schema.inputs import described
from schema.organizations.organizations import Organization
from schema.problems import ConflictProblem, InvalidInputProblem, UnknownReferenceProblem
from schema.voices.reviews import Review

NOTE = "Why, for other moderators: at most 2,000 characters. It should name nobody."


@strawberry.input(
    description="Some characters of a text. They are counted as Unicode code points, so that an emoji outside of the basic"
    " plane is one."
)
class TextSpanInput:
    start: int = described("The first character, from 0 on.")
    end: int = described("Behind the last one, at most the text's length.")


@strawberry.input(description="A review to publish.")
class PublishReviewInput:
    review: strawberry.ID = described("A review of an organization that the viewer moderates.")
    mask: list[TextSpanInput] = described(
        "What of `Review.original` is not published, at most 200 spans: `[…]` stands in the place of each. Without any, the"
        " text is published as it was typed. `Review.proposedMasks` proposes; the moderator decides.",
        default_factory=list,
    )
    note: str | None = described(NOTE, default=None)


@strawberry.input(description="A review to hide.")
class HideReviewInput:
    review: strawberry.ID = described("A review of an organization that the viewer moderates.")
    ground: HidingGround = described("The ground; that the text blames somebody is none.")
    note: str | None = described(NOTE, default=None)


@strawberry.type(description="The review is public, as long as its submission counts.")
class PublishReviewPayload:
    review: Review = field(Reference("Review"), "The review.")
    organization: Organization = field(Reference("Organization"), "Who was rated.")


@strawberry.type(description="The review is not public. Its submission counts all the same.")
class HideReviewPayload:
    review: Review = field(Reference("Review"), "The review.")
    organization: Organization = field(Reference("Organization"), "Who was rated.")


PublishReviewResult = Annotated[
    PublishReviewPayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("PublishReviewResult", description="The review, or why not."),
]
HideReviewResult = Annotated[
    HideReviewPayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("HideReviewResult", description="The review, or why not."),
]


@strawberry.type
class ReviewModeration:
    @mutation(
        "For moderators: publish a review that awaits one or was hidden, or publish it anew with something else masked."
        " Nothing but masking changes its words. Recorded in the audit trail, without the text; scores and ratings stay"
        " as they are. Repeated by the same moderator with the same input, it answers the same. Refused with"
        " `REVIEW_PRIVATE`, `REVIEW_WITHDRAWN`, `ALREADY_PUBLISHED`, `SPAN_OUT_OF_TEXT` or `SPANS_TOO_MANY`."
    )
    async def publish_review(
        self, info: Info, input: Annotated[PublishReviewInput, argument("What to publish.")]
    ) -> PublishReviewResult:
        context = signed_in(info)
        spans = [moderating.Span(each.start, each.end) for each in input.mask]
        change = moderating.publish(context.database, context.viewer, input.review, spans, input.note)
        found: PublishReviewResult = await answer(PublishReviewPayload, change)
        return found

    @mutation(
        "For moderators: hide a review on a listed ground. Its author and the organization's officials go on reading it;"
        " its scores and all ratings stay as they are. Recorded in the audit trail. Repeated by the same moderator with the"
        " same ground and note, it answers the same. Refused with `REVIEW_PRIVATE` or `REVIEW_WITHDRAWN`."
    )
    async def hide_review(
        self, info: Info, input: Annotated[HideReviewInput, argument("What to hide, and why.")]
    ) -> HideReviewResult:
        context = signed_in(info)
        change = moderating.hide(context.database, context.viewer, input.review, input.ground, input.note)
        found: HideReviewResult = await answer(HideReviewPayload, change)
        return found
