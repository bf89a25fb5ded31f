"""settleReview: the author's word on whether what was answered and done has settled the matter."""

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from auth.viewers import Viewer
from models.clock import today
from models.database import Database
from models.loops import Measure, Reply, Settlement
from resolvers.problems import Conflict
from resolvers.voices import cases
from resolvers.voices.cases import ENDED, PATH, Case
from resolvers.voices.seeing import Acted


async def settle(database: Database, viewer: Viewer, review: str, *, settled: bool) -> Acted:
    """Say of an own review whether the matter is settled; said once that it is, it stays so."""
    async with database.transaction() as connection:
        case = await cases.of_author(connection, viewer, review)
        if case.settled is not settled:
            await _check(connection, case)
            said = {"settled": settled, "said_on": today()}
            row = insert(Settlement).values(submission_id=case.key, **said)
            await connection.execute(row.on_conflict_do_update(index_elements=["submission_id"], set_=said))
    return Acted(case.key)


async def _check(connection: AsyncConnection, case: Case) -> None:
    if case.status in ENDED:
        raise Conflict(*ENDED[case.status], *PATH)
    if case.settled:
        raise Conflict("REVIEW_SETTLED", "You have called the matter settled, which closes it.", *PATH)
    answered = or_(
        select(func.count()).where(Reply.submission_id == case.key).scalar_subquery() > 0,
        select(func.count()).where(Measure.submission_id == case.key).scalar_subquery() > 0,
    )
    if not (await connection.execute(select(answered))).scalar_one():
        raise Conflict("NOT_ANSWERED", "Nothing has been answered or done yet.", *PATH)
