"""replyToReview and editReply: the one public answer to a review, of which all versions are kept."""

from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from auth.permissions import Permission
from auth.viewers import Viewer
from models.audit import AuditAction, AuditEvent
from models.clock import today
from models.database import Database
from models.loops import Reply
from models.mail import MailKind
from resolvers.problems import Conflict
from resolvers.texts import check_words
from resolvers.voices import cases, telling
from resolvers.voices.cases import PATH, Case
from resolvers.voices.seeing import Acted
from resolvers.voices.telling import Letterhead

MAXIMUM_REPLY = 10_000
# The version, the text, and the account that wrote it.
Last = Row[int, str, int | None]


async def reply(database: Database, head: Letterhead, viewer: Viewer, review: str, text: str) -> Acted:
    """Answer a review. Of two who do so at once, the second one is refused; a retry changes nothing."""
    check_words(text, MAXIMUM_REPLY, "text")
    async with database.transaction() as connection:
        case = await cases.of_official(connection, viewer, review, Permission.REPLY_TO_REVIEWS)
        last = await _last(connection, case.key)
        if last is None:
            case.must_go_on()
            await _write(connection, viewer, case, AuditAction.REVIEW_ANSWERED, 1, text)
            await telling.tell(connection, head, MailKind.REVIEW_ANSWERED, case.rater_id, case.key)
        elif _what(last) != (1, text, viewer.account_id):
            raise Conflict("ALREADY_ANSWERED", "It has been answered: the reply can be edited.", *PATH)
    return Acted(case.key)


async def edit(database: Database, head: Letterhead, viewer: Viewer, review: str, version: int, text: str) -> Acted:
    """Put another version of a reply in the place of the one that the viewer has read; a retry changes nothing."""
    check_words(text, MAXIMUM_REPLY, "text")
    async with database.transaction() as connection:
        case = await cases.of_official(connection, viewer, review, Permission.REPLY_TO_REVIEWS)
        last = await _last(connection, case.key)
        if last is None:
            raise Conflict("NOT_ANSWERED", "There is no reply yet that could be edited.", *PATH)
        if _what(last) != (version + 1, text, viewer.account_id):
            case.must_go_on()
            if last.version != version:
                message = f"The reply is at version {last.version}: somebody has edited it since you read it."
                raise Conflict("REPLY_CHANGED", message, "input", "version")
            if last.text != text:
                await _write(connection, viewer, case, AuditAction.REPLY_EDITED, version + 1, text)
                await telling.tell(connection, head, MailKind.REPLY_EDITED, case.rater_id, case.key)
    return Acted(case.key)


async def _last(connection: AsyncConnection, review: int) -> Last | None:
    """The reply to a review as it stands, and who wrote it."""
    query = (
        select(Reply.version, Reply.text, AuditEvent.account_id)
        .join(AuditEvent, AuditEvent.id == Reply.event_id)
        .where(Reply.submission_id == review)
    )
    return (await connection.execute(query.order_by(Reply.version.desc()).limit(1))).one_or_none()


def _what(last: Last) -> tuple[int, str, int | None]:
    return last.version, last.text, last.account_id


async def _write(
    connection: AsyncConnection, viewer: Viewer, case: Case, action: AuditAction, version: int, text: str
) -> None:
    event = await cases.record(connection, viewer, action, case, version=version)
    row = {"submission_id": case.key, "version": version, "text": text, "written_on": today(), "event_id": event}
    await connection.execute(insert(Reply).values(row))
