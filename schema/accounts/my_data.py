"""What is the owner's own to decide about an account: to have it erased."""

from typing import Annotated

import strawberry

from resolvers.accounts import erasing
from schema.accounts.signing_in import PROOF, desk_of
from schema.changes import Info, answer, signed_in
from schema.fields import argument, mutation
from schema.inputs import described
from schema.problems import CredentialsProblem, InvalidInputProblem, TooManyAttemptsProblem


@strawberry.input(description="The proof that it is the owner who wishes it.")
class EraseMyAccountInput:
    password: str | None = described(PROOF, default=None)


@strawberry.type(description="The account is gone, for good.")
class EraseMyAccountPayload:
    kept_submissions: int = strawberry.field(
        description="How many submissions go on as they were, under a pseudonym that leads to nobody."
    )


EraseMyAccountResult = Annotated[
    EraseMyAccountPayload | InvalidInputProblem | CredentialsProblem | TooManyAttemptsProblem,
    strawberry.union("EraseMyAccountResult", description="What is left, or why not."),
]


@strawberry.type
class Erasing:
    @mutation(
        "Erase the viewer's account: its e-mail, password, sessions, identities and roles. Its submissions and reviews stay,"
        " counted, under a pseudonym that nobody can trace; withdraw before what should not. This cannot be undone."
        " `viewer { myData }` tells before what is kept."
    )
    async def erase_my_account(
        self, info: Info, input: Annotated[EraseMyAccountInput, argument("The proof.")]
    ) -> EraseMyAccountResult:
        change = erasing.erase(desk_of(info), signed_in(info).viewer, input.password)
        found: EraseMyAccountResult = await answer(EraseMyAccountPayload, change)
        return found
