"""The client of one provider: where a person is sent, and who it is that comes back."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import Any
from urllib.parse import urlencode

from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from httpx2 import HTTPError, InvalidURL

from auth.providers import id_tokens
from auth.providers.configuration import Provider
from auth.providers.flows import Flow
from auth.providers.id_tokens import Expected, UnknownKey
from auth.providers.metadata import Endpoints, Metadata, invalid, json_object
from auth.providers.people import Person, lacks_something, person
from auth.providers.refusals import SignInError, SignInRefused

# For all that is asked of a provider in one request; a person is waiting in front of a white page.
PATIENCE_SECONDS = 10.0


@dataclass(frozen=True)
class ProviderClient:
    """Speaks to one provider, which sends people back to exactly `redirect_uri`."""

    provider: Provider
    redirect_uri: str
    trust: SSLContext
    patience: float = PATIENCE_SECONDS
    metadata: Metadata = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "metadata", Metadata(self.provider))

    async def authorization_url(self, flow: Flow) -> str:
        """Where to send a person who begins a flow."""
        async with self._exchange() as http:
            endpoints = await self.metadata.endpoints(http)
            parameters: dict[str, str] = dict(self.provider.authorization_parameters)
            if self.provider.speaks_openid:
                parameters["nonce"] = flow.nonce
            url, _ = http.create_authorization_url(
                endpoints.authorization, state=flow.state, code_verifier=flow.verifier, **parameters
            )
            return str(url)

    async def person(self, flow: Flow, returned: Mapping[str, str]) -> Person:
        """Who comes back with what the provider handed them; raises SignInRefused where that is no good."""
        async with self._exchange() as http:
            endpoints = await self.metadata.endpoints(http)
            self._check_issuer(endpoints, returned)
            code = _code(returned)
            token = await self._token(http, endpoints, flow, code, returned)
            return person(self.provider, await self._claims(http, endpoints, flow, token))

    def _check_issuer(self, endpoints: Endpoints, returned: Mapping[str, str]) -> None:
        """Whoever says that it is another issuer is (RFC 9207): a mix-up of providers."""
        told = returned.get("iss")
        if (told is None and endpoints.tells_issuer) or (
            told is not None and self.provider.issuer is not None and told != self.provider.issuer
        ):
            raise invalid("the answer is another issuer's")

    async def _token(
        self, http: AsyncOAuth2Client, endpoints: Endpoints, flow: Flow, code: str, returned: Mapping[str, str]
    ) -> Mapping[str, Any]:
        again = {name: returned[name] for name in self.provider.returned_parameters if name in returned}
        try:
            token = await http.fetch_token(
                endpoints.token,
                grant_type="authorization_code",
                code=code,
                code_verifier=flow.verifier,
                body=urlencode(again),
            )
        except OAuthError as error:
            raise SignInRefused(SignInError.PROVIDER_REFUSED, f"no token is given: {error.error}") from None
        if not isinstance(token.get("access_token"), str):
            raise invalid("there is no access token")
        found: Mapping[str, Any] = token
        return found

    async def _claims(
        self, http: AsyncOAuth2Client, endpoints: Endpoints, flow: Flow, token: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        access_token = token["access_token"]
        if not self.provider.speaks_openid:
            return await self._userinfo(http, endpoints, access_token)
        claims = await self._id_token(http, token.get("id_token"), Expected(self.provider, flow.nonce, access_token))
        if endpoints.userinfo is None or not lacks_something(self.provider, claims):
            return claims
        more = await self._userinfo(http, endpoints, access_token)
        if more.get("sub") != claims["sub"]:
            raise invalid("userinfo is about somebody else")
        return {**more, **claims}

    async def _id_token(self, http: AsyncOAuth2Client, token: Any, expected: Expected) -> Mapping[str, Any]:
        """The claims of the ID token; a key that is not known yet is looked for once."""
        try:
            return id_tokens.verified(token, await self.metadata.keys(http), expected)
        except UnknownKey:
            keys = await self.metadata.keys(http, anew=True)
        try:
            return id_tokens.verified(token, keys, expected)
        except UnknownKey:
            raise invalid("the ID token is signed by no key of the provider") from None

    async def _userinfo(self, http: AsyncOAuth2Client, endpoints: Endpoints, access_token: str) -> Mapping[str, Any]:
        assert endpoints.userinfo is not None
        how = self.provider.userinfo
        if how.via == "form":
            form = {"access_token": access_token, "client_id": self.provider.client_id}
            answer = await http.request("POST", endpoints.userinfo, withhold_token=True, data=form)
        else:
            headers = {"Authorization": f"{how.scheme} {access_token}", "Accept": "application/json"}
            answer = await http.request("GET", endpoints.userinfo, withhold_token=True, headers=headers)
        if not answer.is_success:
            raise SignInRefused(SignInError.PROVIDER_REFUSED, f"userinfo answered {answer.status_code}")
        return json_object(answer.content)

    def _http(self) -> AsyncOAuth2Client:
        """Authlib's client for one exchange: it keeps a token, so each flow has its own."""
        secret = self.provider.client_secret
        return AsyncOAuth2Client(
            client_id=self.provider.client_id,
            client_secret=None if secret is None else secret.get_secret_value(),
            token_endpoint_auth_method=self.provider.client_authentication,
            scope=" ".join(self.provider.scopes),
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            timeout=self.patience,
            verify=self.trust,
        )

    @asynccontextmanager
    async def _exchange(self) -> AsyncIterator[AsyncOAuth2Client]:
        """A client that ends what takes too long, and tells of whatever fails on the way in one manner."""
        try:
            async with asyncio.timeout(self.patience), self._http() as http:
                yield http
        except (TimeoutError, HTTPError, InvalidURL) as error:
            raise SignInRefused(SignInError.PROVIDER_UNAVAILABLE, type(error).__name__) from None
        except ValueError:
            raise invalid("an answer cannot be read") from None


def _code(returned: Mapping[str, str]) -> str:
    """The code in what came back; refuses the provider's own refusal."""
    if "error" in returned:
        cancelled = returned["error"] == "access_denied"
        error = SignInError.CANCELLED if cancelled else SignInError.PROVIDER_REFUSED
        raise SignInRefused(error, "the provider answered with an error")
    if not returned.get("code"):
        raise invalid("there is no code")
    return returned["code"]
