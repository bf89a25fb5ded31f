"""setReviewPrivacy: its author has a review read by the organization alone from now on, or takes that wish back."""

from typing import Any

from sqlalchemy import FromClause, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import visibility
from auth.viewers import Viewer
from engine.meanings.arguments import Arguments
from engine.meanings.fields import Order, Rows
from models.clock import today
from models.database import Database
from models.reviews import PrivacyWish, Review, ReviewState
from models.submissions import Submission, SubmissionStatus
from resolvers.columns import own
from resolvers.problems import Conflict
from resolvers.voices import cases
from resolvers.voices.cases import ENDED, PATH, Case
from resolvers.voices.seeing import Acted

# So many wishes of one review are kept; the one that takes a text out of sight is never refused for it.
MOST = 20

is_private = own("private")
wished_on = own("wished_on")


async def wish(database: Database, viewer: Viewer, review: str, *, private: bool) -> Acted:
    """Make an own review private, or have it be what it was before; what is so already stays so."""
    async with database.transaction() as connection:
        case = await cases.of_author(connection, viewer, review)
        if (case.state is ReviewState.PRIVATE) is not private:
            _check(case)
            becomes = ReviewState.PRIVATE if private else await _once_more(connection, case)
            await _write(connection, case, becomes)
    return Acted(case.key)


def of_review(r: FromClause, a: Arguments) -> Rows:
    """What its author has wished since it was submitted, the first wish first, for who reads closely."""
    row = PrivacyWish.__table__.alias()
    where = (row.c.submission_id == r.c.submission_id, visibility.is_read_closely(r, a))
    return Rows(row, where=where, order=(Order(row.c.id),))


def _check(case: Case) -> None:
    if case.status is SubmissionStatus.WITHDRAWN:
        raise Conflict(*ENDED[case.status], *PATH)
    if case.state is ReviewState.HIDDEN:
        raise Conflict("REVIEW_HIDDEN", "A moderator has hidden it: it is not public anyway.", *PATH)


async def _once_more(connection: AsyncConnection, case: Case) -> ReviewState:
    """What a private review becomes: what it was before, or what a new one would be if it never was anything else."""
    w, s = PrivacyWish, Submission
    wishes = select(func.count()).where(w.submission_id == case.key)
    if (await connection.execute(wishes)).scalar_one() >= MOST:
        raise Conflict("TOO_MANY_WISHES", f"It has been made private and public {MOST} times: it stays private.", *PATH)
    last = select(w.was).where(w.submission_id == case.key, w.private).order_by(w.id.desc()).limit(1)
    state: Any = Review.__table__.c.state.type
    first = func.review_first_state(s.organization_id, s.service_id, Review.text, type_=state)
    query = select(func.coalesce(last.scalar_subquery(), first, type_=state))
    query = query.join_from(Review, s, s.id == Review.submission_id).where(Review.submission_id == case.key)
    becomes: ReviewState = (await connection.execute(query)).scalar_one()
    return becomes


async def _write(connection: AsyncConnection, case: Case, becomes: ReviewState) -> None:
    private = becomes is ReviewState.PRIVATE
    row = {"submission_id": case.key, "private": private, "was": case.state, "wished_on": today()}
    await connection.execute(insert(PrivacyWish).values(row))
    await connection.execute(update(Review).where(Review.submission_id == case.key).values(state=becomes))
