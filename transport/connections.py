"""Connections that stay open, WebSockets and event streams: how many there are, and whose.

Each takes memory of the process for as long as it is there, so they are counted by each process alone.
"""

from collections import Counter
from dataclasses import dataclass, field

from auth.machines import Machine
from auth.viewers import Viewer
from models.errors import ErrorCode, PortalError
from transport.shares import Shares

SOCKET, STREAM = "websocket", "stream"


class TooManyConnections(PortalError):
    """There are as many as there may be, of one or of all."""

    code = ErrorCode.CONNECTION_LIMIT


@dataclass
class Connections:
    """Those that are open; at most `most` in all, where 0 is no limit. `kinds` has how many of each there are."""

    shares: Shares
    most: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    _whose: Counter[str] = field(default_factory=Counter)

    def enter(self, kind: str, asks: Viewer | Machine | None, address: str) -> "Place":
        """A place for a connection until it is closed; raises TooManyConnections."""
        if self.most and self.kinds.total() >= self.most:
            raise TooManyConnections("This server has as many open connections as it takes: try again later.")
        place = Place(self, kind, self.take(asks, address))
        self.kinds[kind] += 1
        return place

    def take(self, asks: Viewer | Machine | None, address: str) -> str:
        """Count one more of somebody's, by the name that is answered; raises TooManyConnections."""
        who, limit = self.shares.of(asks, address)
        if limit and self._whose[who] >= limit:
            raise TooManyConnections(f"You have {limit} open connections: close one before you open another.")
        self._whose[who] += 1
        return who

    def give_back(self, who: str) -> None:
        """Count one less of somebody's, who is forgotten with the last."""
        self._whose[who] -= 1
        if not self._whose[who]:
            del self._whose[who]


@dataclass
class Place:
    """The place of one connection, by the name of whose it is."""

    connections: Connections
    kind: str
    who: str

    def belongs(self, asks: Viewer | Machine | None, address: str) -> None:
        """It has turned out whose it is; raises TooManyConnections, and stays what it was."""
        if self.connections.shares.of(asks, address)[0] != self.who:
            before, self.who = self.who, self.connections.take(asks, address)
            self.connections.give_back(before)

    def close(self) -> None:
        """The connection is gone."""
        self.connections.give_back(self.who)
        self.connections.kinds[self.kind] -= 1
