"""The mutation that takes an identity at a provider from the viewer's account."""

from typing import Annotated

import strawberry

from resolvers.accounts import unlinking
from schema.accounts.signing_in import desk_of
from schema.changes import Info, answer, signed_in
from schema.fields import argument, mutation
from schema.inputs import described
from schema.problems import ConflictProblem, InvalidInputProblem, UnknownReferenceProblem


@strawberry.input(description="An identity to unlink.")
class UnlinkIdentityInput:
    identity: strawberry.ID = described("One of the viewer's own identities.")


@strawberry.type(description="The identity does not open the account any more.")
class UnlinkIdentityPayload:
    provider: str = strawberry.field(description="The code of the provider that it was at.")


UnlinkIdentityResult = Annotated[
    UnlinkIdentityPayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("UnlinkIdentityResult", description="What was unlinked, or why not."),
]


@strawberry.type
class Unlinking:
    @mutation(
        "Take an identity at a provider from the viewer's account; sessions stay open, and its owner is written to. Refused with `IDENTITY_UNKNOWN`,"
        " or `LAST_MEANS_OF_SIGN_IN` where neither a password nor another identity would open the account."
    )
    async def unlink_identity(
        self, info: Info, input: Annotated[UnlinkIdentityInput, argument("What to unlink.")]
    ) -> UnlinkIdentityResult:
        change = unlinking.unlink(desk_of(info), signed_in(info).viewer, input.identity)
        found: UnlinkIdentityResult = await answer(UnlinkIdentityPayload, change)
        return found
