"""Signing in and out."""

from typing import Annotated, Any

import strawberry

from resolvers.accounts import signing_in, signing_out
from resolvers.accounts.desks import Desk
from schema.accounts.viewers import Session
from schema.changes import Info, answer, signed_in
from schema.enums.accounts import SessionKind
from schema.fields import Reference, argument, field, mutation
from schema.inputs import described
from schema.problems import CredentialsProblem, InvalidInputProblem, TooManyAttemptsProblem, UnknownReferenceProblem
from schema.scalars import DateTime

CLIENT = (
    "What is to hold the session. `BROWSER`: the answer sets the cookie, and is given to the portal's own pages only."
    " `APP`: the answer has tokens."
)
PROOF = "The account's password. Who has none must have signed in within the last 10 minutes (`SIGN_IN_AGAIN`)."


@strawberry.input(description="An e-mail and a password.")
class SignInInput:
    email: str = described("The account's e-mail; the case of letters makes no difference.")
    password: str = described("Its password.")
    client: SessionKind = described(CLIENT, default=SessionKind.BROWSER)


@strawberry.input(description="What an app has from its sign-in through a provider.")
class SignInWithCodeInput:
    code: str = described("The `code` that the app was called back with. It is good once, for a minute.")
    verifier: str = described(
        "The secret that the app has kept to itself (`code_verifier` of RFC 7636), of which it told the SHA-256."
    )


@strawberry.input(description="The next tokens of an app's session.")
class RefreshTokensInput:
    refresh_token: str = described(
        "The last refresh token that the app was given. One that was used before ends the session: somebody has a copy."
    )


@strawberry.input(description="A session to end.")
class EndSessionInput:
    session: strawberry.ID = described("One of the viewer's own.")


@strawberry.type
class Tokens:
    access_token: str | None = strawberry.field(
        description="For apps: to be sent as `Authorization: Bearer`. Null for browsers, which have the cookie."
    )
    access_token_expires_at: DateTime | None = strawberry.field(
        description="For apps: until when the access token is good, if the session does not end before."
    )
    refresh_token: str | None = strawberry.field(
        description="For apps: what `refreshTokens` takes, once. It is good for 30 days."
    )


@strawberry.type(description="Somebody is signed in.")
class SignInPayload(Tokens):
    """Published form of `auth.sign_ins.SignedIn`."""


@strawberry.type(description="The session goes on with other tokens.")
class RefreshTokensPayload(Tokens):
    """The same for a session that goes on."""


@strawberry.type(description="Sessions are over.")
class SignOutPayload:
    ended_sessions: int = strawberry.field(description="How many were open, and ended.")


@strawberry.type(description="Sessions are over.")
class SignOutEverywherePayload:
    ended_sessions: int = strawberry.field(description="How many were open, and ended.")


@strawberry.type(description="A session is over.")
class EndSessionPayload:
    session: Session = field(Reference("Session"), "The session.")


SignInResult = Annotated[
    SignInPayload | InvalidInputProblem | CredentialsProblem | TooManyAttemptsProblem,
    strawberry.union("SignInResult", description="What signing in gives, or why not."),
]
SignInWithCodeResult = Annotated[
    SignInPayload | CredentialsProblem,
    strawberry.union("SignInWithCodeResult", description="The tokens of an app, or why not."),
]
RefreshTokensResult = Annotated[
    RefreshTokensPayload | CredentialsProblem,
    strawberry.union("RefreshTokensResult", description="The next tokens, or why not."),
]
EndSessionResult = Annotated[
    EndSessionPayload | InvalidInputProblem | UnknownReferenceProblem,
    strawberry.union("EndSessionResult", description="The session, or why not."),
]


@strawberry.type
class SigningIn:
    @mutation(
        "Sign in with an e-mail and a password. Whether there is such an account is not told. After 5 failures in a row"
        " each try has to wait, from a second up to 15 minutes.",
        authenticated=False,
    )
    async def sign_in(self, info: Info, input: Annotated[SignInInput, argument("Who, and where.")]) -> SignInResult:
        change = signing_in.sign_in(desk_of(info), input.email, input.password, input.client)
        found: SignInResult = await answer(SignInPayload, change)
        return found

    @mutation(
        "For apps: the tokens of a sign-in through a provider, for the code that the app was called back with"
        " (`SIGN_IN_CODE_INVALID` where that is not good). Sign-in begins in the system's browser, at `/sign-in/{provider}`.",
        authenticated=False,
    )
    async def sign_in_with_code(
        self, info: Info, input: Annotated[SignInWithCodeInput, argument("The code, and the app's secret.")]
    ) -> SignInWithCodeResult:
        change = signing_in.sign_in_with_code(desk_of(info), input.code, input.verifier)
        found: SignInWithCodeResult = await answer(SignInPayload, change)
        return found

    @mutation(
        "For apps: the next access and refresh token of a session (`REFRESH_TOKEN_INVALID` where it is over).",
        authenticated=False,
    )
    async def refresh_tokens(
        self, info: Info, input: Annotated[RefreshTokensInput, argument("The refresh token.")]
    ) -> RefreshTokensResult:
        found: RefreshTokensResult = await answer(
            RefreshTokensPayload, signing_in.refresh(desk_of(info), input.refresh_token)
        )
        return found

    @mutation(
        "End the session that this request is made in, and have a browser forget it; nobody can sign out, too.",
        authenticated=False,
    )
    async def sign_out(self, info: Info) -> SignOutPayload:
        context = info.context
        found: SignOutPayload = await answer(
            SignOutPayload, signing_out.sign_out(context.database, context.viewer, context.visit)
        )
        return found

    @mutation("End all sessions of the viewer, in all browsers and apps.")
    async def sign_out_everywhere(self, info: Info) -> SignOutEverywherePayload:
        context = signed_in(info)
        change = signing_out.sign_out_everywhere(context.database, context.viewer, context.visit)
        found: SignOutEverywherePayload = await answer(SignOutEverywherePayload, change)
        return found

    @mutation("End one of the viewer's own sessions. Ending it again answers the same.")
    async def end_session(
        self, info: Info, input: Annotated[EndSessionInput, argument("Which one.")]
    ) -> EndSessionResult:
        context = signed_in(info)
        change = signing_out.end_session(context.database, context.viewer, input.session)
        found: EndSessionResult = await answer(EndSessionPayload, change)
        return found


def desk_of(info: Info) -> Desk:
    """Where somebody signs in, with a request."""
    context: Any = info.context
    return Desk(context.database, context.sign_ins, context.visit, context.language)
