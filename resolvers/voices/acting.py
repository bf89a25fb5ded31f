"""recordMeasure: what an organization has done because of a review."""

from datetime import date

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from auth.permissions import Permission
from auth.viewers import Viewer
from models.audit import AuditAction
from models.clock import today
from models.database import Database
from models.loops import Measure
from models.mail import MailKind
from resolvers.problems import Conflict, InvalidInput
from resolvers.texts import check_words
from resolvers.voices import cases, telling
from resolvers.voices.cases import PATH, Case
from resolvers.voices.seeing import Acted
from resolvers.voices.telling import Letterhead

MAXIMUM_MEASURE = 2_000
MOST = 20


async def record(
    database: Database, head: Letterhead, viewer: Viewer, review: str, text: str, taken_on: date | None
) -> Acted:
    """Record a measure, taken today unless another date is told; what is recorded already is no news."""
    check_words(text, MAXIMUM_MEASURE, "text")
    async with database.transaction() as connection:
        case = await cases.of_official(connection, viewer, review, Permission.RUN_REVIEWS)
        now = (await connection.execute(select(today()))).scalar_one()
        day = taken_on or now
        if not await _is_known(connection, case, text, day):
            case.must_go_on()
            _check(case, day, now)
            await _refuse_too_many(connection, case)
            event = await cases.record(connection, viewer, AuditAction.MEASURE_RECORDED, case)
            row = {"submission_id": case.key, "text": text, "taken_on": day, "recorded_on": now, "event_id": event}
            await connection.execute(insert(Measure).values(row))
            await telling.tell(connection, head, MailKind.MEASURE_RECORDED, case.rater_id, case.key)
    return Acted(case.key)


def _check(case: Case, day: date, now: date) -> None:
    if day > now:
        raise InvalidInput("TAKEN_IN_FUTURE", "A measure is recorded once it is taken.", "input", "takenOn")
    if day < case.submitted_on:
        raise InvalidInput("TAKEN_BEFORE_REVIEW", "The review came later.", "input", "takenOn")


async def _is_known(connection: AsyncConnection, case: Case, text: str, day: date) -> bool:
    same = (Measure.submission_id == case.key, Measure.text == text, Measure.taken_on == day)
    return (await connection.execute(select(Measure.id).where(*same))).first() is not None


async def _refuse_too_many(connection: AsyncConnection, case: Case) -> None:
    number = select(func.count()).select_from(Measure).where(Measure.submission_id == case.key)
    if (await connection.execute(number)).scalar_one() >= MOST:
        raise Conflict("TOO_MANY_MEASURES", f"A review has at most {MOST} measures.", *PATH)
