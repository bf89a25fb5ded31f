"""decideComplaint: a moderator upholds or dismisses a complaint, with a reason. What is upheld is published no more."""

from sqlalchemy import BigInteger, Row, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import permissions
from auth.permissions import Permission
from auth.viewers import Viewer
from models import audit
from models.audit import AuditAction, AuditEvent, AuditSubject, Subject
from models.clock import today
from models.complaints import Complaint, ComplaintAbout, ComplaintGround
from models.database import Database
from models.loops import Reply
from models.mail import MailKind
from models.reviews import HidingGround, Review, ReviewState
from models.submissions import SubmissionStatus
from resolvers.keys import key_of
from resolvers.problems import Conflict, Unknown
from resolvers.texts import check_words
from resolvers.voices import cases, moderating, telling
from resolvers.voices.cases import Case
from resolvers.voices.complaining import Complained
from resolvers.voices.moderating import Verdict
from resolvers.voices.telling import Letterhead

MAXIMUM_REASON = 2_000
PATH = ("input", "complaint")
# Its key, what it is about, on which ground, who made it, what was decided with which reason, and by which account.
Found = Row[int, ComplaintAbout, ComplaintGround, int | None, int, bool | None, str | None, int | None]


async def decide(
    database: Database, head: Letterhead, viewer: Viewer, complaint: str, *, upheld: bool, reason: str
) -> Complained:
    """Decide a complaint, for good; the same decision again changes nothing."""
    check_words(reason, MAXIMUM_REASON, "reason")
    key = key_of(complaint, "Complaint", "complaint")
    async with database.transaction() as connection:
        await permissions.demand(connection, viewer, Permission.MODERATE)
        case = await _case(connection, viewer, key)
        found = await _complaint(connection, key)
        if found.upheld is None:
            _check(viewer, case, found)
            await _write(connection, viewer, case, found, upheld=upheld, reason=reason)
            await telling.tell(connection, head, MailKind.COMPLAINT_DECIDED, found.rater_id, case.key)
        elif (found.upheld, found.reason, found.account_id) != (upheld, reason, viewer.account_id):
            raise Conflict("ALREADY_DECIDED", "The complaint has been decided.", *PATH)
    return Complained(key, case.key)


async def _case(connection: AsyncConnection, viewer: Viewer, key: int) -> Case:
    """The review that a complaint is about, if the viewer moderates its organization."""
    account = literal(viewer.account_id, BigInteger())
    moderated = permissions.held(account, Permission.MODERATE, Review.__table__.c.organization_id)
    about = select(Complaint.submission_id).where(Complaint.id == key)
    review = (await connection.execute(about)).scalar_one_or_none()
    try:
        return await cases.locked(connection, review or 0, moderated)
    except Unknown:
        message = "There is no such complaint among those that you decide."
        raise Unknown("COMPLAINT_UNKNOWN", message, *PATH) from None


async def _complaint(connection: AsyncConnection, key: int) -> Found:
    """The complaint as it is now that its review is locked, and which account decided it."""
    c = Complaint
    query = (
        select(c.id, c.about, c.ground, c.reply_version, c.rater_id, c.upheld, c.reason, AuditEvent.account_id)
        .outerjoin(AuditEvent, AuditEvent.id == c.event_id)
        .where(c.id == key)
    )
    return (await connection.execute(query)).one()


def _check(viewer: Viewer, case: Case, found: Found) -> None:
    if viewer.rater_id in (found.rater_id, case.rater_id):
        raise Conflict("OWN_COMPLAINT", "It is yours, or about your review: somebody else decides.", *PATH)
    if case.status is SubmissionStatus.WITHDRAWN:
        raise Conflict("REVIEW_WITHDRAWN", "Its author took the review back: there is nothing to decide.", *PATH)


async def _write(
    connection: AsyncConnection, viewer: Viewer, case: Case, found: Found, *, upheld: bool, reason: str
) -> None:
    """The decision, its event (which has no reason in words), and what follows for the text."""
    subject = Subject(AuditSubject.COMPLAINT, found.id, case.organization_id)
    details = {"about": found.about.value, "upheld": upheld}
    event = await audit.append(connection, viewer.actor, AuditAction.COMPLAINT_DECIDED, subject, details)
    decision = {"upheld": upheld, "reason": reason, "decided_on": today(), "event_id": event}
    await connection.execute(update(Complaint).where(Complaint.id == found.id).values(decision))
    if upheld:
        await _hide(connection, viewer, case, found)


async def _hide(connection: AsyncConnection, viewer: Viewer, case: Case, found: Found) -> None:
    """A review is hidden as by `hideReview`, on the complaint's ground if it is one of those, unless it is already."""
    if found.about is ComplaintAbout.REVIEW:
        if case.state is not ReviewState.HIDDEN:
            review = (await connection.execute(select(Review.__table__).filter_by(submission_id=case.key))).one()
            ground = HidingGround.__members__.get(found.ground.name, HidingGround.UNLAWFUL)
            await moderating.rule(connection, viewer, review, Verdict(ground, review.masked, None))
    else:
        version = (Reply.submission_id == case.key, Reply.version == found.reply_version)
        await connection.execute(update(Reply).where(*version).values(hidden=True))
