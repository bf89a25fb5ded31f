"""Registration and passwords."""

from typing import Annotated

import strawberry

from resolvers.accounts import changing_password, registration, resetting
from schema.accounts.signing_in import CLIENT, PROOF, Tokens, desk_of
from schema.changes import Info, answer, signed_in
from schema.enums.accounts import RaterKind, SessionKind
from schema.fields import argument, mutation
from schema.inputs import described
from schema.problems import CredentialsProblem, InvalidInputProblem, TooManyAttemptsProblem

STRENGTH = (
    "10 to 200 characters (`PASSWORD_TOO_SHORT`, `PASSWORD_TOO_LONG`), of any kind, and not among the first that somebody"
    " would guess: known from breaches, a common word, a pattern of keys, parts of the e-mail (`PASSWORD_GUESSABLE`)."
)
CODE = "What stands behind `#code=` in the link of the letter. It is good once (`CODE_INVALID`)."


@strawberry.input(description="Somebody who wishes to have an account.")
class RegisterInput:
    email: str = described("An address at which they receive mail; it is told to nobody (`EMAIL_INVALID`).")
    password: str = described(STRENGTH)
    kind: RaterKind = described("For whom they will speak.", default=RaterKind.PERSON)


@strawberry.input(description="The proof that an address is one's own.")
class ConfirmEmailInput:
    code: str = described(CODE)
    password: str = described("The password that was chosen: nobody else gets an account under one's address.")
    client: SessionKind = described(CLIENT, default=SessionKind.BROWSER)


@strawberry.input(description="Whose password is to be set anew.")
class RequestPasswordResetInput:
    email: str = described("The account's e-mail; the case of letters makes no difference.")


@strawberry.input(description="A new password.")
class ResetPasswordInput:
    code: str = described(CODE)
    password: str = described(STRENGTH)
    client: SessionKind = described(CLIENT, default=SessionKind.BROWSER)


@strawberry.input(description="Another password.")
class ChangePasswordInput:
    current_password: str | None = described(PROOF, default=None)
    new_password: str = described(STRENGTH)


@strawberry.type
class LetterOnItsWay:
    email: str = strawberry.field(description="Where a letter is on its way to. It tells what comes next.")


@strawberry.type(description="A letter is on its way. Whether there is an account with that address, only it tells.")
class RegisterPayload(LetterOnItsWay):
    """Published form of `resolvers.accounts.registration.LetterOnItsWay`."""


@strawberry.type(description="A letter is on its way. Whether there is an account with that address, only it tells.")
class RequestPasswordResetPayload(LetterOnItsWay):
    """The same for a reset."""


@strawberry.type(description="The account is there, and its owner signed in.")
class ConfirmEmailPayload(Tokens):
    """Published form of `auth.sign_ins.SignedIn`."""


@strawberry.type(description="The password is set, all sessions are over, and the account's owner is signed in anew.")
class ResetPasswordPayload(Tokens):
    """The same after a reset."""


@strawberry.type(description="The password is another, and all other sessions are over.")
class ChangePasswordPayload:
    ended_sessions: int = strawberry.field(description="How many were open, and ended.")


RegisterResult = Annotated[
    RegisterPayload | InvalidInputProblem | TooManyAttemptsProblem,
    strawberry.union("RegisterResult", description="Where a letter goes, or why not."),
]
ConfirmEmailResult = Annotated[
    ConfirmEmailPayload | InvalidInputProblem | CredentialsProblem | TooManyAttemptsProblem,
    strawberry.union("ConfirmEmailResult", description="What signing in gives, or why not."),
]
RequestPasswordResetResult = Annotated[
    RequestPasswordResetPayload | InvalidInputProblem | TooManyAttemptsProblem,
    strawberry.union("RequestPasswordResetResult", description="Where a letter goes, or why not."),
]
ResetPasswordResult = Annotated[
    ResetPasswordPayload | InvalidInputProblem,
    strawberry.union("ResetPasswordResult", description="What signing in gives, or why not."),
]
ChangePasswordResult = Annotated[
    ChangePasswordPayload | InvalidInputProblem | CredentialsProblem | TooManyAttemptsProblem,
    strawberry.union("ChangePasswordResult", description="How many sessions ended, or why not."),
]


@strawberry.type
class Registration:
    @mutation(
        "Ask for an account: a letter with a link for `confirmEmail` is sent, good for 24 hours. If there is an account"
        " with that address, its owner is sent a link to set its password instead; the answer is the same. Asking again"
        " sends another letter.",
        authenticated=False,
    )
    async def register(self, info: Info, input: Annotated[RegisterInput, argument("Who.")]) -> RegisterResult:
        change = registration.register(desk_of(info), input.email, input.password, input.kind)
        found: RegisterResult = await answer(RegisterPayload, change)
        return found

    @mutation("Finish a registration with the code of the letter, and sign in.", authenticated=False)
    async def confirm_email(
        self, info: Info, input: Annotated[ConfirmEmailInput, argument("The code and the password.")]
    ) -> ConfirmEmailResult:
        change = registration.confirm(desk_of(info), input.code, input.password, input.client)
        found: ConfirmEmailResult = await answer(ConfirmEmailPayload, change)
        return found

    @mutation(
        "For who forgot the password, and for accounts of an older portal, which have none: a letter with a link for"
        " `resetPassword` is sent, good for an hour. To an address without an account a letter says so; the answer is"
        " the same.",
        authenticated=False,
    )
    async def request_password_reset(
        self, info: Info, input: Annotated[RequestPasswordResetInput, argument("Whose.")]
    ) -> RequestPasswordResetResult:
        found: RequestPasswordResetResult = await answer(
            RequestPasswordResetPayload, resetting.request(desk_of(info), input.email)
        )
        return found

    @mutation("Set a password with the code of the letter, end all sessions, and sign in.", authenticated=False)
    async def reset_password(
        self, info: Info, input: Annotated[ResetPasswordInput, argument("The code and the new password.")]
    ) -> ResetPasswordResult:
        change = resetting.reset(desk_of(info), input.code, input.password, input.client)
        found: ResetPasswordResult = await answer(ResetPasswordPayload, change)
        return found

    @mutation("Set another password, signed in, and end all other sessions. The owner is told by mail.")
    async def change_password(
        self, info: Info, input: Annotated[ChangePasswordInput, argument("The old one and the new one.")]
    ) -> ChangePasswordResult:
        viewer = signed_in(info).viewer
        change = changing_password.change(desk_of(info), viewer, input.current_password, input.new_password)
        found: ChangePasswordResult = await answer(ChangePasswordPayload, change)
        return found
