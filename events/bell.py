"""The bell: says after commits that something has changed, for all of them of a moment together.

A notification in each commit would make commits wait for one another.
"""

import asyncio
from contextlib import suppress

from models.changes import CHANNEL
from models.database import Database
from models.errors import DatabaseUnavailable

# So long commits are gathered.
GATHER_SECONDS = 0.1


class Bell:
    """Rings on the database's channel, some times a second at most."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Something was committed."""
        self._rung.set()

    async def run(self) -> None:
        """Notify until cancelled; who listens looks by itself where a notification is lost."""
        while True:
            await self._rung.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self._rung.clear()
            with suppress(DatabaseUnavailable):
                await self._database.notify(CHANNEL)
