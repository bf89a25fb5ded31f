"""Questionnaires: their fields, and which one applies."""

import enum
from typing import Any

from sqlalchemy import Enum, FromClause, and_, case, func, literal, or_, select
from sqlalchemy.sql.elements import ColumnElement

from auth import owners, visibility
from engine.meanings.arguments import Arguments
from engine.meanings.fields import Order, Rows
from models import policies
from models.criteria import Criterion
from models.errors import NotFound
from models.organizations import Organization, OrganizationSphere
from models.policies import PolicyName
from models.questionnaires import (
    Question,
    Questionnaire,
    QuestionnaireCriterion,
    QuestionOption,
)
from models.services import Category, Service, Sphere
from resolvers import codes
from resolvers.columns import own
from resolvers.languages import translated


class QuestionnaireState(enum.Enum):
    """How far a version of a form has come."""

    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    RETIRED = "RETIRED"


STATES = Enum(QuestionnaireState, native_enum=False)

id_ = own("id")
code = own("code")
version = own("version")
hierarchy = own("hierarchy")
published_at = own("published_at")
retired_at = own("retired_at")
opens_on = own("opens_on")
closes_on = own("closes_on")
title = translated("title")
text = translated("text")
question_type = own("type")
required = own("required")


def criteria(q: FromClause, a: Arguments) -> Rows:
    row, place = Criterion.__table__.alias(), QuestionnaireCriterion.__table__.alias()
    return Rows(
        row,
        joins=((place, place.c.criterion_id == row.c.id),),
        where=(place.c.questionnaire_id == q.c.id,),
        order=(Order(place.c.position),),
    )


def questions(q: FromClause, a: Arguments) -> Rows:
    row = Question.__table__.alias()
    where = (row.c.questionnaire_id == q.c.id,)
    return Rows(row, where=where, order=(Order(row.c.position),))


def options(question: FromClause, a: Arguments) -> Rows:
    row = QuestionOption.__table__.alias()
    where = (row.c.question_id == question.c.id,)
    return Rows(row, where=where, order=(Order(row.c.position),))


def state(q: FromClause, a: Arguments) -> ColumnElement[Any]:
    return case(
        (q.c.published_at.is_(None), literal(QuestionnaireState.DRAFT, STATES)),
        (q.c.retired_at.is_(None), literal(QuestionnaireState.PUBLISHED, STATES)),
        else_=literal(QuestionnaireState.RETIRED, STATES),
    )


def window(q: FromClause, a: Arguments) -> Rows:
    """When a survey may be answered: a part of its row, which other forms do not have."""
    return Rows(q, present=q.c.opens_on)


def owner(q: FromClause, a: Arguments) -> Rows:
    row = Organization.__table__.alias()
    return Rows(row, where=(row.c.id == owners.owner_today(q),))


def organization(q: FromClause, a: Arguments) -> Rows:
    row = Organization.__table__.alias()
    return Rows(row, where=(row.c.id == q.c.organization_id,))


def sphere(q: FromClause, a: Arguments) -> Rows:
    row = Sphere.__table__.alias()
    return Rows(row, where=(row.c.id == q.c.sphere_id,))


def category(q: FromClause, a: Arguments) -> Rows:
    row = Category.__table__.alias()
    return Rows(row, where=(row.c.id == q.c.category_id,))


def service(q: FromClause, a: Arguments) -> Rows:
    row = Service.__table__.alias()
    return Rows(row, where=(row.c.id == q.c.service_id,))


def listed(_: None, a: Arguments) -> Rows:
    """The versions of forms that the viewer may see, the latest first."""
    row = Questionnaire.__table__.alias()
    where: list[ColumnElement[bool]] = []
    if a.mine:
        where += visibility.owned_questionnaires(row, a)
    if a.state is not None:
        where.append(state(row, a).in_(a.state))
    if a.surveys is not None:
        where.append(row.c.opens_on.is_not(None) if a.surveys else row.c.opens_on.is_(None))
    if a.code is not None:
        where.append(row.c.code == a.code)
    return Rows(row, where=tuple(where), order=(Order(row.c.id, descending=True),))


