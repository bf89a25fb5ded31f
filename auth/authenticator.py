"""From an Authorization header to who asks, remembering for some seconds what was found."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from auth.keys import Keys
from auth.machines import Machine, machine_of
from auth.memories import Memory
from auth.tokens import Claims, Tokens
from auth.viewers import Viewer, viewer_of
from models.database import Database
from models.errors import Unauthenticated

# Who asks is looked up again after so many seconds: so soon does it count that an account was erased, or a token revoked.
FRESH_SECONDS = 5.0


@dataclass(frozen=True)
class Known:
    """A token that was verified with some keys, and who it was when that was looked up."""

    claims: Claims
    keys: Keys
    caller: Viewer | Machine


@dataclass
class Authenticator:
    """Verifies a token's signature once and its end each time, and looks up who it is every few seconds."""

    tokens: Tokens
    database: Database
    clock: Callable[[], float] = time.monotonic
    _known: Memory[str, Known] = field(init=False)

    def __post_init__(self) -> None:
        self._known = Memory(self.clock)

    async def caller(self, authorization: str | None) -> Viewer | Machine | None:
        """Who asks, or None for no header; raises Unauthenticated for a bad one."""
        if authorization is None:
            return None
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unauthenticated("Authorization must be a Bearer token.")
        return await self._bearer(token.strip())

    async def _bearer(self, token: str) -> Viewer | Machine:
        now, keys, known = self.clock(), self.tokens.keys.keys, self._known.get(token)
        is_verified = known is not None and known.keys is keys and not known.claims.has_expired
        if known is not None and is_verified and self._known.fresh(token, FRESH_SECONDS) is not None:
            return known.caller
        self._known.forget(token)
        claims = known.claims if known is not None and is_verified else self.tokens.verified(token)
        caller = await (machine_of if claims.is_machine else viewer_of)(self.database, claims)
        self._known.put(token, Known(claims, keys, caller), now)
        return caller
