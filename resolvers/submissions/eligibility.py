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

from engine.meanings import global_ids
from engine.meanings.arguments import Arguments
from engine.meanings.fields import Rows
from models import policies
from models.clock import date_of, today
from models.grants import Grant
from models.hierarchies import Position
from models.organizations import Organization
from models.policies import PolicyName
from models.questionnaires import Questionnaire
from models.services import Service
from models.submissions import Submission, SubmissionStatus
from models.surveys import SurveyResponse
from models.trees import below
from resolvers import codes
from resolvers.catalogue import surveys
from resolvers.columns import own
from resolvers.problems import Problem
from resolvers.sets import filters


class Ineligibility(enum.Enum):
    """Why a viewer may not submit."""

    SIGN_IN_REQUIRED = "SIGN_IN_REQUIRED"
    ORGANIZATION_CLOSED = "ORGANIZATION_CLOSED"
    CONFLICT_OF_INTEREST = "CONFLICT_OF_INTEREST"
    TOO_SOON = "TOO_SOON"
    SURVEY_NOT_OPEN = "SURVEY_NOT_OPEN"
    ALREADY_ANSWERED = "ALREADY_ANSWERED"


class NotEligible(Problem):
    """The viewer may not submit for this organization now."""

    def __init__(self, reason: Ineligibility, message: str, next_at: datetime | None) -> None:
        super().__init__(reason.value, message, "input", "organization")
        self.reason = reason
        self.next_at = next_at


REASONS = Enum(Ineligibility, native_enum=False)


def of_organization(o: FromClause, a: Arguments) -> Rows:
    """One row: why not, and from when; for a survey, if one is told."""
    survey = None if a.survey is None else a.survey.map(_key, BigInteger()).sql
    if not a.shape.signed_in:
        reason, next_at = _refusal_of_strangers(o, survey)
    else:
        rater, account = (a.shared(name, BigInteger()).sql for name in ("rater_id", "account_id"))
        if survey is None:
            reason, next_at = refusal(o, rater, account), from_when(o, rater)
        else:
            reason, next_at = refusal_of_survey(o, survey, rater, account), _opening(survey)
    row = select(reason.label("reason"), next_at.label("next_at")).correlate(o).lateral()
    return Rows(row, where=() if a.service is None else (codes.known(Service, a.service),))


def _key(id_: str) -> int:
    return global_ids.key_of(id_, "Questionnaire", "survey")


def _refusal_of_strangers(o: FromClause, survey: Any) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Why whoever is not signed in may not, and when a survey opens."""
    whens = [(~filters.is_open(o), because(Ineligibility.ORGANIZATION_CLOSED))]
    if survey is not None:
        whens.append((~_survey_is_open(o, survey), because(Ineligibility.SURVEY_NOT_OPEN)))
    reason = func.coalesce(case(*whens), because(Ineligibility.SIGN_IN_REQUIRED), type_=REASONS)
    return reason, cast(null(), DateTime(timezone=True)) if survey is None else _opening(survey)


def refusal_of_survey(
    o: FromClause, survey: ColumnElement[int], rater: ColumnElement[int], account: ColumnElement[int]
) -> ColumnElement[Any]:
    """Why a rater may not answer a survey about an organization now, or null. Submissions have no part in it."""
    r = SurveyResponse.__table__.alias()
    mine = (r.c.questionnaire_id == survey, r.c.organization_id == o.c.id, r.c.rater_id == rater)
    answered = select(r.c.id).where(*mine).correlate_except(r).exists()
    return case(
        (~filters.is_open(o), because(Ineligibility.ORGANIZATION_CLOSED)),
        (in_conflict(o, account), because(Ineligibility.CONFLICT_OF_INTEREST)),
        (~_survey_is_open(o, survey), because(Ineligibility.SURVEY_NOT_OPEN)),
        (answered, because(Ineligibility.ALREADY_ANSWERED)),
    )


def _survey_is_open(o: FromClause, survey: Any) -> ColumnElement[bool]:
    q = Questionnaire.__table__.alias()
    return select(q.c.id).where(q.c.id == survey, surveys.is_open(q, o)).correlate_except(q).exists()


def _opening(survey: Any) -> ColumnElement[Any]:
    """When a survey that is published and still to come opens."""
    q = Questionnaire.__table__.alias()
    to_come = (q.c.id == survey, q.c.published_at <= func.now(), q.c.retired_at.is_(None))
    return select(surveys.opens_at(q)).where(*to_come).correlate_except(q).scalar_subquery()


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
