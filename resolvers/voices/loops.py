"""The loop of a review, as its readers see it: seen, answered, acted on, settled, and until when.

`r` is the row of a review. Dates are told, never moments.
"""

import enum
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Enum,
    FromClause,
    and_,
    case,
    cast,
    literal,
    null,
    select,
)

from auth import visibility
from engine.arguments import Arguments
from engine.fields import Order, Rows
from models import policies
from models.clock import today
from models.loops import Measure, Reading, Reply, Settlement
from models.organizations import Organization
from models.policies import PolicyName
from models.reviews import ReviewState
from models.submissions import SubmissionStatus
from resolvers.columns import own
from resolvers.sets import filters


class ReviewStage(enum.Enum):
    """How far a review has come."""

    RECEIVED = "RECEIVED"
    SEEN = "SEEN"
    ANSWERED = "ANSWERED"
    SETTLED = "SETTLED"
    UNSETTLED = "UNSETTLED"


STAGES = Enum(ReviewStage, native_enum=False)

text = own("text")
version = own("version")
written_on = own("written_on")
replied_on = own("replied_on")
hidden = own("hidden")
taken_on = own("taken_on")
recorded_on = own("recorded_on")


def seen_on(r: FromClause, a: Arguments) -> ColumnElement[date]:
    """The day on which a head marked it."""
    return _of(r, Reading, "seen_on")


def seen_by(r: FromClause, a: Arguments) -> ColumnElement[Any]:
    """As what: for officials to know."""
    return case((visibility.is_officials_review(r, a), _of(r, Reading, "role")))


def settled(r: FromClause, a: Arguments) -> ColumnElement[bool]:
    return _of(r, Settlement, "settled")


def settled_on(r: FromClause, a: Arguments) -> ColumnElement[date]:
    return _of(r, Settlement, "said_on")


def seen_due_on(r: FromClause, a: Arguments) -> ColumnElement[date]:
    return _due(r, PolicyName.SEEN_DAYS)


def reply_due_on(r: FromClause, a: Arguments) -> ColumnElement[date]:
    return _due(r, PolicyName.REPLY_DAYS)


def is_overdue(r: FromClause, a: Arguments | None) -> ColumnElement[bool]:
    """Whether its day has passed and nobody has answered, though somebody had to."""
    return and_(is_to_be_answered(r), ~is_answered(r), _due(r, PolicyName.REPLY_DAYS) < today())


def stage(r: FromClause, a: Arguments) -> ColumnElement[ReviewStage]:
    """The last of the steps that it has made."""
    word = _of(r, Settlement, "settled")
    return case(
        (word, _stage(ReviewStage.SETTLED)),
        (~word, _stage(ReviewStage.UNSETTLED)),
        (is_answered(r), _stage(ReviewStage.ANSWERED)),
        (is_seen(r), _stage(ReviewStage.SEEN)),
        else_=_stage(ReviewStage.RECEIVED),
    )


def reply(r: FromClause, a: Arguments) -> Rows:
    """The reply as it stands. Of a hidden version only officials and moderators read the text."""
    last = _last(r)
    is_told = case((last.c.hidden, visibility.is_officials_review(r, a)), else_=True)
    row = select(
        last.c.submission_id,
        last.c.version,
        last.c.hidden,
        last.c.written_on,
        case((is_told, last.c.text)).label("text"),
        _first(r).label("replied_on"),
        visibility.is_officials_review(r, a).label("is_read_closely"),
    ).lateral()
    return Rows(row, order=(Order(row.c.version),))


def edited_on(p: FromClause, a: Arguments) -> ColumnElement[date]:
    """The day of the version that stands, unless that is the first."""
    return cast(case((p.c.version > 1, p.c.written_on), else_=null()), Date())


def versions(p: FromClause, a: Arguments) -> Rows:
    """All versions of a reply, the first one first, for officials."""
    row = Reply.__table__.alias()
    return Rows(
        row, where=(row.c.submission_id == p.c.submission_id, p.c.is_read_closely), order=(Order(row.c.version),)
    )


def measures(r: FromClause, a: Arguments) -> Rows:
    """What was done, the first thing first."""
    row = Measure.__table__.alias()
    return Rows(row, where=(row.c.submission_id == r.c.submission_id,), order=(Order(row.c.taken_on), Order(row.c.id)))


def is_seen(r: FromClause) -> ColumnElement[bool]:
    """Whether a head has marked it."""
    return _exists(r, Reading.__table__.alias())


def is_answered(r: FromClause) -> ColumnElement[bool]:
    """Whether there is a reply, in whatever version."""
    row = Reply.__table__.alias()
    return _exists(r, row, row.c.version == 1)


def is_to_be_answered(r: FromClause) -> ColumnElement[bool]:
    """Whether it counts, nobody has hidden it, and there is an organization that could answer."""
    o = Organization.__table__.alias()
    is_there = select(o.c.id).where(o.c.id == r.c.organization_id, filters.is_open(o)).correlate(r).exists()
    return and_(r.c.status == SubmissionStatus.COUNTED, r.c.state != ReviewState.HIDDEN, is_there)


def _due(r: FromClause, name: PolicyName) -> ColumnElement[date]:
    """The last day, by the policy of the day on which it came."""
    return cast(r.c.submitted_on + policies.whole_on(name, r.c.submitted_on), Date())


def _of(r: FromClause, model: Any, column: str) -> ColumnElement[Any]:
    """A column of the one row that a table has of a review, null without one."""
    row = model.__table__.alias()
    return select(row.c[column]).where(row.c.submission_id == r.c.submission_id).correlate(r).scalar_subquery()


def _exists(r: FromClause, row: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    found = select(row.c.submission_id).where(row.c.submission_id == r.c.submission_id, *conditions)
    return found.correlate(r).exists()


def _last(r: FromClause) -> FromClause:
    row = Reply.__table__.alias()
    last = select(row).where(row.c.submission_id == r.c.submission_id).order_by(row.c.version.desc()).limit(1)
    return last.correlate(r).lateral()


def _first(r: FromClause) -> ColumnElement[date]:
    row = Reply.__table__.alias()
    first = select(row.c.written_on).where(row.c.submission_id == r.c.submission_id, row.c.version == 1)
    return first.correlate(r).scalar_subquery()


def _stage(which: ReviewStage) -> ColumnElement[Any]:
    return literal(which, STAGES)
