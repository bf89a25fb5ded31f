"""Grants: who has, had or will have which role where, as those see it who have it, may grant it, or read the trail there."""

import enum
from typing import Any

from sqlalchemy import ColumnElement, Enum, FromClause, Text, case, cast, literal, select

from auth import visibility
from engine.meanings.arguments import Arguments
from engine.meanings.fields import Order, Rows
from models.audit import AuditAction, AuditEvent, AuditSubject
from models.clock import today
from models.grants import Grant
from models.organizations import Organization
from models.raters import Account
from resolvers.columns import own
from resolvers.trees import in_subtree, tree


class GrantState(enum.Enum):
    """Whether a role is held."""

    FUTURE = "FUTURE"
    CURRENT = "CURRENT"
    PAST = "PAST"


STATES = Enum(GrantState, native_enum=False)

role = own("role")
hierarchy = own("hierarchy")
valid_from = own("valid_from")
valid_to = own("valid_to")
revoked_at = own("revoked_at")


def listed(_: None, a: Arguments) -> Rows:
    """Others' grants that the viewer sees, the latest first; narrowed by what is asked."""
    row = Grant.__table__.alias()
    where = [*visibility.granted_to_others(row, a)]
    if a.organization is not None:
        where.append(in_subtree(row.c.organization_id, a.organization, "organization", tree(a)))
    if a.role is not None:
        where.append(row.c.role.in_(a.role))
    if a.state is not None:
        where.append(state(row, a).in_(a.state))
    return Rows(row, where=tuple(where), order=(Order(row.c.id, descending=True),))


def of_viewer(viewer: FromClause, a: Arguments) -> Rows:
    """The viewer's own, the latest first."""
    row = Grant.__table__.alias()
    return Rows(row, where=visibility.own_grants(row, a), order=(Order(row.c.id, descending=True),))


def account(g: FromClause, a: Arguments) -> ColumnElement[str]:
    """The code of the account that has the role."""
    holder = Account.__table__.alias()
    return select(holder.c.code).where(holder.c.id == g.c.account_id).correlate(g).scalar_subquery()


def granted_by(g: FromClause, a: Arguments) -> ColumnElement[str]:
    """The code of the account that granted it, as the trail tells."""
    event, granter = AuditEvent.__table__.alias(), Account.__table__.alias()
    found = select(granter.c.code).join_from(event, granter, granter.c.id == event.c.account_id)
    is_grant = (event.c.subject == AuditSubject.GRANT, event.c.action == AuditAction.ROLE_GRANTED)
    return cast(found.where(event.c.subject_id == g.c.id, *is_grant).correlate(g).limit(1).scalar_subquery(), Text())


def state(g: FromClause, a: Arguments) -> ColumnElement[Any]:
    """Today. One that was revoked is past, even if it was to begin later."""
    is_over = g.c.revoked_at.is_not(None) | (g.c.valid_to < today())
    past, future, current = (literal(each, STATES) for each in (GrantState.PAST, GrantState.FUTURE, GrantState.CURRENT))
    return case((is_over, past), (g.c.valid_from > today(), future), else_=current)


def organization(g: FromClause, a: Arguments) -> Rows:
    row = Organization.__table__.alias()
    return Rows(row, where=(row.c.id == g.c.organization_id,))
