"""withdrawSubmission: a rater takes a submission back, and the totals lose it exactly."""

from sqlalchemy import func, select, update

from auth.viewers import Viewer
from models import counting
from models.database import Database
from models.submissions import Submission, SubmissionStatus
from resolvers.keys import key_of
from resolvers.problems import InvalidInput, Unknown
from resolvers.submissions.submitting import Submitted


async def withdraw(database: Database, viewer: Viewer, submission: str) -> Submitted:
    """Withdraw one of the viewer's submissions; withdrawing it again changes nothing."""
    key = key_of(submission, "Submission", "submission")
    async with database.transaction() as connection:
        await counting.lock_for(connection, viewer.rater_id)
        own = select(Submission.organization_id, Submission.status).where(
            Submission.id == key, Submission.rater_id == viewer.rater_id
        )
        row = (await connection.execute(own)).one_or_none()
        if row is None:
            message = "You have no such submission."
            raise Unknown("SUBMISSION_UNKNOWN", message, "input", "submission")
        if row.status is SubmissionStatus.REJECTED:
            message = "The submission was rejected and does not count anyway."
            raise InvalidInput("SUBMISSION_REJECTED", message, "input", "submission")
        if row.status is SubmissionStatus.COUNTED:
            ended = update(Submission).where(Submission.id == key)
            await connection.execute(ended.values(status=SubmissionStatus.WITHDRAWN, status_at=func.clock_timestamp()))
            await counting.uncount(connection, key)
    return Submitted(key, row.organization_id)
