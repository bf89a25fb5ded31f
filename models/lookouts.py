"""Lookouts: who waits for an answer is looked after, lest nobody tells that its connection broke.

uvloop tells of an error of a socket once, and watches that socket no more. Where there is still something to read then, as PostgreSQL's
farewell, the end itself comes after, and untold.
"""

import asyncio
from typing import Protocol
from weakref import WeakKeyDictionary

# How long somebody may wait for what is not coming, about.
SECONDS = 1.0


class Waiting(Protocol):
    """Somebody who waits, and who can look for what has come."""

    def look(self) -> None:
        """Look for what has come; whoever waited in vain is told."""


class Lookout:
    """Has all who wait in one loop look again and again, by one timer for all of them."""

    def __init__(self) -> None:
        self._waiting: set[Waiting] = set()
        self._timer: asyncio.TimerHandle | None = None

    @classmethod
    def of(cls, loop: asyncio.AbstractEventLoop) -> "Lookout":
        """The lookout of a loop."""
        found = LOOKOUTS.get(loop)
        if found is None:
            found = LOOKOUTS[loop] = cls()
        return found

    def add(self, waiting: Waiting) -> None:
        """Look after somebody, until `discard`."""
        self._waiting.add(waiting)
        if self._timer is None:
            self._time()

    def discard(self, waiting: Waiting) -> None:
        """Whoever waited has what it waited for, or gave up."""
        self._waiting.discard(waiting)

    def _look(self) -> None:
        for each in list(self._waiting):
            each.look()
        self._timer = None
        if self._waiting:
            self._time()

    def _time(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(SECONDS, self._look)


LOOKOUTS: WeakKeyDictionary[asyncio.AbstractEventLoop, Lookout] = WeakKeyDictionary()
