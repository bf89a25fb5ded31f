"""Visits: what is known of a request beside who makes it."""

from typing import NamedTuple

from auth import agents
from auth.cookies import Cookies


class Visit(NamedTuple):
    """The network address (of IPv6: the network) that a request comes from, what its client calls itself, and the cookies of its answer."""

    address: str
    user_agent: str | None
    cookies: Cookies

    @property
    def agent(self) -> str:
        """The client's family; few requests need to know."""
        return agents.family(self.user_agent)
