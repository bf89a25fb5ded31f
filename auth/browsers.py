"""Browsers: from a session's cookie to the viewer."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from auth.memories import Memory
from auth.secrets import digest
from auth.viewers import Viewer, viewer_with_cookie
from models.database import Database

# A viewer is looked up again after so many seconds, so that a session that ended is soon over.
FRESH_SECONDS = 5.0


@dataclass
class Browsers:
    """Knows the viewers of cookies for some seconds, by the digests of their secrets."""

    database: Database
    clock: Callable[[], float] = time.monotonic
    _known: Memory[bytes, Viewer] = field(init=False)

    def __post_init__(self) -> None:
        self._known = Memory(self.clock)

    async def viewer(self, secret: str) -> Viewer | None:
        """The viewer, or None where the session is over or there was none."""
        key, now = digest(secret), self.clock()
        known = self._known.fresh(key, FRESH_SECONDS)
        if known is not None:
            return known
        viewer = await viewer_with_cookie(self.database, secret)
        if viewer is None:
            self._known.forget(key)
        else:
            self._known.put(key, viewer, now)
        return viewer
