"""The session's cookie: the one place that says what it is like.

`__Host-` has browsers see to it that only this very host sets it, over TLS, for all of its paths
(browsers count localhost as safe); no script reads it, and other sites' forms do not send it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie

from models.errors import Forbidden

NAME = "__Host-portal-session"
ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Lax"
# Browsers keep no cookie for longer than 400 days; the session itself ends earlier if it is not used.
SECONDS = 400 * 24 * 3600


@dataclass
class Cookies:
    """What an answer does to the session's cookie. `is_own` finds out who asks: few need to know."""

    is_own: Callable[[], bool]
    headers: list[tuple[str, str]] = field(default_factory=list)

    @property
    def own(self) -> bool:
        """Whether the portal's own pages ask."""
        return self.is_own()

    def keep(self, secret: str) -> None:
        """Have the browser keep a session's secret."""
        self._set(f"{NAME}={secret}; Max-Age={SECONDS}; {ATTRIBUTES}")

    def drop(self) -> None:
        """Have the browser forget it."""
        self._set(f"{NAME}=; Max-Age=0; {ATTRIBUTES}")

    def must_be_own(self) -> None:
        """Raise Forbidden where another site's page asks, which must not sign anybody in or out."""
        if not self.own:
            raise Forbidden(
                "A browser is signed in by the portal's own pages only: the Origin is another, or not told."
            )

    def _set(self, header: str) -> None:
        self.headers[:] = [("Set-Cookie", header)]


def secret_in(header: str | None) -> str | None:
    """The session's secret in a Cookie header, if it is there."""
    if header is None:
        return None
    try:
        found = SimpleCookie(header).get(NAME)
    except CookieError:
        return None
    return found.value if found and found.value else None
