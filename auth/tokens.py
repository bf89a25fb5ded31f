"""Access tokens: JWTs after RFC 9068, signed with the portal's own key."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from auth.viewers import Viewer, viewer_of
from models.database import Database
from models.errors import Unauthenticated

ALGORITHM = "ES256"
TYPE = "at+jwt"
# Clocks of different machines may differ by so many seconds.
CLOCK_SKEW = 30
# A viewer is looked up again after so many seconds, so that an erased account is soon unknown.
FRESH_SECONDS = 5.0
REMEMBERED = 10_000


@dataclass(frozen=True)
class Tokens:
    """Issues and verifies the portal's access tokens."""

    key: ECKey
    issuer: str = "rating-portal"
    audience: str = "rating-portal"

    def issue(self, account_code: str, seconds: int) -> str:
        """A token for an account that is good for so many seconds."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": account_code,
            "client_id": "portal",
            "iat": now,
            "exp": now + seconds,
        }
        header = {"alg": ALGORITHM, "typ": TYPE, "kid": self.key.kid}
        return jwt.encode(header, claims, self.key, algorithms=[ALGORITHM])

    def subject(self, token: str) -> str:
        """The account code in a valid token; raises Unauthenticated for any other."""
        registry = jwt.JWTClaimsRegistry(
            leeway=CLOCK_SKEW,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.audience},
            sub={"essential": True},
            exp={"essential": True},
        )
        try:
            decoded = jwt.decode(token, self.key, algorithms=[ALGORITHM])
            if decoded.header.get("typ") != TYPE or decoded.header.get("kid") != self.key.kid:
                raise Unauthenticated("The access token is not one of this portal.")
            registry.validate(decoded.claims)
        except (JoseError, ValueError) as error:
            reason = "has expired" if getattr(error, "error", "") == "expired_token" else "is bad"
            raise Unauthenticated(f"The access token {reason}.") from None
        subject = decoded.claims["sub"]
        if not isinstance(subject, str) or "\0" in subject:
            raise Unauthenticated("The access token names no account.")
        return subject


@dataclass
class Authenticator:
    """From an Authorization header to the viewer; without one it is anonymous."""

    tokens: Tokens
    database: Database
    clock: Callable[[], float] = time.monotonic
    _known: OrderedDict[str, tuple[float, Viewer]] = field(default_factory=OrderedDict)

    async def viewer(self, authorization: str | None) -> Viewer | None:
        """The viewer, or None for no header; raises Unauthenticated for a bad one."""
        if authorization is None:
            return None
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unauthenticated("Authorization must be a Bearer token.")
        return await self._account(self.tokens.subject(token.strip()))

    async def _account(self, code: str) -> Viewer:
        now = self.clock()
        known = self._known.get(code)
        if known is not None and now - known[0] < FRESH_SECONDS:
            return known[1]
        viewer = await viewer_of(self.database, code)
        if viewer is None:
            self._known.pop(code, None)
            raise Unauthenticated("The access token's account does not exist.")
        self._known[code] = now, viewer
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return viewer
