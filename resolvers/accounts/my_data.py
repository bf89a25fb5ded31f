"""My data: everything that is kept about an account, as one JSON object, for its owner alone."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, FromClause, cast, func, null, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from engine.meanings.arguments import Arguments
from models.applications import Application
from models.appointments import AppointmentCode
from models.audit import AuditEvent
from models.credentials import Credential, OneTimeCode
from models.grants import Grant
from models.identities import LinkedIdentity
from models.mail import Mail
from models.organizations import Organization
from models.raters import Account, Rater
from models.sessions import Session
from resolvers.accounts import my_words
from resolvers.accounts.sections import as_object, camel, listed


def everything(viewer: FromClause, a: Arguments) -> ColumnElement[Any]:
    """One object with a section for each table that has something of the account."""
    if not a.shape.signed_in:
        return cast(null(), JSONB())
    account, rater = (a.shared(name, BigInteger()).sql for name in ("account_id", "rater_id"))
    return as_object(
        {
            "account": _account(account),
            "sessions": _sessions(account),
            "identities": _identities(account),
            "codes": _codes(account),
            "letters": _letters(account),
            "roles": _roles(account),
            "appointmentCodes": _appointment_codes(account),
            "applications": _applications(account),
            "submissions": my_words.submissions(rater),
            "surveys": my_words.surveys(rater),
            "drafts": my_words.drafts(account),
            "complaints": my_words.complaints(rater),
            "audit": _audit(account),
        }
    )


def _account(account: Any) -> ColumnElement[Any]:
    own, rater, credential = (each.__table__.alias() for each in (Account, Rater, Credential))
    told = {
        "code": own.c.code,
        "email": own.c.email,
        "emailConfirmedAt": own.c.email_confirmed_at,
        "language": own.c.language,
        "registeredAt": own.c.registered_at,
        "kind": rater.c.kind,
        "pseudonym": rater.c.pseudonym,
        "passwordChangedAt": credential.c.changed_at,
    }
    query = select(as_object(told)).join_from(own, rater, rater.c.id == own.c.rater_id)
    query = query.outerjoin(credential, credential.c.account_id == own.c.id).where(own.c.id == account)
    return query.scalar_subquery()


def _sessions(account: Any) -> ColumnElement[Any]:
    row = Session.__table__.alias()
    told = {
        "kind": row.c.kind,
        "agent": row.c.agent,
        "openedAt": row.c.opened_at,
        "lastSeenAt": row.c.last_seen_at,
        "expiresAt": row.c.expires_at,
        "endedAt": row.c.ended_at,
    }
    return listed(told, row.c.id, select().where(row.c.account_id == account))


def _identities(account: Any) -> ColumnElement[Any]:
    row = LinkedIdentity.__table__.alias()
    told = {"provider": row.c.provider, "subject": row.c.subject, "linkedAt": row.c.linked_at}
    return listed(told, row.c.id, select().where(row.c.account_id == account))


def _codes(account: Any) -> ColumnElement[Any]:
    row = OneTimeCode.__table__.alias()
    told = {"purpose": row.c.purpose, "expiresAt": row.c.expires_at}
    mine = or_(row.c.account_id == account, func.lower(row.c.email) == func.lower(_email(account)))
    return listed(told, row.c.id, select().where(mine))


def _letters(account: Any) -> ColumnElement[Any]:
    row = Mail.__table__.alias()
    told = {"kind": row.c.kind, "subject": row.c.subject, "writtenAt": row.c.written_at}
    return listed(told, row.c.id, select().where(func.lower(row.c.recipient) == func.lower(_email(account))))


def _roles(account: Any) -> ColumnElement[Any]:
    row, organization = Grant.__table__.alias(), Organization.__table__.alias()
    told = {
        "role": row.c.role,
        "organization": organization.c.code,
        "hierarchy": row.c.hierarchy,
        "validFrom": row.c.valid_from,
        "validTo": row.c.valid_to,
        "revokedAt": row.c.revoked_at,
    }
    query = select().join_from(row, organization, organization.c.id == row.c.organization_id)
    return listed(told, row.c.id, query.where(row.c.account_id == account))


def _appointment_codes(account: Any) -> ColumnElement[Any]:
    row = AppointmentCode.__table__.alias()
    used: dict[str, ColumnElement[Any]] = {"expiresAt": row.c.expires_at, "used": row.c.grant_id.is_not(None)}
    return listed(used, row.c.account_id, select().where(row.c.account_id == account))


def _applications(account: Any) -> ColumnElement[Any]:
    row, organization = Application.__table__.alias(), Organization.__table__.alias()
    names = ("name_be", "name_ru", "name_en", "address_be", "address_ru", "address_en")
    told = {camel(name): row.c[name] for name in names}
    told |= {
        "appliedAt": row.c.applied_at,
        "comment": row.c.comment,
        "status": row.c.status,
        "decidedAt": row.c.decided_at,
        "reason": row.c.reason,
        "organization": organization.c.code,
    }
    query = select().join_from(row, organization, organization.c.id == row.c.organization_id, isouter=True)
    return listed(told, row.c.id, query.where(row.c.account_id == account))


def _audit(account: Any) -> ColumnElement[Any]:
    row, organization = AuditEvent.__table__.alias(), Organization.__table__.alias()
    told = {
        "at": row.c.at,
        "action": row.c.action,
        "organization": organization.c.code,
        "subject": row.c.subject,
        "details": row.c.details,
        "requestId": row.c.request_id,
    }
    query = select().join_from(row, organization, organization.c.id == row.c.organization_id, isouter=True)
    return listed(told, row.c.id, query.where(row.c.account_id == account))


def _email(account: Any) -> ColumnElement[Any]:
    own = Account.__table__.alias()
    return select(own.c.email).where(own.c.id == account).scalar_subquery()
