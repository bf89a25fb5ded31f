"""Surveys: where and when they are open."""

from typing import Any

from sqlalchemy import DateTime, FromClause, and_, case, cast, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from auth import owners
from engine.meanings.arguments import Arguments
from engine.meanings.fields import Order, Rows
from models import policies
from models.clock import today
from models.organizations import OrganizationService, OrganizationSphere
from models.policies import PolicyName
from models.questionnaires import Questionnaire
from models.services import Service


def of_organization(o: FromClause, a: Arguments) -> Rows:
    """The surveys that may be answered about an organization today, those that end first before others."""
    row = Questionnaire.__table__.alias()
    return Rows(row, where=(is_open(row, o),), order=(Order(row.c.closes_on), Order(row.c.id)))


def is_open(q: FromClause, o: FromClause) -> ColumnElement[bool]:
    """Whether a survey may be answered about an organization today."""
    return and_(is_shown(q, o), today().between(q.c.opens_on, q.c.closes_on))


def is_shown(q: FromClause, o: FromClause) -> ColumnElement[bool]:
    """Whether a survey is published and meant for an organization, whatever the day."""
    shown = and_(q.c.opens_on.is_not(None), q.c.published_at <= func.now(), q.c.retired_at.is_(None))
    return and_(shown, is_meant_for(q, o))


def is_meant_for(q: FromClause, o: FromClause) -> ColumnElement[bool]:
    """Whether a survey is about an organization: one for a service is about whoever renders it."""
    works, renders, service = (each.__table__.alias() for each in (OrganizationSphere, OrganizationService, Service))
    spheres = select(works.c.sphere_id).where(works.c.organization_id == o.c.id).correlate(o)
    rendered = select(service.c.id).join_from(renders, service, service.c.id == renders.c.service_id)
    rendered = rendered.where(renders.c.organization_id == o.c.id).correlate(o)
    targets = or_(
        func.num_nonnulls(q.c.organization_id, q.c.sphere_id, q.c.category_id, q.c.service_id) == 0,
        q.c.organization_id == o.c.id,
        q.c.sphere_id.in_(spheres),
        q.c.service_id.in_(rendered),
        q.c.category_id.in_(rendered.with_only_columns(service.c.category_id)),
    )
    return and_(targets, owners.applies_below(q, o.c.id))


def opens_at(q: FromClause) -> ColumnElement[Any]:
    """When a survey that is still to come opens; null for the others."""
    zone = policies.words(PolicyName.TIME_ZONE)
    midnight = func.timezone(zone, cast(q.c.opens_on, DateTime()), type_=DateTime(timezone=True))
    return cast(case((q.c.opens_on > today(), midnight)), DateTime(timezone=True))