def of_organization(o: FromClause, a: Arguments) -> Rows:
    """The form that applies now: the most specific one, of those the latest published."""
    row = Questionnaire.__table__.alias()
    service = None if a.service is None else codes.ids_of(Service, a.service)[1]
    return Rows(
        row,
        where=(suits(row, o, service), row.c.opens_on.is_(None), row.c.retired_at.is_(None)),
        order=(
            Order(specificity(row), descending=True),
            Order(row.c.published_at, descending=True),
            Order(row.c.id, descending=True),
        ),
        missing=NotFound("No questionnaire applies to this organization now."),
    )


def suits(q: FromClause, o: FromClause, service: Any) -> ColumnElement[bool]:
    """True where a published form is meant for an organization and, if told, a service.

    One with an owner is meant for what stands below it alone.
    """
    works = OrganizationSphere.__table__.alias()
    spheres = select(works.c.sphere_id).where(works.c.organization_id == o.c.id).correlate(o)
    targets = [
        and_(
            q.c.organization_id.is_(None),
            q.c.service_id.is_(None),
            q.c.category_id.is_(None),
            q.c.sphere_id.is_(None),
        ),
        q.c.organization_id == o.c.id,
        q.c.sphere_id.in_(spheres),
    ]
    if service is not None:
        rendered = Service.__table__.alias()
        # The service may be a row of whichever statement asks, however deep this stands in it.
        category = select(rendered.c.category_id).where(rendered.c.id == service).correlate_except(rendered)
        targets += [q.c.service_id == service, q.c.category_id.in_(category)]
    return and_(q.c.published_at <= func.now(), or_(*targets), owners.applies_below(q, o.c.id))


def specificity(q: FromClause) -> ColumnElement[int]:
    """Organization above service above category above sphere above everyone; then an owner's above the portal's."""
    owned = case((q.c.owner_id.is_not(None), 1), else_=0)
    return owned + case(
        (q.c.organization_id.is_not(None), 8),
        (q.c.service_id.is_not(None), 6),
        (q.c.category_id.is_not(None), 4),
        (q.c.sphere_id.is_not(None), 2),
        else_=0,
    )


def acceptable(q: FromClause, o: FromClause, service: Any) -> ColumnElement[bool]:
    """True where a form may have been shown to whoever submits now.

    It is no survey, suits, was in force within the grace period (a policy), and no more specific or
    later one has been in force since before that period began.
    """
    other = Questionnaire.__table__.alias()
    better = or_(
        specificity(other) > specificity(q),
        and_(specificity(other) == specificity(q), other.c.published_at > q.c.published_at),
    )
    displaced = (
        select(other.c.id)
        .where(
            suits(other, o, service),
            other.c.opens_on.is_(None),
            other.c.retired_at.is_(None),
            other.c.published_at <= _grace_began(),
            better,
        )
        # The service is the caller's as well: without it any service's form would displace all others.
        .correlate_except(other)
        .exists()
    )
    return and_(suits(q, o, service), q.c.opens_on.is_(None), ~is_over(q), ~displaced)


def is_over(q: FromClause) -> ColumnElement[bool]:
    """True where nobody may hand a form in any more: it was retired, or replaced longer ago than the grace period."""
    other = Questionnaire.__table__.alias()
    is_next = and_(other.c.code == q.c.code, other.c.version > q.c.version, other.c.published_at <= func.now())
    replaced = select(other.c.id).where(is_next).correlate_except(other).exists()
    return and_(q.c.retired_at.is_not(None), or_(q.c.retired_at <= _grace_began(), ~replaced))


def _grace_began() -> Any:
    hours = policies.whole(PolicyName.QUESTIONNAIRE_GRACE_HOURS)
    return func.now() - func.make_interval(0, 0, 0, 0, hours)
