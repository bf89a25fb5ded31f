"""When reviews are published, by sphere; and the operator's mutations of it."""

from typing import Annotated

import strawberry

from resolvers.voices import policies
from schema.catalogue.services import Sphere
from schema.changes import Info, answer, signed_in
from schema.enums.voices import ReviewModeration
from schema.fields import Column, Object, Objects, argument, field, mutation
from schema.inputs import described
from schema.problems import InvalidInputProblem, UnknownReferenceProblem
from schema.scalars import DateTime


@strawberry.type(
    description="When reviews are published from a moment on, until a later policy of the same sphere. A review goes by the"
    " sphere of its service, or else by those of the organization: if one of them says so, it awaits a moderator. It"
    " does so under any policy where its text surely has a phone number, an e-mail address, a full name with a"
    " patronymic, or the number of a passport or a card."
)
class ReviewPolicy:
    sphere: Sphere | None = field(Object(policies.sphere), "Whose; null for all spheres that have none of their own.")
    moderation: ReviewModeration = field(Column(policies.moderation), "When a moderator looks at reviews.")
    valid_from: DateTime = field(Column(policies.valid_from), "From when on; in the future for what is planned.")


@strawberry.input(description="A policy of reviews to set.")
class SetReviewPolicyInput:
    sphere: str | None = described(
        "The code of a sphere; without one, for all spheres that have no policy of their own.", default=None
    )
    moderation: ReviewModeration = described(
        "When a moderator looks at reviews. Those that are there stay as they are."
    )
    valid_from: DateTime | None = described(
        "From when on: not in the past, at most ten years ahead; by default from now on.", default=None
    )


@strawberry.type(description="The sphere has the policy from that moment on.")
class SetReviewPolicyPayload:
    sphere: str | None = strawberry.field(description="The code of the sphere, if it is one's.")
    moderation: ReviewModeration = strawberry.field(description="When a moderator looks at reviews.")
    valid_from: DateTime = strawberry.field(description="The moment.")


@strawberry.input(description="A planned policy of reviews to take back.")
class WithdrawReviewPolicyInput:
    sphere: str | None = described(
        "The code of its sphere; without one, that of all spheres without one.", default=None
    )
    valid_from: DateTime = described("When it would begin, exactly as `ReviewPolicy.validFrom` tells.")


@strawberry.type(description="The planned policy is taken back.")
class WithdrawReviewPolicyPayload:
    sphere: str | None = strawberry.field(description="The code of the sphere, if it was one's.")
    moderation: ReviewModeration = strawberry.field(description="What it would have been.")
    valid_from: DateTime = strawberry.field(description="When it would have begun.")


WithdrawReviewPolicyResult = Annotated[
    WithdrawReviewPolicyPayload | InvalidInputProblem | UnknownReferenceProblem,
    strawberry.union("WithdrawReviewPolicyResult", description="What was taken back, or why not."),
]
SetReviewPolicyResult = Annotated[
    SetReviewPolicyPayload | InvalidInputProblem | UnknownReferenceProblem,
    strawberry.union("SetReviewPolicyResult", description="The policy, or why not."),
]


@strawberry.type
class ReviewPolicies:
    review_policies: list[ReviewPolicy] = field(
        Objects(policies.listed),
        "When reviews are published: all policies that were, are and will be in force, those for all spheres first.",
    )


@strawberry.type
class ReviewPolicyChanges:
    @mutation(
        "For operators: decide whether the reviews of a sphere are looked at before or after publication, from now or from a"
        " later moment on. Recorded in the audit trail; setting what is so already changes nothing. Refused with"
        " `SPHERE_UNKNOWN`, `VALID_FROM_PAST` or `VALID_FROM_TOO_FAR`."
    )
    async def set_review_policy(
        self, info: Info, input: Annotated[SetReviewPolicyInput, argument("What to set.")]
    ) -> SetReviewPolicyResult:
        context = signed_in(info)
        change = policies.set_policy(context.database, context.viewer, input.sphere, input.moderation, input.valid_from)
        found: SetReviewPolicyResult = await answer(SetReviewPolicyPayload, change)
        return found

    @mutation(
        "For operators: take back a planned policy of reviews before it begins. Recorded in the audit trail. Refused with"
        " `SPHERE_UNKNOWN`, `POLICY_IN_FORCE` where it has begun, or `POLICY_UNKNOWN` where none is planned."
    )
    async def withdraw_review_policy(
        self, info: Info, input: Annotated[WithdrawReviewPolicyInput, argument("What to take back.")]
    ) -> WithdrawReviewPolicyResult:
        context = signed_in(info)
        change = policies.withdraw_policy(context.database, context.viewer, input.sphere, input.valid_from)
        found: WithdrawReviewPolicyResult = await answer(WithdrawReviewPolicyPayload, change)
        return found
