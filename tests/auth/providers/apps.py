"""An app on somebody's device: it opens the system's browser, is called back by it, and has its tokens from /graphql."""

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import httpx

from tests.auth.providers.browsers import PORTAL, Browser

SIGN_IN = """mutation($code: String!, $verifier: String!) { result: signInWithCode(input: {code: $code, verifier: $verifier}) {
    __typename ... on Problem { code path } ... on SignInPayload { accessToken accessTokenExpiresAt refreshToken } } }"""
REFRESH = """mutation($token: String!) { result: refreshTokens(input: {refreshToken: $token}) {
    __typename ... on Problem { code } ... on RefreshTokensPayload { accessToken refreshToken } } }"""
VIEWER = "{ viewer { account { code email } sessions { kind isCurrent } } }"


@dataclass(frozen=True)
class App:
    """An app that signs its user in by the system's browser; it has secrets of its own, and asks the portal by itself."""

    browser: Browser
    http: httpx.AsyncClient
    redirect_uri: str = "org.example.rating:/signed-in"
    state: str = field(default_factory=secrets.token_urlsafe)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    def address(self, provider: str = "google", **changes: str | None) -> str:
        """Where it sends the browser; a parameter that is changed to None is left out."""
        digest = urlsafe_b64encode(sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()
        told: dict[str, str | None] = {"redirect_uri": self.redirect_uri, "state": self.state, "code_challenge": digest}
        told |= {"code_challenge_method": "S256"} | changes
        given = {name: value for name, value in told.items() if value is not None}
        return str(httpx.URL(f"{PORTAL}/sign-in/{provider}", params=given))

    async def called_back(self, login: str, provider: str = "google") -> dict[str, str]:
        """What the browser calls it back with, once somebody has signed in at the provider."""
        self.browser.leave_providers()
        page = await self.browser.open(self.address(provider), stop_before=self.redirect_uri)
        return self.told((await self.browser.answer(page, login, self.redirect_uri)).headers["location"])

    def told(self, address: str) -> dict[str, str]:
        """What stands in the address that it is called back at."""
        assert address.startswith(self.redirect_uri), address
        told = dict(httpx.URL(address).params)
        assert told["state"] == self.state
        return told

    async def sign_in(self, code: str, verifier: str | None = None) -> Any:
        """What it is answered for a code."""
        return await self._ask(SIGN_IN, code=code, verifier=self.verifier if verifier is None else verifier)

    async def refresh(self, token: str) -> Any:
        """What it is answered for a refresh token."""
        return await self._ask(REFRESH, token=token)

    async def viewer(self, access_token: str) -> Any:
        """Who its access token is of."""
        headers = {"Authorization": f"Bearer {access_token}"}
        return (await self._post(VIEWER, {}, headers))["viewer"]

    async def _ask(self, query: str, **variables: str) -> Any:
        return (await self._post(query, variables, {}))["result"]

    async def _post(self, query: str, variables: Any, headers: Any) -> Any:
        """What /graphql answers an app, which has no cookie and is no page."""
        body = {"query": query, "variables": variables}
        response = await self.http.post(f"{PORTAL}/graphql", json=body, headers=headers)
        assert "set-cookie" not in response.headers
        answer = response.json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]
