"""publishReview and hideReview: what moderators decide about a text. Scores and totals are never touched by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import permissions
from auth.permissions import Permission
from auth.viewers import Viewer
from models import audit
from models.audit import AuditAction, AuditSubject, Subject
from models.database import Database
from models.reviews import HidingGround, Review, ReviewRuling, ReviewState
from models.submissions import SubmissionStatus
from resolvers.keys import key_of
from resolvers.problems import Conflict, InvalidInput, Unknown
from resolvers.submissions import rulings

MAXIMUM_SPANS = 200
# What stands in the place of whatever is masked: not even its length is told.
MASK = "[…]"
PATH = ("input", "review")


@dataclass(frozen=True)
class Ruled:
    """The keys of what a moderator decided about."""

    review: int
    organization: int


@dataclass(frozen=True)
class Span:
    """Characters of a text, from 0 on, the end exclusive."""

    start: int
    end: int


@dataclass(frozen=True)
class Verdict:
    """What a review becomes: hidden on a ground, or published, masked or as it was typed."""

    ground: HidingGround | None
    masked: str | None
    note: str | None

    @property
    def state(self) -> ReviewState:
        """What the review becomes."""
        return ReviewState.HIDDEN if self.ground else ReviewState.PUBLISHED

    @property
    def action(self) -> AuditAction:
        """What the trail calls it."""
        return AuditAction.REVIEW_HIDDEN if self.ground else AuditAction.REVIEW_PUBLISHED


async def hide(database: Database, viewer: Viewer, review: str, ground: HidingGround, note: str | None) -> Ruled:
    """Hide a review; its mask stays, should it be published again. The same again changes nothing more."""
    key = key_of(review, "Review", "review")
    async with database.transaction() as connection:
        found = await _moderated(connection, viewer, key)
        await rule(connection, viewer, found, Verdict(ground, found.masked, rulings.checked_note(note)))
    return Ruled(key, found.organization_id)


async def publish(database: Database, viewer: Viewer, review: str, spans: Sequence[Span], note: str | None) -> Ruled:
    """Publish a review, with some of its characters masked, and no others; the same again changes nothing more."""
    key = key_of(review, "Review", "review")
    async with database.transaction() as connection:
        found = await _moderated(connection, viewer, key)
        await rule(connection, viewer, found, Verdict(None, masked(found.text, spans), rulings.checked_note(note)))
    return Ruled(key, found.organization_id)


def masked(text: str, spans: Sequence[Span]) -> str | None:
    """The text with a mask in the place of each span; None without spans. Refuses what is not in the text."""
    if len(spans) > MAXIMUM_SPANS:
        raise InvalidInput("SPANS_TOO_MANY", f"At most {MAXIMUM_SPANS} spans.", "input", "mask")
    for number, span in enumerate(spans):
        if not 0 <= span.start < span.end <= len(text):
            message = f"A span is some of the characters from 0 to {len(text)}."
            raise InvalidInput("SPAN_OUT_OF_TEXT", message, "input", "mask", number)
    parts, reached = [], 0
    for start, end in _joined(spans):
        parts += [text[reached:start], MASK]
        reached = end
    return "".join([*parts, text[reached:]]) if parts else None


def _joined(spans: Sequence[Span]) -> list[tuple[int, int]]:
    """The spans in order, those that overlap or touch as one."""
    joined: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda each: each.start):
        if joined and span.start <= joined[-1][1]:
            start, end = joined.pop()
            joined.append((start, max(end, span.end)))
        else:
            joined.append((span.start, span.end))
    return joined


async def _moderated(connection: AsyncConnection, viewer: Viewer, key: int) -> Any:
    """A review that the viewer moderates, locked; any other is not there."""
    await permissions.demand(connection, viewer, Permission.MODERATE)
    account = literal(viewer.account_id, BigInteger())
    r = Review.__table__
    query = select(r).where(
        r.c.submission_id == key, permissions.held(account, Permission.MODERATE, r.c.organization_id)
    )
    found = (await connection.execute(query.with_for_update())).one_or_none()
    if found is None:
        raise Unknown("REVIEW_UNKNOWN", "There is no such review among those that you moderate.", *PATH)
    if found.status is SubmissionStatus.WITHDRAWN:
        raise Conflict("REVIEW_WITHDRAWN", "Its author took the review back.", *PATH)
    if found.state is ReviewState.PRIVATE:
        raise Conflict("REVIEW_PRIVATE", "Its author wishes only the organization to read it.", *PATH)
    return found


async def rule(connection: AsyncConnection, viewer: Viewer, found: Any, verdict: Verdict) -> None:
    """Change the review and write the ruling down, unless that is what the viewer ruled last, and how it still is."""
    mine = verdict.ground, verdict.note, viewer.account_id
    if (found.state, found.masked) == (verdict.state, verdict.masked):
        if await rulings.last(connection, ReviewRuling, found.submission_id) == mine:
            return
        if verdict.ground is None:
            raise Conflict("ALREADY_PUBLISHED", "The review is published so already.", *PATH)
    change = update(Review).where(Review.submission_id == found.submission_id)
    await connection.execute(change.values(state=verdict.state, masked=verdict.masked))
    subject = Subject(AuditSubject.REVIEW, found.submission_id, found.organization_id)
    details = {"ground": verdict.ground.value} if verdict.ground else {"masked": verdict.masked is not None}
    event = await audit.append(connection, viewer.actor, verdict.action, subject, details)
    ruling = {"event_id": event, "submission_id": found.submission_id, "ground": verdict.ground, "note": verdict.note}
    await connection.execute(insert(ReviewRuling).values(ruling))
