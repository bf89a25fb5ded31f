"""Apps that sign people in through a provider: in the browser of the system, which then calls the app back (RFC 8252).

Anybody can say to be an app. What keeps others out is where it is called back: an address that the operator has
configured, and a code that opens nothing without the secret (PKCE, RFC 7636) that has never left the app.
"""

import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from auth.providers.refusals import SignInError, SignInRefused

METHOD = "S256"
# The SHA-256 of a verifier in base64url; what stands last has two bits to spare, which are zero.
CHALLENGE = re.compile(r"[\w-]{42}[AEIMQUYcgkosw048]", re.ASCII)
STATE = re.compile(r"[\x20-\x7e]{1,500}")
# A scheme of an app's own is a domain of its maker's the other way round: no two makers have the same (RFC 8252, 7.1).
OWN_SCHEME = re.compile(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+")
ADDRESS = re.compile(r"[\x21-\x7e]{1,500}")
LOOPBACK = re.compile(r"(http://(?:127\.0\.0\.1|\[::1\])):\d{1,5}(?=/|\Z)")


@dataclass(frozen=True)
class App:
    """An app that waits: where it is called back, what it knows this sign-in by, and the SHA-256 of its secret."""

    redirect_uri: str
    state: str
    challenge: bytes


@dataclass(frozen=True)
class Redirects:
    """Where apps may be called back: exactly there; on this very machine (loopback), at any port."""

    addresses: frozenset[str] = frozenset()

    @classmethod
    def of(cls, text: str) -> Self:
        """Those of a text, with blanks between them; raises ValueError for one that is none."""
        addresses = frozenset(text.split())
        for each in addresses:
            if not _is_redirect(each):
                raise ValueError(
                    f"{each} is no address of an app: it has a scheme with a point in it (com.example.app:/signed-in),"
                    " https://, or http://127.0.0.1 or http://[::1] without a port; and no fragment"
                )
        return cls(addresses)

    def allow(self, address: str) -> bool:
        """Whether an app may be called back at an address."""
        return address in self.addresses or LOOPBACK.sub(r"\1", address, count=1) in self.addresses


def asked(parameters: Mapping[str, str]) -> App:
    """The app that begins a sign-in, by what it asks with; refuses what lacks a part of it, or a plain challenge."""
    challenge, state = parameters.get("code_challenge", ""), state_in(parameters)
    if parameters.get("code_challenge_method") != METHOD or not CHALLENGE.fullmatch(challenge):
        raise SignInRefused(SignInError.REQUEST_INVALID, "there is no challenge after S256")
    if state is None:
        raise SignInRefused(SignInError.REQUEST_INVALID, "there is no state, or a bad one")
    if "link" in parameters:
        raise SignInRefused(SignInError.REQUEST_INVALID, "an app cannot link")
    return App(parameters["redirect_uri"], state, urlsafe_b64decode(f"{challenge}="))


def state_in(parameters: Mapping[str, str]) -> str | None:
    """What an app knows its sign-in by, if it is sound."""
    state = parameters.get("state", "")
    return state if STATE.fullmatch(state) else None


def _is_redirect(address: str) -> bool:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    if not ADDRESS.fullmatch(address) or "#" in address or parts.username is not None:
        return False
    if parts.scheme == "http":
        return parts.hostname in ("127.0.0.1", "::1") and port is None
    if parts.scheme == "https":
        return bool(parts.hostname)
    return bool(OWN_SCHEME.fullmatch(parts.scheme)) and address.startswith(f"{parts.scheme}:/")
