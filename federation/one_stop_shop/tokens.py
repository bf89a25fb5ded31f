"""The portal's access tokens (JWTs after RFC 9068), verified by the keys that it publishes, and by nothing else of it.

What has ended a token early is not told by the keys: it is believed until it expires, a quarter of an hour at most.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

# A token may name an algorithm; which ones are taken is ours to say.
ALGORITHMS = ["ES256"]
TYPE = "at+jwt"
CLOCK_SKEW = 30
FETCH_SECONDS = 5.0


class Refused(Exception):
    """A token that is not believed; its message is for whoever sent it."""


@dataclass
class PublishedKeys:
    """The keys at an address. They are kept for minutes, as the next one is published before it signs.

    For a key that is not among them they are fetched again, but not sooner than after a pause: anybody can name keys
    that there are not. What was fetched last stays good while the address does not answer.
    """

    address: str
    kept_seconds: float = 300.0
    pause_seconds: float = 10.0
    clock: Callable[[], float] = time.monotonic
    _keys: dict[str, Key] = field(default_factory=dict, init=False)
    _fetched: float = field(default=float("-inf"), init=False)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def with_id(self, kid: str) -> Key | None:
        """The key of that id, if it is published."""
        async with self._turn:
            age = self.clock() - self._fetched
            if age >= self.kept_seconds or (kid not in self._keys and age >= self.pause_seconds):
                await self._fetch()
        return self._keys.get(kid)

    async def _fetch(self) -> None:
        self._fetched = self.clock()
        try:
            async with httpx2.AsyncClient(timeout=FETCH_SECONDS) as http:
                published = (await http.get(self.address)).raise_for_status().json()
            self._keys = {str(key.kid): key for key in KeySet.import_key_set(published).keys}
        except (httpx2.HTTPError, JoseError, ValueError, TypeError, KeyError) as error:
            if not self._keys:
                raise Refused("The portal's keys cannot be fetched.") from error


@dataclass(frozen=True)
class Verifier:
    """Believes tokens of one issuer for one audience."""

    keys: PublishedKeys
    issuer: str
    audience: str

    async def scopes(self, authorization: str | None) -> frozenset[str]:
        """What the sender of an Authorization header may do; raises Refused for a token that is bad, or none."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer":
            raise Refused("This takes an access token of the portal.")
        try:
            claims = await self._claims(token.strip())
        except (JoseError, ValueError) as error:
            raise Refused("The access token is bad.") from error
        scope = claims.get("scope", "")
        return frozenset(scope.split() if isinstance(scope, str) else ())

    async def _claims(self, token: str) -> dict[str, Any]:
        header = jws.extract_compact(token.encode()).headers()
        key = await self.keys.with_id(str(header.get("kid")))
        if key is None or header.get("typ") != TYPE:
            raise Refused("The access token is not one of the portal.")
        claims = jwt.decode(token, key, algorithms=ALGORITHMS).claims
        jwt.JWTClaimsRegistry(
            leeway=CLOCK_SKEW,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.audience},
            sub={"essential": True},
            exp={"essential": True},
        ).validate(claims)
        return claims
