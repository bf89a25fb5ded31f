"""Eligibility: whether a rater may submit for an organization, and if not why and from when.

The same expressions answer `Organization.eligibility` and guard `submitQuestionnaire`.
"""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Enum,
    FromClause,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.sql.elements import ColumnElement

from engine.arguments import Arguments
from engine.fields import Rows
from models import policies
from models.clock import date_of, today
from models.grants import Grant
from models.hierarchies import Position
from models.organizations import Organization
from models.policies import PolicyName
from models.services import Service
from models.submissions import Submission, SubmissionStatus
from models.trees import below
from resolvers import codes
from resolvers.columns import own
from resolvers.problems import Problem
from resolvers.sets import filters


class Ineligibility(enum.Enum):
    """Why a viewer may not submit."""

    SIGN_IN_REQUIRED = "SIGN_IN_REQUIRED"
    ORGANIZATION_CLOSED = "ORGANIZATION_CLOSED"
    CONFLICT_OF_INTEREST = "CONFLICT_OF_INTEREST"
    TOO_SOON = "TOO_SOON"


class NotEligible(Problem):
    """The viewer may not submit for this organization now."""

    def __init__(self, reason: Ineligibility, message: str, next_at: datetime | None) -> None:
        super().__init__(reason.value, message, "input", "organization")
        self.reason = reason
        self.next_at = next_at


REASONS = Enum(Ineligibility, native_enum=False)


def of_organization(o: FromClause, a: Arguments) -> Rows:
    """One row: why not, and from when."""
    if not a.shape.signed_in:
        closed = case((~filters.is_open(o), because(Ineligibility.ORGANIZATION_CLOSED)))
        reason: ColumnElement[Any] = func.coalesce(closed, because(Ineligibility.SIGN_IN_REQUIRED), type_=REASONS)
        next_at: ColumnElement[Any] = cast(null(), DateTime(timezone=True))
    else:
        rater, account = (a.shared(name, BigInteger()).sql for name in ("rater_id", "account_id"))
        reason, next_at = refusal(o, rater, account), from_when(o, rater)
    row = select(reason.label("reason"), next_at.label("next_at")).correlate(o).lateral()
    return Rows(row, where=() if a.service is None else (codes.known(Service, a.service),))


def because(reason: Ineligibility) -> ColumnElement[Any]:
    """A reason as SQL."""
    return literal(reason, REASONS)


def refusal(o: FromClause, rater: ColumnElement[int], account: ColumnElement[int]) -> ColumnElement[Any]:
    """Why a rater may not submit now, or null."""
    return case(
        (~filters.is_open(o), because(Ineligibility.ORGANIZATION_CLOSED)),
        (in_conflict(o, account), because(Ineligibility.CONFLICT_OF_INTEREST)),
        (from_when(o, rater).is_not(None), because(Ineligibility.TOO_SOON)),
    )


def from_when(o: FromClause, rater: ColumnElement[int]) -> ColumnElement[datetime]:
    """When the interval after the rater's last submission ends, null where it is over.

    A rejected one goes on blocking: should it be restored, there are still no two within the interval.
    """
    s = Submission.__table__.alias()
    hours = policies.whole(PolicyName.REPEAT_INTERVAL_HOURS)
    ends = s.c.submitted_at + func.make_interval(0, 0, 0, 0, hours)
    return (
        select(func.max(ends, type_=DateTime(timezone=True)))
        .where(
            s.c.rater_id == rater,
            s.c.organization_id == o.c.id,
            s.c.status != SubmissionStatus.WITHDRAWN,
            ends > func.clock_timestamp(),
        )
        .correlate(o)
        .scalar_subquery()
    )


def in_conflict(o: FromClause, account: ColumnElement[int]) -> ColumnElement[bool]:
    """Who holds, or held lately, a grant here, above or below cannot rate here, nor who took the place over."""
    g, granted_on = Grant.__table__.alias(), Organization.__table__.alias()
    held_on = codes.standing_for(granted_on)
    theirs, here = Position.__table__.alias(), Position.__table__.alias()
    months = policies.whole(PolicyName.CONFLICT_MONTHS)
    since = today() - func.make_interval(0, months)
    related = (
        select(here.c.organization_id)
        .where(
            here.c.organization_id == o.c.id,
            here.c.hierarchy == g.c.hierarchy,
            theirs.c.organization_id == held_on,
            theirs.c.hierarchy == g.c.hierarchy,
            or_(below(here.c.path, theirs.c.path), below(theirs.c.path, here.c.path)),
        )
        .correlate(o, g, granted_on)
        .exists()
    )
    return (
        select(g.c.id)
        .join_from(g, granted_on, granted_on.c.id == g.c.organization_id)
        .where(
            g.c.account_id == account,
            g.c.valid_from <= today(),
            or_(g.c.valid_to.is_(None), g.c.valid_to >= since),
            # One that was revoked before it began was never held.
            or_(g.c.revoked_at.is_(None), date_of(g.c.revoked_at) >= g.c.valid_from),
            or_(held_on == o.c.id, related),
        )
        .correlate(o)
        .exists()
    )


def allowed(e: FromClause, a: Arguments) -> ColumnElement[bool]:
    return e.c.reason.is_(None)


reason = own("reason")
next_at = own("next_at")
