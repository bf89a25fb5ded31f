"""Changes of ratings, from the database to whoever waits for them in this process.

One connection listens. A notification says only that something was committed: what it was is read from
`models.changes`, which has it whole, and is looked at now and then without one, too, as a server may end between its
commit and its notification.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from models import changes
from models.changes import CHANNEL, Total
from models.database import Database

# A change is told so soon even if nobody was notified of it.
LOOK_SECONDS = 0.8
READERS = 4
# After the database was away it is tried again so soon.
AGAIN_SECONDS = 1.0

log = structlog.get_logger()


@dataclass(frozen=True)
class Change:
    """When a total changed last, and the snapshot that saw it."""

    at: datetime
    snapshot: str


@dataclass(eq=False)
class Waiting:
    """Somebody who waits for changes of a total.

    It holds one change at most: who is slow is told of several as one, and nobody's memory grows.
    """

    _change: Change | None = None
    _told: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, change: Change) -> None:
        """There is a change."""
        self._change = change
        self._told.set()

    async def next(self) -> Change:
        """The next change, as soon as there is one."""
        await self._told.wait()
        self._told.clear()
        assert self._change is not None
        return self._change


class Changes:
    """Who waits for changes of which total; `run` tells them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: defaultdict[Total, set[Waiting]] = defaultdict(set)
        # A change that thousands wait for must not keep requests from the database: so many of them read at once.
        self.turns = asyncio.Semaphore(READERS)
        self._snapshot: str | None = None
        # Until somebody waits, nobody listens.
        self._begun = asyncio.Event()
        # Of two looks at once the slower would go back in time.
        self._looking = asyncio.Lock()

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    @asynccontextmanager
    async def waiting(self, total: Total) -> AsyncIterator[Waiting]:
        """Wait for changes of a total from here on."""
        one = Waiting()
        self._waiting[total].add(one)
        self._begun.set()
        try:
            # Where nobody waited nothing was looked at: what is committed from now on counts.
            if self._snapshot is None:
                await self._look()
            yield one
        finally:
            self._leave(total, one)

    def _leave(self, total: Total, one: Waiting) -> None:
        self._waiting[total].discard(one)
        if not self._waiting[total]:
            del self._waiting[total]
        if not self._waiting:
            self._snapshot = None

    async def run(self) -> None:
        """Tell of changes until cancelled, as soon as somebody waits; a failure is logged, and does not end it."""
        await self._begun.wait()
        while True:
            try:
                async for _ in self._database.wakes(CHANNEL, LOOK_SECONDS):
                    if self._waiting:
                        await self._look()
            except Exception as error:  # noqa: BLE001 - the database may be away; nothing is missed meanwhile
                log.warning("changes", error=type(error).__name__)
                await asyncio.sleep(AGAIN_SECONDS)

    async def _look(self) -> None:
        """Tell who waits of what has been committed since the last look."""
        async with self._looking, self._database.transaction() as connection:
            if self._snapshot is None:
                self._snapshot = await changes.now(connection)
                return
            self._snapshot, changed = await changes.since(connection, self._snapshot)
        self._tell(changed)

    def _tell(self, changed: Mapping[Total, datetime]) -> None:
        assert self._snapshot is not None
        for total in changed.keys() & self._waiting.keys():
            for one in self._waiting[total]:
                one.tell(Change(changed[total], self._snapshot))
