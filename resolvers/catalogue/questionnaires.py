"""Questionnaires: their fields, and which one applies."""

from typing import Any

from sqlalchemy import FromClause, and_, case, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from engine.arguments import Arguments
from engine.fields import Order, Rows
from models import policies
from models.criteria import Criterion
from models.errors import NotFound
from models.organizations import OrganizationSphere
from models.policies import PolicyName
from models.questionnaires import (
    Question,
    Questionnaire,
    QuestionnaireCriterion,
    QuestionOption,
)
from models.services import Service
from resolvers import codes
from resolvers.columns import own
from resolvers.languages import translated

id_ = own("id")
code = own("code")
version = own("version")
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


def of_organization(o: FromClause, a: Arguments) -> Rows:
    """The form that applies now: the most specific one, of those the latest published."""
    row = Questionnaire.__table__.alias()
    service = None if a.service is None else codes.ids_of(Service, a.service)[1]
    return Rows(
        row,
        where=(suits(row, o, service), row.c.retired_at.is_(None)),
        order=(
            Order(specificity(row), descending=True),
            Order(row.c.published_at, descending=True),
            Order(row.c.id, descending=True),
        ),
        missing=NotFound("No questionnaire applies to this organization now."),
    )


def suits(q: FromClause, o: FromClause, service: Any) -> ColumnElement[bool]:
    """True where a published form is meant for an organization and, if told, a service."""
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
        category = select(rendered.c.category_id).where(rendered.c.id == service)
        targets += [q.c.service_id == service, q.c.category_id.in_(category)]
    return and_(q.c.published_at <= func.now(), or_(*targets))


def specificity(q: FromClause) -> ColumnElement[int]:
    """Organization above service above category above sphere above everyone."""
    return case(
        (q.c.organization_id.is_not(None), 4),
        (q.c.service_id.is_not(None), 3),
        (q.c.category_id.is_not(None), 2),
        (q.c.sphere_id.is_not(None), 1),
        else_=0,
    )


def acceptable(q: FromClause, o: FromClause, service: Any) -> ColumnElement[bool]:
    """True where a form may have been shown to whoever submits now.

    It suits, was in force within the grace period (a policy), and no more specific or later one
    has been in force since before that period began.
    """
    other = Questionnaire.__table__.alias()
    hours = policies.whole(PolicyName.QUESTIONNAIRE_GRACE_HOURS)
    begin = func.now() - func.make_interval(0, 0, 0, 0, hours)
    better = or_(
        specificity(other) > specificity(q),
        and_(specificity(other) == specificity(q), other.c.published_at > q.c.published_at),
    )
    displaced = (
        select(other.c.id)
        .where(
            suits(other, o, service),
            other.c.retired_at.is_(None),
            other.c.published_at <= begin,
            better,
        )
        # The service is the caller's as well: without it any service's form would displace all others.
        .correlate_except(other)
        .exists()
    )
    in_force = or_(q.c.retired_at.is_(None), q.c.retired_at > begin)
    return and_(suits(q, o, service), in_force, ~displaced)
