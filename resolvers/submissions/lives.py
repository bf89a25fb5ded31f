"""The life of a submission: counted, perhaps withdrawn by its rater, or rejected and restored by moderators."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Enum,
    FromClause,
    Select,
    Text,
    and_,
    case,
    cast,
    literal,
    null,
    or_,
    select,
    union_all,
)

from auth import visibility
from engine.meanings.arguments import Arguments
from engine.meanings.fields import Order, Rows
from models.audit import AuditEvent
from models.clock import date_of
from models.raters import Account
from models.rulings import RejectionGround, Ruling
from models.submissions import SubmissionStatus
from resolvers.columns import own


class SubmissionEventKind(enum.Enum):
    """What happened to a submission."""

    COUNTED = "COUNTED"
    WITHDRAWN = "WITHDRAWN"
    REJECTED = "REJECTED"
    RESTORED = "RESTORED"


KINDS = Enum(SubmissionEventKind, native_enum=False)
GROUNDS = Enum(RejectionGround, name="rejection_ground")
NOTHING = {"ground": cast(null(), GROUNDS), "note": cast(null(), Text()), "moderator": cast(null(), Text())}

kind = own("kind")
on = own("on")
at = own("at")
ground = own("ground")
note = own("note")
moderator = own("moderator")


def of_submission(s: FromClause, a: Arguments) -> Rows:
    """What happened to a submission, the first thing first."""
    is_own = visibility.is_own_submission(s, a)
    life = union_all(_counted(s, is_own), _ruled(s, a), _ended(s, is_own)).lateral()
    return Rows(life, order=(Order(life.c.step), Order(life.c.number)))


def _counted(s: FromClause, is_own: ColumnElement[bool]) -> Select[Any]:
    moment = _to_its_rater(s.c.submitted_at, is_own)
    return _event(0, _of_kind(SubmissionEventKind.COUNTED), moment, s.c.submitted_on, **NOTHING).correlate(s)


def _ended(s: FromClause, is_own: ColumnElement[bool]) -> Select[Any]:
    """A withdrawal; or a rejection that came with an import, of which no more is known than its date."""
    r = Ruling.__table__.alias()
    unruled = ~select(r.c.event_id).where(r.c.submission_id == s.c.id).correlate(s).exists()
    rejected = and_(s.c.status == SubmissionStatus.REJECTED, unruled)
    moment, day = _to_its_rater(s.c.status_at, is_own), date_of(s.c.status_at)
    event = _event(2, cast(cast(s.c.status, Text()), KINDS), moment, day, **NOTHING)
    return event.where(or_(s.c.status == SubmissionStatus.WITHDRAWN, rejected)).correlate(s)


def _ruled(s: FromClause, a: Arguments) -> Select[Any]:
    """Rulings: their grounds for whoever sees the submission, the rest among moderators."""
    r, event, account = Ruling.__table__.alias(), AuditEvent.__table__.alias(), Account.__table__.alias()
    moderated = visibility.is_moderated(s, a)
    rejected, restored = (_of_kind(each) for each in (SubmissionEventKind.REJECTED, SubmissionEventKind.RESTORED))
    what = case((r.c.ground.is_not(None), rejected), else_=restored)
    found = _event(
        1,
        what,
        event.c.at,
        date_of(event.c.at),
        number=event.c.id,
        ground=r.c.ground,
        note=case((moderated, r.c.note)),
        moderator=case((moderated, account.c.code)),
    )
    joined = found.join_from(r, event, event.c.id == r.c.event_id).outerjoin(
        account, account.c.id == event.c.account_id
    )
    return joined.where(r.c.submission_id == s.c.id).correlate(s)


def _event(
    step: int, what: ColumnElement[Any], moment: ColumnElement[Any], day: ColumnElement[Any], **rest: ColumnElement[Any]
) -> Select[Any]:
    """An event's columns; those of a life are in the order of steps, and within one of numbers."""
    columns = {"step": literal(step), "number": literal(0, BigInteger()), "kind": what, "at": moment, "on": day, **rest}
    return select(*(columns[name].label(name) for name in COLUMNS))


COLUMNS = ("step", "number", "kind", "at", "on", "ground", "note", "moderator")


def _of_kind(which: SubmissionEventKind) -> ColumnElement[Any]:
    return literal(which, KINDS)


def _to_its_rater(moment: ColumnElement[datetime], is_own: ColumnElement[bool]) -> ColumnElement[datetime | None]:
    """An exact moment could tell who it was: only the rater is told, everybody else knows the date."""
    return cast(case((is_own, moment)), DateTime(timezone=True))
