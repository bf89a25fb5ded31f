"""complainAboutReview: anybody signed in asks a moderator to look at a published review, or at the reply to it."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from auth.viewers import Viewer
from models.clock import today
from models.complaints import Complaint, ComplaintAbout, ComplaintGround
from models.database import Database
from models.loops import Reply
from models.reviews import Review
from models.submissions import Submission
from resolvers.keys import key_of
from resolvers.problems import Conflict
from resolvers.texts import check_words
from resolvers.voices import cases
from resolvers.voices.cases import PATH, Case

MAXIMUM_TEXT = 2_000
# So many of one person wait for moderators at most.
MOST_OPEN = 20


@dataclass(frozen=True)
class Objection:
    """What is complained about, on which ground, and more about that in words."""

    review: str
    about: ComplaintAbout
    ground: ComplaintGround
    text: str | None


@dataclass(frozen=True)
class Complained:
    """The keys of a complaint and of the review that it is about."""

    complaint: int
    review: int


async def complain(database: Database, viewer: Viewer, objection: Objection) -> Complained:
    """Complain about what the viewer can read; the same complaint again, while it waits, changes nothing."""
    if objection.text is not None:
        check_words(objection.text, MAXIMUM_TEXT, "text")
    key = key_of(objection.review, "Review", "review")
    async with database.transaction() as connection:
        case = await cases.locked(connection, key, _is_readable(viewer))
        version = await _version(connection, viewer, case, objection.about)
        found = await _open(connection, viewer, case, objection.about)
        if found is None:
            await _refuse_too_many(connection, viewer)
            return Complained(await _write(connection, viewer, case, objection, version), case.key)
    if (found.ground, found.text, found.reply_version) != (objection.ground, objection.text, version):
        raise Conflict("ALREADY_COMPLAINED", "A complaint of yours about it waits for a decision.", *PATH)
    return Complained(found.id, case.key)


def _is_readable(viewer: Viewer) -> ColumnElement[bool]:
    """What is published; and one's own, whose reply one reads in any case."""
    return or_(Review.published, Submission.rater_id == viewer.rater_id)


async def _version(connection: AsyncConnection, viewer: Viewer, case: Case, about: ComplaintAbout) -> int | None:
    """The version of the reply that stands, if it is the reply that is complained about; refuses what is not to be read."""
    if about is ComplaintAbout.REVIEW:
        if case.rater_id == viewer.rater_id:
            raise Conflict("OWN_REVIEW", "It is yours: take it back, if it is to go.", *PATH)
        return None
    query = select(Reply.version, Reply.hidden).where(Reply.submission_id == case.key)
    last = (await connection.execute(query.order_by(Reply.version.desc()).limit(1))).one_or_none()
    if last is None or last.hidden:
        raise Conflict("NOT_ANSWERED", "There is no reply to be read.", *PATH)
    version: int = last.version
    return version


async def _open(
    connection: AsyncConnection, viewer: Viewer, case: Case, about: ComplaintAbout
) -> Row[int, ComplaintGround, str | None, int | None] | None:
    """The viewer's own complaint about the same that waits."""
    c = Complaint
    query = select(c.id, c.ground, c.text, c.reply_version).where(
        c.submission_id == case.key, c.about == about, c.rater_id == viewer.rater_id, c.upheld.is_(None)
    )
    return (await connection.execute(query)).one_or_none()


async def _refuse_too_many(connection: AsyncConnection, viewer: Viewer) -> None:
    number = (
        select(func.count())
        .select_from(Complaint)
        .where(Complaint.rater_id == viewer.rater_id, Complaint.upheld.is_(None))
    )
    if (await connection.execute(number)).scalar_one() >= MOST_OPEN:
        raise Conflict("TOO_MANY_COMPLAINTS", f"{MOST_OPEN} complaints of yours wait for a decision.", *PATH)


async def _write(
    connection: AsyncConnection, viewer: Viewer, case: Case, objection: Objection, version: int | None
) -> int:
    row = {
        "submission_id": case.key,
        "about": objection.about,
        "reply_version": version,
        "ground": objection.ground,
        "text": objection.text,
        "rater_id": viewer.rater_id,
        "made_on": today(),
    }
    return (await connection.execute(insert(Complaint).values(row).returning(Complaint.id))).scalar_one()
