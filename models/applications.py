"""Applications: organizations that ask, on their own wish, to be put on the register."""

import enum
from datetime import datetime

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    DateTime,
    Enum,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.areas import Area
from models.base import COLLATION, Base, Named, has_a_name
from models.organizations import Organization, OrganizationKind
from models.raters import Account


class ApplicationStatus(enum.Enum):
    """What became of an application."""

    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"


class Application(Named, Base):
    """What somebody asks to be registered, and the answer. Who asked is lost with the account.

    `sphere_ids` and `service_ids` are those that it would work in and render; `subordinate_to_id`
    and `supervised_by_id` the parents that it asks for. An accepted one has become an organization.
    """

    __tablename__ = "organization_application"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"))
    applied_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("clock_timestamp()"))
    kind_id: Mapped[int] = mapped_column(ForeignKey(OrganizationKind.id))
    area_id: Mapped[int | None] = mapped_column(ForeignKey(Area.id))
    address_be: Mapped[str | None] = mapped_column(Text(collation=COLLATION))
    address_ru: Mapped[str | None] = mapped_column(Text(collation=COLLATION))
    address_en: Mapped[str | None] = mapped_column(Text(collation=COLLATION))
    location: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False))
    sphere_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    service_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    subordinate_to_id: Mapped[int | None] = mapped_column(ForeignKey(Organization.id))
    supervised_by_id: Mapped[int | None] = mapped_column(ForeignKey(Organization.id))
    comment: Mapped[str | None] = mapped_column(Text)
    status: Mapped[ApplicationStatus] = mapped_column(
        Enum(ApplicationStatus, name="application_status"), server_default="PENDING"
    )
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reason: Mapped[str | None] = mapped_column(Text)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey(Organization.id), unique=True)
    idempotency_key: Mapped[str] = mapped_column(Text)
    request_digest: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (
        has_a_name(),
        CheckConstraint("(status = 'PENDING') = (decided_at IS NULL)", name="decided_has_a_time"),
        CheckConstraint("(status = 'DECLINED') = (reason IS NOT NULL)", name="declined_has_a_reason"),
        CheckConstraint("(status = 'ACCEPTED') = (organization_id IS NOT NULL)", name="accepted_is_there"),
        CheckConstraint(
            "ST_X(location) BETWEEN -180 AND 180 AND ST_Y(location) BETWEEN -90 AND 90",
            name="location_in_degrees",
        ),
        UniqueConstraint("account_id", "idempotency_key"),
        Index(None, "subordinate_to_id"),
        Index(None, "supervised_by_id"),
    )
