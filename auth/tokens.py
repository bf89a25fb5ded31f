"""Access tokens: JWTs after RFC 9068, signed with the portal's own keys.

An account's token names the account as `sub` and the portal as `client_id`. A machine's own token names its client as
both. `jti` is its number, by which it can be revoked.
"""

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from auth.keys import LONGEST, Keyring
from models.errors import Unauthenticated

ALGORITHM = "ES256"
TYPE = "at+jwt"
# The client of tokens that the portal issues to accounts itself; no registered client can have this code.
PORTAL = "portal"
# Clocks of different machines may differ by so many seconds.
CLOCK_SKEW = 30


@dataclass(frozen=True)
class Claims:
    """What a good token says. `expires` is in seconds since 1970; `session` is that of a signed-in app, if told."""

    subject: str
    client: str
    scopes: frozenset[str]
    jti: str
    expires: int
    session: str | None = None
    told: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_machine(self) -> bool:
        """Whether it is a client's own, not an account's."""
        return self.client == self.subject

    @property
    def has_expired(self) -> bool:
        return time.time() > self.expires + CLOCK_SKEW


@dataclass(frozen=True)
class Tokens:
    """Issues and verifies the portal's access tokens."""

    keys: Keyring
    issuer: str = "http://localhost:8000"
    audience: str = "rating-portal"

    @property
    def key(self) -> ECKey:
        """The key that signs now."""
        return self.keys.current

    def issue(
        self, subject: str, seconds: int, client: str = PORTAL, scope: str = "", session: str | None = None
    ) -> str:
        """A token that is good for so many seconds: for an account by its code, or for a client by its own.

        `scope` has names with blanks between them. `session` is what ends the token when it ends.
        """
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": subject,
            "client_id": client,
            "iat": now,
            "exp": now + min(seconds, LONGEST),
            "jti": secrets.token_urlsafe(16),
        }
        claims |= {"scope": scope} if scope else {}
        claims |= {"sid": session} if session else {}
        key = self.key
        return jwt.encode({"alg": ALGORITHM, "typ": TYPE, "kid": key.kid}, claims, key, algorithms=[ALGORITHM])

    def verified(self, token: str) -> Claims:
        """What a valid token says; raises Unauthenticated for any other."""
        try:
            decoded = jwt.decode(token, self._key_of, algorithms=[ALGORITHM])
            if decoded.header.get("typ") != TYPE:
                raise Unauthenticated("The access token is not one of this portal.")
            self._registry().validate(decoded.claims)
        except (JoseError, ValueError) as error:
            reason = "has expired" if getattr(error, "error", "") == "expired_token" else "is bad"
            raise Unauthenticated(f"The access token {reason}.") from None
        return _claims(decoded.claims)

    def _key_of(self, told: Any) -> ECKey:
        """The key that signed a token, by what its header says: unlike `alg`, `kid` only picks one of ours."""
        key = self.keys.with_id(told.headers().get("kid"))
        if key is None:
            raise Unauthenticated("The access token is not one of this portal.")
        return key

    def _registry(self) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            leeway=CLOCK_SKEW,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.audience},
            sub={"essential": True},
            exp={"essential": True},
        )


def _claims(told: dict[str, Any]) -> Claims:
    """The claims by name; refuses those that are not of their type."""
    texts = {name: told.get(name, default) for name, default in (("sub", ""), ("client_id", PORTAL), ("jti", ""))}
    texts |= {"scope": told.get("scope", ""), "sid": told.get("sid", "")}
    if any(not isinstance(text, str) or "\0" in text for text in texts.values()):
        raise Unauthenticated("The access token names no account.")
    scopes = frozenset(texts["scope"].split())
    return Claims(
        texts["sub"], texts["client_id"], scopes, texts["jti"], int(told["exp"]), texts["sid"] or None, dict(told)
    )
