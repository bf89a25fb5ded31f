"""Housekeeping: personal data that are over are deleted."""

from datetime import timedelta

from sqlalchemy import Interval, delete, func, literal, update

from models.app_codes import AppCode
from models.arrivals import ReviewArrival
from models.attempts import Attempt
from models.changes import KEPT, RatingChange
from models.clock import today
from models.credentials import OneTimeCode
from models.database import Database
from models.mail import Mail
from models.sessions import Session
from models.submissions import EmployeeMention
from models.unfinished import UnfinishedSubmission

# Of no use once they have expired. What other systems and providers leave is deleted where more of it is written.
EXPIRING = (AppCode, Attempt, OneTimeCode, UnfinishedSubmission)
# How long it is still known that there was a session, or a letter.
REMEMBERED = timedelta(days=30)
# What subscriptions resume from; it can have been written so long before its commit.
RESUMABLE = (RatingChange, ReviewArrival)
TIDY_LATER = timedelta(hours=6)


async def tidy(database: Database) -> None:
    """Delete what has expired, sessions and sent mail of which it was a month ago, changes nobody can ask for.

    Of employees who were named, the names.
    """
    now = func.clock_timestamp()
    then = now - literal(REMEMBERED, Interval())
    queries = (
        *(delete(each).where(each.expires_at < now) for each in EXPIRING),
        delete(Session).where(func.least(Session.ended_at, Session.expires_at) < then),
        delete(Mail).where(Mail.next_try_at.is_(None), Mail.written_at < then),
        *(delete(each).where(each.at < now - literal(KEPT + TIDY_LATER, Interval())) for each in RESUMABLE),
        update(EmployeeMention)
        .where(EmployeeMention.delete_after <= today(), EmployeeMention.name.is_not(None))
        .values(name=None),
    )
    for query in queries:
        async with database.transaction() as connection:
            await connection.execute(query)
