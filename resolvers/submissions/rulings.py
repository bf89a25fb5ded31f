"""Rulings: what moderators of submissions and of reviews have in common."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.audit import AuditEvent
from resolvers.texts import check_text

MAXIMUM_NOTE = 2_000


async def last(connection: AsyncConnection, ruling: Any, key: int) -> tuple[Any, ...] | None:
    """The ground, the note and the account of the last ruling, in one of the tables of rulings, on a submission's key."""
    query = (
        select(ruling.ground, ruling.note, AuditEvent.account_id)
        .join(AuditEvent, AuditEvent.id == ruling.event_id)
        .where(ruling.submission_id == key)
        .order_by(ruling.event_id.desc())
        .limit(1)
    )
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else tuple(row)


def checked_note(note: str | None) -> str | None:
    """A note that the database takes; a blank one is none."""
    check_text(note, MAXIMUM_NOTE, "note")
    return note if note and note.strip() else None
