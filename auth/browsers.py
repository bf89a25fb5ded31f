"""Browsers: from a session's cookie to the viewer."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from auth.secrets import digest
from auth.viewers import Viewer, viewer_with_cookie
from models.database import Database

# A viewer is looked up again after so many seconds, so that a session that ended is soon over.
FRESH_SECONDS = 5.0
REMEMBERED = 10_000


@dataclass
class Browsers:
    """Knows the viewers of cookies for some seconds, by the digests of their secrets."""

    database: Database
    clock: Callable[[], float] = time.monotonic
    _known: OrderedDict[bytes, tuple[float, Viewer]] = field(default_factory=OrderedDict)

    async def viewer(self, secret: str) -> Viewer | None:
        """The viewer, or None where the session is over or there was none."""
        key, now = digest(secret), self.clock()
        known = self._known.get(key)
        if known is not None and now - known[0] < FRESH_SECONDS:
            return known[1]
        viewer = await viewer_with_cookie(self.database, secret)
        if viewer is None:
            self._known.pop(key, None)
            return None
        self._known[key] = now, viewer
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return viewer
