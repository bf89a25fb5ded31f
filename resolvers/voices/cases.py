"""Cases: reviews as officials act on them, found among those that they may act on, and locked meanwhile.

Whoever acts shares the trees' lock, so that nobody closes or merges the organization in between, and then
holds the review: two who act on one review come one after the other.
"""

from datetime import date
from typing import NamedTuple

from sqlalchemy import BigInteger, ColumnElement, literal, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import permissions
from auth.permissions import Permission
from auth.viewers import Viewer
from models import audit
from models.audit import AuditAction, AuditSubject, Detail, Subject
from models.counting import SHARE_TREES
from models.loops import Settlement
from models.organizations import Organization
from models.reviews import Review, ReviewState
from models.submissions import Submission, SubmissionStatus
from resolvers.keys import key_of
from resolvers.problems import Conflict, Unknown
from resolvers.sets import filters

PATH = ("input", "review")
ENDED = {
    SubmissionStatus.WITHDRAWN: ("REVIEW_WITHDRAWN", "Its author took it back."),
    SubmissionStatus.REJECTED: ("REVIEW_REJECTED", "A moderator rejected the submission that it is part of."),
}
LOCK = text("SELECT FROM review WHERE submission_id = :review FOR NO KEY UPDATE")
READ = (
    select(
        Review.submission_id,
        Review.organization_id,
        Submission.rater_id,
        Review.submitted_on,
        Review.status,
        Review.state,
        filters.is_open(Organization.__table__),
        Settlement.settled,
    )
    .join_from(Review, Submission, Submission.id == Review.submission_id)
    .join(Organization, Organization.id == Review.organization_id)
    .outerjoin(Settlement, Settlement.submission_id == Review.submission_id)
)


class Case(NamedTuple):
    """A review that the viewer may act on; `settled` is its author's word, if there is one."""

    key: int
    organization_id: int
    rater_id: int
    submitted_on: date
    status: SubmissionStatus
    state: ReviewState
    is_open: bool
    settled: bool | None

    def must_go_on(self) -> None:
        """Refuse a review that was taken back, rejected, hidden or settled, and those of closed organizations."""
        if self.status in ENDED:
            raise Conflict(*ENDED[self.status], *PATH)
        if self.state is ReviewState.HIDDEN:
            raise Conflict("REVIEW_HIDDEN", "A moderator has hidden it.", *PATH)
        if self.settled:
            raise Conflict("REVIEW_SETTLED", "Its author has called the matter settled, which closes it.", *PATH)
        if not self.is_open:
            raise Conflict("ORGANIZATION_CLOSED", "The organization is closed.", *PATH)


async def of_official(connection: AsyncConnection, viewer: Viewer, review: str, permission: Permission) -> Case:
    """The review with a global id, on which the viewer holds a permission; what they do not is not there."""
    key = key_of(review, "Review", "review")
    await permissions.demand(connection, viewer, permission)
    account = literal(viewer.account_id, BigInteger())
    found = await locked(connection, key, permissions.held(account, permission, Review.__table__.c.organization_id))
    if found.rater_id == viewer.rater_id:
        raise Conflict("OWN_REVIEW", "You are its author: somebody else acts on it.", *PATH)
    return found


async def of_author(connection: AsyncConnection, viewer: Viewer, review: str) -> Case:
    """The viewer's own review with a global id."""
    return await locked(connection, key_of(review, "Review", "review"), Submission.rater_id == viewer.rater_id)


async def locked(connection: AsyncConnection, key: int, condition: ColumnElement[bool]) -> Case:
    """The review with a key, if a condition holds. It is locked first, and read by a statement that sees who came before."""
    await connection.execute(SHARE_TREES)
    await connection.execute(LOCK, {"review": key})
    row = (await connection.execute(READ.where(Review.submission_id == key, condition))).one_or_none()
    if row is None:
        raise Unknown("REVIEW_UNKNOWN", "There is no such review among those that you may do this with.", *PATH)
    return Case(*row)


async def record(
    connection: AsyncConnection, viewer: Viewer, action: AuditAction, case: Case, **details: Detail
) -> int:
    """The event of what an official has done; its id. It never has the text."""
    subject = Subject(AuditSubject.REVIEW, case.key, case.organization_id)
    return await audit.append(connection, viewer.actor, action, subject, details)
