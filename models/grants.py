"""Roles: grants on a node of a hierarchy, valid below it, with dates."""

import enum
from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Enum,
    ForeignKey,
    Identity,
    Index,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.hierarchies import Hierarchy
from models.organizations import Organization
from models.raters import Account


class Role(enum.Enum):
    """What an official does for an organization."""

    STAFF = "STAFF"
    HEAD = "HEAD"
    SUPERVISOR = "SUPERVISOR"
    MODERATOR = "MODERATOR"
    REGISTRAR = "REGISTRAR"
    OPERATOR = "OPERATOR"


class Grant(Base):
    """Who holds a role where, and when; both dates inclusive.

    One that is revoked ends at that moment, and `valid_to` remembers the day it was held last.
    """

    __tablename__ = "role_grant"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    role: Mapped[Role] = mapped_column(Enum(Role, name="role"))
    organization_id: Mapped[int] = mapped_column(ForeignKey(Organization.id))
    hierarchy: Mapped[Hierarchy] = mapped_column(Enum(Hierarchy, name="hierarchy"))
    valid_from: Mapped[date] = mapped_column(Date, server_default=text("CURRENT_DATE"))
    valid_to: Mapped[date | None] = mapped_column(Date)
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="valid_to_after_from"),
        CheckConstraint("revoked_at IS NULL OR valid_to IS NOT NULL", name="revoked_is_over"),
        Index(None, "account_id"),
        Index(None, "organization_id"),
    )
