"""The audit trail, as operators and supervising bodies read it."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, DateTime, FromClause, Text, and_, case, cast, func, literal, select

from auth import visibility
from engine.meanings.arguments import Arguments
from engine.meanings.fields import Order, Rows
from models import policies
from models.audit import AuditAction, AuditEvent, AuditSubject
from models.grants import Grant
from models.organizations import Organization
from models.policies import PolicyName
from models.raters import Account
from models.submissions import Submission
from resolvers.columns import own
from resolvers.trees import in_subtree, tree

at = own("at")
action = own("action")
subject = own("subject")
request_id = own("request_id")
detail_name = own("key")
detail_value = own("value")


def listed(_: None, a: Arguments) -> Rows:
    """The trail, the latest first, narrowed by what is asked."""
    row = AuditEvent.__table__.alias()
    where = [*visibility.auditors(a)]
    if a.organization is not None:
        where.append(in_subtree(row.c.organization_id, a.organization, "organization", tree(a)))
    if a.action is not None:
        where.append(row.c.action.in_(a.action))
    else:
        # There are more of these than of all else, and each look at the trail makes another.
        where.append(row.c.action != AuditAction.DATA_READ)
    if a.actor is not None:
        where.append(_is_actor(row, a.actor))
    if a.from_ is not None:
        where.append(row.c.at >= _midnight(cast(a.from_.sql, Date())))
    if a.to is not None:
        where.append(row.c.at < _midnight(cast(a.to.sql, Date()) + literal(1)))
    return Rows(row, where=tuple(where), order=(Order(row.c.id, descending=True),))


def actor(e: FromClause, a: Arguments) -> ColumnElement[str]:
    """The code of the account that acted; who applies for a new organization is no official, and not told."""
    account = Account.__table__.alias()
    code = select(account.c.code).where(account.c.id == e.c.account_id).correlate(e).scalar_subquery()
    return cast(case((e.c.action != AuditAction.ORGANIZATION_APPLIED, code)), Text())


def grantee(e: FromClause, a: Arguments) -> ColumnElement[str]:
    """The code of the account whose role was granted or revoked."""
    grant, account = Grant.__table__.alias(), Account.__table__.alias()
    holder = select(account.c.code).join_from(grant, account, account.c.id == grant.c.account_id)
    found = holder.where(grant.c.id == e.c.subject_id).correlate(e).scalar_subquery()
    return cast(case((e.c.subject == AuditSubject.GRANT, found)), Text())


def organization(e: FromClause, a: Arguments) -> Rows:
    row = Organization.__table__.alias()
    return Rows(row, where=(row.c.id == e.c.organization_id,))


def submission(e: FromClause, a: Arguments) -> Rows:
    row = Submission.__table__.alias()
    return Rows(row, where=(row.c.id == e.c.subject_id, e.c.subject == AuditSubject.SUBMISSION))


def details(e: FromClause, a: Arguments) -> Rows:
    """A row for each detail, by name."""
    pairs = func.jsonb_each_text(e.c.details).table_valued("key", "value").render_derived().alias()
    row = select(cast(pairs.c.key, Text()).label("key"), cast(pairs.c.value, Text()).label("value")).correlate(e)
    found = row.lateral()
    return Rows(found, order=(Order(found.c.key),))


def _is_actor(row: Any, code: Any) -> ColumnElement[bool]:
    account = Account.__table__.alias()
    acted = select(account.c.id).where(account.c.code == code).scalar_subquery()
    return and_(row.c.account_id == acted, row.c.action != AuditAction.ORGANIZATION_APPLIED)


def _midnight(day: ColumnElement[date]) -> ColumnElement[Any]:
    """When a date of the portal's time zone begins."""
    return func.timezone(policies.words(PolicyName.TIME_ZONE), cast(day, DateTime()), type_=DateTime(timezone=True))
