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
    case,
    cast,
    literal,
    null,
    select,
)

from auth import visibility
from engine.meanings.arguments import Arguments
from engine.meanings.fields import Order, Rows
from models.loops import Measure, Reading, Reply, Settlement
from models.policies import PolicyName
from resolvers.columns import own
from resolvers.voices import deadlines


class ReviewStage(enum.Enum):
    """How far a review has come."""

    RECEIVED = "RECEIVED"
    SEEN = "SEEN"
    ANSWERED = "ANSWERED"
    SETTLED = "SETTLED"
    UNSETTLED = "UNSETTLED"


STAGES = Enum(ReviewStage, native_enum=False)

seen_on = own("seen_on")
settled = own("settled")
text = own("text")
version = own("version")
written_on = own("written_on")
replied_on = own("replied_on")
hidden = own("hidden")
taken_on = own("taken_on")
recorded_on = own("recorded_on")


def seen_by(r: FromClause, a: Arguments) -> ColumnElement[Any]:
    """As what: for officials to know."""
    return case((visibility.is_officials_review(r, a), _of(r, Reading, "role")))


def settled_on(r: FromClause, a: Arguments) -> ColumnElement[date]:
    return _of(r, Settlement, "said_on")


def seen_due_on(r: FromClause, a: Arguments) -> ColumnElement[date]:
    return deadlines.due_on(r, PolicyName.SEEN_DAYS)


def seen_late(r: FromClause, a: Arguments) -> ColumnElement[bool]:
    return deadlines.is_seen_late(r)


def reply_due_on(r: FromClause, a: Arguments) -> ColumnElement[date]:
    return deadlines.due_on(r, PolicyName.REPLY_DAYS)


def overdue(r: FromClause, a: Arguments) -> ColumnElement[bool]:
    return deadlines.is_overdue(r)


def stage(r: FromClause, a: Arguments) -> ColumnElement[ReviewStage]:
    """The last of the steps that it has made."""
    return case(
        (r.c.settled, _stage(ReviewStage.SETTLED)),
        (~r.c.settled, _stage(ReviewStage.UNSETTLED)),
        (r.c.answered_on.is_not(None), _stage(ReviewStage.ANSWERED)),
        (r.c.seen_on.is_not(None), _stage(ReviewStage.SEEN)),
        else_=_stage(ReviewStage.RECEIVED),
    )


def reply(r: FromClause, a: Arguments) -> Rows:
    """The reply as it stands. Of a hidden version only officials and moderators read the text."""
    last = _last(r)
    is_told = case((last.c.hidden, visibility.is_officials_review(r, a)), else_=True)
    query = select(
        last.c.submission_id,
        last.c.version,
        last.c.hidden,
        last.c.written_on,
        case((is_told, last.c.text)).label("text"),
        r.c.answered_on.label("replied_on"),
        visibility.is_officials_review(r, a).label("is_read_closely"),
    )
    row = query.correlate(r).lateral()
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


def _of(r: FromClause, model: Any, column: str) -> ColumnElement[Any]:
    """A column of the one row that a table has of a review, null without one."""
    row = model.__table__.alias()
    return select(row.c[column]).where(row.c.submission_id == r.c.submission_id).correlate(r).scalar_subquery()


def _last(r: FromClause) -> FromClause:
    row = Reply.__table__.alias()
    last = select(row).where(row.c.submission_id == r.c.submission_id).order_by(row.c.version.desc()).limit(1)
    return last.correlate(r).lateral()


def _stage(which: ReviewStage) -> ColumnElement[Any]:
    return literal(which, STAGES)
