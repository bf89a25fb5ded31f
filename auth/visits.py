"""Visits: what is known of a request beside who makes it."""

from dataclasses import dataclass

from auth.cookies import Cookies


@dataclass(frozen=True)
class Visit:
    """The network address that a request comes from, its client's family, and the cookies of its answer."""

    address: str
    agent: str
    cookies: Cookies
