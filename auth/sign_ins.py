"""Signing in: what it takes, made once a process; and how an open session is handed to its holder."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from auth.attempts import Attempts
from auth.passwords import Passwords
from auth.sessions import Opened
from auth.tokens import Tokens
from auth.visits import Visit
from models.sessions import SessionKind


@dataclass(frozen=True)
class SignedIn:
    """What a client is told that has signed in; tokens are for apps, a browser has its cookie."""

    access_token: str | None = None
    access_token_expires_at: datetime | None = None
    refresh_token: str | None = None


@dataclass(frozen=True)
class SignIns:
    """The parts that signing in takes. `public_url` is the portal's own address, for links in mail."""

    passwords: Passwords
    attempts: Attempts
    tokens: Tokens
    access_seconds: int
    public_url: str

    def hand_over(self, opened: Opened, visit: Visit) -> SignedIn:
        """Give an open session to who asked for it; call it once the session's transaction is committed."""
        if opened.kind is SessionKind.BROWSER:
            visit.cookies.keep(opened.secret)
            return SignedIn()
        expires = datetime.now(UTC) + timedelta(seconds=self.access_seconds)
        token = self.tokens.issue(opened.account_code, self.access_seconds, session=str(opened.id))
        return SignedIn(token, expires, opened.secret)
