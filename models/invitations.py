"""Cases that other systems have served, and links by which whoever was served can rate them."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    Enum,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.clients import Client
from models.organizations import Organization
from models.raters import RaterKind
from models.services import Service


class ServiceCase(Base):
    """A case of a client, which is rated once. `digest` is a keyed hash of the client's own reference of it.

    No row leads from it to a submission: only the client itself knows which case was whose.
    """

    __tablename__ = "service_case"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey(Client.id))
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    rated: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))

    __table_args__ = (UniqueConstraint("client_id", "digest"),)


class Invitation(Base):
    """A link for one rendered service, good for one rating. The token in it is kept as its SHA-256 alone.

    `organization_id` is whom a rating counts for: after a merge, who took the organization over.
    """

    __tablename__ = "invitation"

    case_id: Mapped[int] = mapped_column(ForeignKey(ServiceCase.id), primary_key=True, autoincrement=False)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey(Organization.id))
    service_id: Mapped[int] = mapped_column(ForeignKey(Service.id))
    visited_on: Mapped[date] = mapped_column(Date)
    rater_kind: Mapped[RaterKind] = mapped_column(Enum(RaterKind, name="rater_kind"))
    sent_on: Mapped[date] = mapped_column(Date)
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    answered_on: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (
        CheckConstraint("visited_on <= sent_on", name="visited_before"),
        CheckConstraint("answered_on >= sent_on", name="answered_after"),
        Index(None, "organization_id", "sent_on", postgresql_include=["answered_on"]),
    )
