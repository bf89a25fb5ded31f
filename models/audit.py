"""The audit trail: who used a privilege, when and on what. Rows are added and never changed."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Enum,
    ForeignKey,
    Identity,
    Index,
    Select,
    Text,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.organizations import Organization

# What a detail can be: a flat value that names nobody.
Detail = str | int | bool | None


class AuditAction(enum.Enum):
    """What was done."""

    SUBMISSION_REJECTED = "SUBMISSION_REJECTED"
    SUBMISSION_RESTORED = "SUBMISSION_RESTORED"
    REVIEW_PUBLISHED = "REVIEW_PUBLISHED"
    REVIEW_HIDDEN = "REVIEW_HIDDEN"
    ORGANIZATION_APPLIED = "ORGANIZATION_APPLIED"
    ORGANIZATION_ACCEPTED = "ORGANIZATION_ACCEPTED"
    ORGANIZATION_DECLINED = "ORGANIZATION_DECLINED"
    ORGANIZATION_CREATED = "ORGANIZATION_CREATED"
    ORGANIZATION_RENAMED = "ORGANIZATION_RENAMED"
    ORGANIZATION_MOVED = "ORGANIZATION_MOVED"
    ORGANIZATION_MERGED = "ORGANIZATION_MERGED"
    ORGANIZATION_CLOSED = "ORGANIZATION_CLOSED"
    ORGANIZATION_REOPENED = "ORGANIZATION_REOPENED"
    POLICY_SET = "POLICY_SET"
    POLICY_WITHDRAWN = "POLICY_WITHDRAWN"
    ROLE_GRANTED = "ROLE_GRANTED"
    ROLE_REVOKED = "ROLE_REVOKED"
    EDITION_PUBLISHED = "EDITION_PUBLISHED"
    DATA_IMPORTED = "DATA_IMPORTED"
    CLIENT_REGISTERED = "CLIENT_REGISTERED"
    CLIENT_CHANGED = "CLIENT_CHANGED"
    CLIENT_SECRET_ROTATED = "CLIENT_SECRET_ROTATED"  # noqa: S105 - a name, no secret
    CLIENT_REVOKED = "CLIENT_REVOKED"
    CLIENT_INVITED = "CLIENT_INVITED"
    REVIEW_SEEN = "REVIEW_SEEN"
    REVIEW_ANSWERED = "REVIEW_ANSWERED"
    REPLY_EDITED = "REPLY_EDITED"
    MEASURE_RECORDED = "MEASURE_RECORDED"
    COMPLAINT_DECIDED = "COMPLAINT_DECIDED"
    QUESTIONNAIRE_DRAFTED = "QUESTIONNAIRE_DRAFTED"
    QUESTIONNAIRE_CHANGED = "QUESTIONNAIRE_CHANGED"
    QUESTIONNAIRE_DISCARDED = "QUESTIONNAIRE_DISCARDED"
    QUESTIONNAIRE_PUBLISHED = "QUESTIONNAIRE_PUBLISHED"
    QUESTIONNAIRE_RETIRED = "QUESTIONNAIRE_RETIRED"
    DATA_READ = "DATA_READ"


class AuditSubject(enum.Enum):
    """What kind of thing it was done to."""

    SUBMISSION = "SUBMISSION"
    ORGANIZATION = "ORGANIZATION"
    APPLICATION = "APPLICATION"
    POLICY = "POLICY"
    GRANT = "GRANT"
    EDITION = "EDITION"
    IMPORT = "IMPORT"
    CLIENT = "CLIENT"
    REVIEW = "REVIEW"
    COMPLAINT = "COMPLAINT"
    QUESTIONNAIRE = "QUESTIONNAIRE"
    AUDIT_EVENT = "AUDIT_EVENT"
    FINDING = "FINDING"


class AuditEvent(Base):
    """One use of a privilege. A trigger refuses every change of what is there.

    `account_id` is the number of the account that acted, without a foreign key: it stays when the
    account is erased, and then leads to nobody. It is null for the command line. `organization_id`
    is the organization concerned, if it is one; `details` is a flat object of what was decided.
    """

    __tablename__ = "audit_event"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("clock_timestamp()"))
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    action: Mapped[AuditAction] = mapped_column(Enum(AuditAction, name="audit_action"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey(Organization.id))
    subject: Mapped[AuditSubject] = mapped_column(Enum(AuditSubject, name="audit_subject"))
    subject_id: Mapped[int | None] = mapped_column(BigInteger)
    details: Mapped[dict[str, Detail]] = mapped_column(JSONB, server_default=text("'{}'"))
    request_id: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint("jsonb_typeof(details) = 'object'", name="details_are_an_object"),
        Index(None, "organization_id", "id"),
        Index(None, "subject", "subject_id"),
    )


@dataclass(frozen=True)
class Actor:
    """Who acts, and by which request; on the command line neither is there."""

    account_id: int | None = None
    request_id: str | None = None


@dataclass(frozen=True)
class Subject:
    """What an action is about: its kind, its key, and the organization that it concerns."""

    kind: AuditSubject
    key: int | None = None
    organization_id: int | None = None


async def append(
    connection: AsyncConnection,
    actor: Actor,
    action: AuditAction,
    subject: Subject,
    details: Mapping[str, Detail] | None = None,
) -> int:
    """Add an event to the trail inside the caller's transaction; the event's id.

    What is in the trail stays there for good: no detail may tell of a person.
    """
    row = {
        "account_id": actor.account_id,
        "request_id": actor.request_id,
        "action": action,
        "subject": subject.kind,
        "subject_id": subject.key,
        "organization_id": subject.organization_id,
        "details": dict(details or {}),
    }
    return (await connection.execute(insert(AuditEvent).values(row).returning(AuditEvent.id))).scalar_one()


async def append_each(
    connection: AsyncConnection,
    actor: Actor,
    action: AuditAction,
    kind: AuditSubject,
    organizations: Select[int],
    details: Mapping[str, Detail],
) -> int:
    """The same event for each of some organizations, which a query has the ids of; how many there are."""
    c, concerned = AuditEvent.__table__.c, organizations.subquery()
    same = {
        c.account_id: actor.account_id,
        c.request_id: actor.request_id,
        c.action: action,
        c.subject: kind,
        c.details: dict(details),
    }
    values = [literal(value, column.type) for column, value in same.items()]
    rows = select(*values, concerned.c[0]).select_from(concerned)
    return (await connection.execute(insert(AuditEvent).from_select([*same, c.organization_id], rows))).rowcount
