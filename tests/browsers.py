"""Browsers and apps of citizens, over the real application: with cookies, and what browsers tell of pages."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import psycopg
from argon2 import PasswordHasher

from auth.cookies import NAME
from tests.citizens import PROBLEM, result
from tests.clients import Answer, Client

ORIGIN = "https://portal"
PAGE = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin", "User-Agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"}
ELSEWHERE = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
# The least that argon2 takes: tests of passwords are not about its strength.
CHEAP = {"password_memory": 8, "password_passes": 1}
PASSWORD = "yellow river boat"  # noqa: S105 - a test's own

SIGN_IN = f"""mutation($input: SignInInput!) {{ signIn(input: $input) {{ __typename {PROBLEM}
    ... on SignInPayload {{ accessToken accessTokenExpiresAt refreshToken }}
    ... on TooManyAttemptsProblem {{ retryAt }} }} }}"""
REFRESH = f"""mutation($token: String!) {{ refreshTokens(input: {{refreshToken: $token}}) {{ __typename {PROBLEM}
    ... on RefreshTokensPayload {{ accessToken accessTokenExpiresAt refreshToken }} }} }}"""
SIGN_OUT = "mutation { signOut { endedSessions } }"
WHO = "{ viewer { account { code } } }"


@dataclass(frozen=True)
class Browser:
    """A browser with its own jar of cookies, showing one of the portal's pages unless `headers` say otherwise."""

    http: httpx.AsyncClient
    headers: Mapping[str, str] = field(default_factory=lambda: PAGE)

    async def ask(self, operation: str, /, headers: Mapping[str, str] | None = None, **variables: Any) -> Answer:
        """The whole answer to an operation."""
        body = {"query": operation, "variables": variables}
        sent = self.headers if headers is None else headers
        return Answer(await self.http.post("/graphql", json=body, headers=sent))

    async def sign_in(self, email: str, password: str = PASSWORD, client: str = "BROWSER") -> Any:
        """The result of signing in."""
        return result(await self.ask(SIGN_IN, input={"email": email, "password": password, "client": client}))

    async def who(self, token: str | None = None) -> str | None:
        """The code of the account that is signed in, by the cookie or by a token."""
        headers = None if token is None else {"Authorization": f"Bearer {token}"}
        viewer = (await self.ask(WHO, headers)).data["viewer"]
        return None if viewer is None else str(viewer["account"]["code"])

    @property
    def secret(self) -> str | None:
        """The session's secret in the jar."""
        return self.http.cookies.get(NAME)


@asynccontextmanager
async def browser_of(client: Client) -> AsyncIterator[Browser]:
    """A browser with an empty jar, for the length of a block."""
    async with httpx.AsyncClient(transport=client.http._transport, base_url=ORIGIN) as http:
        yield Browser(http)


def with_password(url: str, account: str, password: str = PASSWORD) -> str:
    """Give an account an e-mail and a password; the e-mail."""
    email = f"{account}@example.org"
    hash_ = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)
    with psycopg.connect(url) as connection:
        connection.execute(
            "UPDATE account SET email = %s, email_confirmed_at = now() WHERE code = %s", [email, account]
        )
        query = "INSERT INTO credential (account_id, hash) SELECT id, %s FROM account WHERE code = %s"
        assert connection.execute(query, [hash_, account]).rowcount == 1
    return email


REGISTER = f"""mutation($input: RegisterInput!) {{ register(input: $input) {{
    __typename {PROBLEM} ... on RegisterPayload {{ email }} }} }}"""
CONFIRM = f"""mutation($input: ConfirmEmailInput!) {{ confirmEmail(input: $input) {{
    __typename {PROBLEM} ... on ConfirmEmailPayload {{ accessToken }} }} }}"""
REQUEST = f"""mutation($email: String!) {{ requestPasswordReset(input: {{email: $email}}) {{
    __typename {PROBLEM} ... on RequestPasswordResetPayload {{ email }} }} }}"""
RESET = f"""mutation($input: ResetPasswordInput!) {{ resetPassword(input: $input) {{
    __typename {PROBLEM} ... on ResetPasswordPayload {{ accessToken }} }} }}"""
ASK_FOR_EMAIL = f"""mutation($input: RequestEmailChangeInput!) {{ requestEmailChange(input: $input) {{
    __typename {PROBLEM} ... on RequestEmailChangePayload {{ email }} }} }}"""
CHANGE_EMAIL = f"""mutation($code: String!) {{ confirmEmailChange(input: {{code: $code}}) {{
    __typename {PROBLEM} ... on ConfirmEmailChangePayload {{ email }} }} }}"""
CHANGE = f"""mutation($input: ChangePasswordInput!) {{ changePassword(input: $input) {{
    __typename {PROBLEM} ... on ChangePasswordPayload {{ endedSessions }} }} }}"""
