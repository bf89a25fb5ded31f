"""The mutations that give the viewer's account another e-mail address."""

from typing import Annotated

import strawberry

from resolvers.accounts import changing_email
from schema.accounts.registration import CODE, LetterOnItsWay
from schema.accounts.signing_in import PROOF, desk_of
from schema.changes import Info, answer, signed_in
from schema.fields import argument, mutation
from schema.inputs import described
from schema.problems import CredentialsProblem, InvalidInputProblem, TooManyAttemptsProblem


@strawberry.input(description="Another address, and the proof that it is the owner who wishes it.")
class RequestEmailChangeInput:
    email: str = described("An address at which the owner receives mail (`EMAIL_INVALID`, `EMAIL_UNCHANGED`).")
    password: str | None = described(PROOF, default=None)


@strawberry.input(description="The proof that an address is one's own.")
class ConfirmEmailChangeInput:
    code: str = described(CODE)


@strawberry.type(description="A letter is on its way. Whether another account has that address, only it tells.")
class RequestEmailChangePayload(LetterOnItsWay):
    """Published form of `resolvers.accounts.registration.LetterOnItsWay`."""


@strawberry.type(description="The account has another address.")
class ConfirmEmailChangePayload:
    email: str = strawberry.field(description="The address: what one signs in with, and where the portal writes to.")


RequestEmailChangeResult = Annotated[
    RequestEmailChangePayload | InvalidInputProblem | CredentialsProblem | TooManyAttemptsProblem,
    strawberry.union("RequestEmailChangeResult", description="Where a letter goes, or why not."),
]
ConfirmEmailChangeResult = Annotated[
    ConfirmEmailChangePayload | InvalidInputProblem,
    strawberry.union("ConfirmEmailChangeResult", description="The address, or why not."),
]


@strawberry.type
class ChangingEmail:
    @mutation(
        "Ask for another address of the viewer's account: a letter with a link for `confirmEmailChange` is sent there, good"
        " for an hour. If another account has it, its owner is told by mail; the answer is the same. Until it is confirmed,"
        " nothing changes."
    )
    async def request_email_change(
        self, info: Info, input: Annotated[RequestEmailChangeInput, argument("The address and the proof.")]
    ) -> RequestEmailChangeResult:
        change = changing_email.request(desk_of(info), signed_in(info).viewer, input.email, input.password)
        found: RequestEmailChangeResult = await answer(RequestEmailChangePayload, change)
        return found

    @mutation(
        "Change the address with the code of the letter, signed in to the same account. The old address is written to, and"
        " links that were sent there are good no more. Sessions stay open."
    )
    async def confirm_email_change(
        self, info: Info, input: Annotated[ConfirmEmailChangeInput, argument("The code.")]
    ) -> ConfirmEmailChangeResult:
        change = changing_email.confirm(desk_of(info), signed_in(info).viewer, input.code)
        found: ConfirmEmailChangeResult = await answer(ConfirmEmailChangePayload, change)
        return found
