"""What a provider publishes about itself: its endpoints and its keys, fetched when they are needed."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, import_key

from auth.providers.configuration import Provider, is_safe_address
from auth.providers.refusals import SignInError, SignInRefused

# Both change seldom; a key that is not known yet is asked for at once.
FRESH_SECONDS = 3600.0


@dataclass(frozen=True)
class Endpoints:
    """Where a provider is asked for what. `tells_issuer`: its answers say who it is (RFC 9207)."""

    authorization: str
    token: str
    userinfo: str | None
    jwks: str | None
    tells_issuer: bool = False


@dataclass
class Metadata:
    """The endpoints and the keys of one provider, remembered for an hour."""

    provider: Provider
    clock: Callable[[], float] = time.monotonic
    _endpoints: tuple[float, Endpoints] | None = field(default=None, init=False)
    _keys: tuple[float, KeySet] | None = field(default=None, init=False)

    async def endpoints(self, http: AsyncOAuth2Client) -> Endpoints:
        """Those of the configuration, and for the rest those that the issuer publishes."""
        if self._endpoints is None or self._is_old(self._endpoints[0]):
            self._endpoints = self.clock(), await self._found_endpoints(http)
        return self._endpoints[1]

    async def keys(self, http: AsyncOAuth2Client, *, anew: bool = False) -> KeySet:
        """The keys that the provider signs with; `anew` for a key that is not among the known ones."""
        if anew or self._keys is None or self._is_old(self._keys[0]):
            address = (await self.endpoints(http)).jwks
            assert address is not None
            self._keys = self.clock(), _public_keys(await fetched(http, address))
        return self._keys[1]

    def _is_old(self, since: float) -> bool:
        return self.clock() - since > FRESH_SECONDS

    async def _found_endpoints(self, http: AsyncOAuth2Client) -> Endpoints:
        provider = self.provider
        if provider.issuer is None or self._is_told_whole():
            published: Mapping[str, Any] = {}
        else:
            published = await fetched(http, f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
            if published.get("issuer") != provider.issuer:
                raise invalid("the configuration that was discovered is another issuer's")
        addresses = [
            _address(getattr(provider, name) or published.get(name), name)
            for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
        ]
        authorization, token, userinfo, jwks = addresses
        if authorization is None or token is None or (provider.speaks_openid and jwks is None):
            raise invalid("the configuration that was discovered lacks an endpoint")
        tells_issuer = published.get("authorization_response_iss_parameter_supported") is True
        return Endpoints(authorization, token, userinfo, jwks, tells_issuer)

    def _is_told_whole(self) -> bool:
        provider = self.provider
        return None not in (provider.authorization_endpoint, provider.token_endpoint, provider.jwks_uri)


async def fetched(http: AsyncOAuth2Client, address: str) -> Mapping[str, Any]:
    """The JSON object at a public address."""
    answer = await http.request("GET", address, withhold_token=True, headers={"Accept": "application/json"})
    if not answer.is_success:
        raise SignInRefused(SignInError.PROVIDER_UNAVAILABLE, f"{address} answered {answer.status_code}")
    return json_object(answer.content)


def json_object(content: bytes) -> Mapping[str, Any]:
    """The JSON object in an answer's body."""
    try:
        found = orjson.loads(content)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise invalid("an answer is no JSON object")
    return found


def invalid(reason: str) -> SignInRefused:
    """What a provider says cannot be relied on."""
    return SignInRefused(SignInError.ANSWER_INVALID, reason)


def _address(address: Any, name: str) -> str | None:
    if address is None:
        return None
    if not isinstance(address, str) or not is_safe_address(address):
        raise invalid(f"{name} is no address that secrets may be sent to")
    return address


def _public_keys(published: Mapping[str, Any]) -> KeySet:
    """The keys of a set that can verify; those of kinds that nobody here knows are left out."""
    keys = []
    for each in published.get("keys") or ():
        if not isinstance(each, dict) or each.get("kty") == "oct" or each.get("use", "sig") != "sig":
            continue
        try:
            keys.append(import_key(each))
        except (JoseError, ValueError, KeyError, TypeError):
            continue
    if not keys:
        raise invalid("the provider publishes no key")
    return KeySet(keys)
