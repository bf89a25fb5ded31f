"""rejectSubmission and restoreSubmission: what a moderator rules, exact in all totals and on the audit trail."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import permissions
from auth.permissions import Permission
from auth.viewers import Viewer
from models import audit, counting
from models.audit import AuditAction, AuditSubject, Subject
from models.database import Database
from models.rulings import RejectionGround, Ruling
from models.submissions import Submission, SubmissionStatus
from resolvers.keys import key_of
from resolvers.problems import InvalidInput, Unknown
from resolvers.submissions import rulings
from resolvers.submissions.submitting import Submitted


@dataclass(frozen=True)
class Verdict:
    """What a moderator rules: a rejection on a ground, or without one a restoration."""

    ground: RejectionGround | None
    note: str | None

    @property
    def status(self) -> SubmissionStatus:
        """What the submission becomes."""
        return SubmissionStatus.REJECTED if self.ground else SubmissionStatus.COUNTED


async def reject(
    database: Database, viewer: Viewer, submission: str, ground: RejectionGround, note: str | None
) -> Submitted:
    """Reject a counted submission: all totals lose it. The same ruling again changes nothing more."""
    return await _rule(database, viewer, submission, Verdict(ground, rulings.checked_note(note)))


async def restore(database: Database, viewer: Viewer, submission: str, note: str | None) -> Submitted:
    """Let a rejected submission count again. The same ruling again changes nothing more."""
    return await _rule(database, viewer, submission, Verdict(None, rulings.checked_note(note)))


async def _rule(database: Database, viewer: Viewer, submission: str, verdict: Verdict) -> Submitted:
    key = key_of(submission, "Submission", "submission")
    async with database.transaction() as connection:
        await counting.lock_for(connection, await _rater_of(connection, viewer, key))
        organization_id = await _change(connection, key, verdict)
        if organization_id is None:
            return await _repeated(connection, viewer, key, verdict)
        await (counting.uncount if verdict.ground else counting.count)(connection, key)
        await _record(connection, viewer, Submitted(key, organization_id), verdict)
    return Submitted(key, organization_id)


async def _rater_of(connection: AsyncConnection, viewer: Viewer, key: int) -> int:
    """The rater of a submission, which never changes; what the viewer does not moderate is not there."""
    await permissions.demand(connection, viewer, Permission.MODERATE)
    account = literal(viewer.account_id, BigInteger())
    query = select(Submission.rater_id).where(
        Submission.id == key,
        permissions.held(account, Permission.MODERATE, Submission.__table__.c.organization_id),
    )
    found = (await connection.execute(query)).scalar_one_or_none()
    if found is None:
        message = "There is no such submission among those that you moderate."
        raise Unknown("SUBMISSION_UNKNOWN", message, "input", "submission")
    return found


async def _change(connection: AsyncConnection, key: int, verdict: Verdict) -> int | None:
    """Set the status that a verdict gives, and answer whose it is; None unless it was the other one."""
    before = SubmissionStatus.COUNTED if verdict.ground else SubmissionStatus.REJECTED
    change = (
        update(Submission)
        .where(Submission.id == key, Submission.status == before)
        .values(status=verdict.status, status_at=func.clock_timestamp())
        .returning(Submission.organization_id)
    )
    return (await connection.execute(change)).scalar_one_or_none()


async def _record(connection: AsyncConnection, viewer: Viewer, ruled: Submitted, verdict: Verdict) -> None:
    """The ruling and its place in the trail, which has the ground but not the note."""
    action = AuditAction.SUBMISSION_REJECTED if verdict.ground else AuditAction.SUBMISSION_RESTORED
    subject = Subject(AuditSubject.SUBMISSION, ruled.submission, ruled.organization)
    details = {"ground": verdict.ground.value} if verdict.ground else None
    event = await audit.append(connection, viewer.actor, action, subject, details)
    ruling = insert(Ruling).values(
        event_id=event, submission_id=ruled.submission, ground=verdict.ground, note=verdict.note
    )
    await connection.execute(ruling)


async def _repeated(connection: AsyncConnection, viewer: Viewer, key: int, verdict: Verdict) -> Submitted:
    """What the viewer ruled last, if that is the verdict: a retry. Otherwise raise why it cannot be."""
    query = select(Submission.status, Submission.organization_id).where(Submission.id == key)
    status, organization_id = (await connection.execute(query)).one()
    mine = verdict.ground, verdict.note, viewer.account_id
    if status is verdict.status and await rulings.last(connection, Ruling, key) == mine:
        return Submitted(key, organization_id)
    code, message = {
        SubmissionStatus.COUNTED: ("NOT_REJECTED", "The submission counts."),
        SubmissionStatus.REJECTED: ("ALREADY_REJECTED", "The submission is rejected already."),
        SubmissionStatus.WITHDRAWN: ("SUBMISSION_WITHDRAWN", "Its rater took the submission back."),
    }[status]
    raise InvalidInput(code, message, "input", "submission")
