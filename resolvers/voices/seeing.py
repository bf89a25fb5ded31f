"""markReviewSeen: a head has read a review, and its author is told so."""

from dataclasses import dataclass

from sqlalchemy import insert, select

from auth.permissions import Permission
from auth.viewers import Viewer
from models.audit import AuditAction
from models.clock import today
from models.database import Database
from models.grants import Role
from models.loops import Reading
from models.mail import MailKind
from resolvers.voices import cases, telling
from resolvers.voices.telling import Letterhead


@dataclass(frozen=True)
class Acted:
    """The key of the review that a mutation was about."""

    review: int


async def mark_seen(database: Database, head: Letterhead, viewer: Viewer, review: str) -> Acted:
    """Mark a review as seen; one that is so already stays as it is, and is no news."""
    async with database.transaction() as connection:
        case = await cases.of_official(connection, viewer, review, Permission.RUN_REVIEWS)
        seen = select(Reading.seen_on).where(Reading.submission_id == case.key)
        if (await connection.execute(seen)).one_or_none() is None:
            case.must_go_on()
            event = await cases.record(connection, viewer, AuditAction.REVIEW_SEEN, case)
            row = insert(Reading).values(submission_id=case.key, seen_on=today(), role=Role.HEAD, event_id=event)
            await connection.execute(row)
            await telling.tell(connection, head, MailKind.REVIEW_SEEN, case.rater_id, case.key)
    return Acted(case.key)
