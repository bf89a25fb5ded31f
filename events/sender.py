"""The sender: takes mail out of the outbox after the commit that wrote it, until it is gone.

Several processes share the work: a row that one has locked, the others skip. A message may go out
twice if the process ends between sending it and writing that down; it never gets lost.
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import Interval, Row, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from events import housekeeping
from events.messages import Outgoing
from events.post import Post, Undeliverable
from models.database import Database
from models.mail import Mail

# The delay after the first failure; it doubles with each, up to the longest. The last try is some hours later.
FIRST, LONGEST, MOST_TRIES = timedelta(seconds=30), timedelta(hours=1), 12
FORGOTTEN = {"recipient": None, "subject": None, "body": None, "next_try_at": None}
TIDY_EVERY = timedelta(hours=1)

log = structlog.get_logger()


@dataclass(frozen=True)
class Sender:
    """Sends what is due, every few seconds; on connections of its own."""

    database: Database
    post: Post
    seconds: float

    async def run(self, stopped: asyncio.Event) -> None:
        """Send, and clear away what is over, until stopped; a failure is logged, and does not end it."""
        loop = asyncio.get_running_loop()
        tidied = loop.time() - TIDY_EVERY.total_seconds()
        while not stopped.is_set():
            try:
                await self.send_due()
                if loop.time() - tidied >= TIDY_EVERY.total_seconds():
                    await housekeeping.tidy(self.database)
                    tidied = loop.time()
            except Exception as error:  # noqa: BLE001 - the database may be away; the next round tries again
                log.warning("outbox", error=type(error).__name__)
            await _until(stopped, self.seconds)

    async def send_due(self) -> int:
        """Try all messages that are due once; how many were sent."""
        sent, tried = 0, 0
        while (done := await self._next()) is not None:
            sent, tried = sent + done, tried + 1
        return sent

    async def _next(self) -> bool | None:
        """Whether the message that waits longest was sent; None where none is due."""
        async with self.database.transaction() as connection:
            row = (await connection.execute(_due())).one_or_none()
            if row is None:
                return None
            try:
                await asyncio.to_thread(
                    self.post.send, Outgoing(row.id, row.kind, row.recipient, row.subject, row.body)
                )
            except Undeliverable as error:
                await _failed(connection, row, error, final=True)
            except OSError as error:  # all of SMTP's errors are ones
                await _failed(connection, row, error, final=row.tries + 1 >= MOST_TRIES)
            else:
                await _write(connection, row, FORGOTTEN | {"sent_at": func.clock_timestamp()})
                return True
        return False


def _due() -> Any:
    query = select(Mail.id, Mail.kind, Mail.recipient, Mail.subject, Mail.body, Mail.tries)
    due = Mail.next_try_at <= func.clock_timestamp()
    return query.where(due).order_by(Mail.next_try_at, Mail.id).limit(1).with_for_update(skip_locked=True)


async def _failed(connection: AsyncConnection, row: Row[Any], error: Exception, *, final: bool) -> None:
    """Write down when to try again, if at all. What went wrong is logged without its text: that may have an address."""
    delay = min(FIRST * 2**row.tries, LONGEST)
    later = {"next_try_at": func.clock_timestamp() + literal(delay, Interval())}
    await _write(connection, row, FORGOTTEN if final else later)
    code = getattr(error, "smtp_code", None)
    log.warning("mail", id=row.id, tries=row.tries + 1, given_up=final, error=type(error).__name__, code=code)


async def _write(connection: AsyncConnection, row: Row[Any], values: dict[str, Any]) -> None:
    await connection.execute(update(Mail).where(Mail.id == row.id).values(values | {"tries": row.tries + 1}))


async def _until(stopped: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stopped.wait()
    except TimeoutError:
        pass
