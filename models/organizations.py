"""Organizations: the objects of evaluation, their kinds, spheres and services."""

import enum
from datetime import date

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    Date,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.areas import Area
from models.base import COLLATION, Base, Named, has_a_name, is_a_code
from models.points import Point
from models.services import Service, Sphere
from models.trees import Ltree

# The names that lists are in order of, by the language of an answer.
BY_NAME = {
    "be": "coalesce(name_be, name_ru, name_en)",
    "ru": "coalesce(name_ru, name_be, name_en)",
    "en": "coalesce(name_en, name_ru, name_be)",
}


class Registration(enum.Enum):
    """How an organization came onto the portal."""

    STATUTORY = "STATUTORY"
    VOLUNTARY = "VOLUNTARY"


class OrganizationKind(Named, Base):
    """Ministry, regional authority, unit ...: data, so that another country's levels fit."""

    __tablename__ = "organization_kind"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    ordinal: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (has_a_name(), is_a_code())


class Organization(Named, Base):
    """An object of evaluation, known to other systems by its registry `code`.

    `search` is what text search reads: the code and all names, normalised by the database.
    `coordinates` are the location's, for whoever asks what a box of degrees holds.
    `merged_into_id` is who took it over, for good: never one that was itself taken over, so that
    one step leads from any code to whom it means today.
    """

    __tablename__ = "organization"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    kind_id: Mapped[int] = mapped_column(ForeignKey(OrganizationKind.id))
    registration: Mapped[Registration] = mapped_column(Enum(Registration, name="registration"))
    opened_on: Mapped[date] = mapped_column(Date, server_default=text("CURRENT_DATE"))
    closed_on: Mapped[date | None] = mapped_column(Date)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    area_id: Mapped[int | None] = mapped_column(ForeignKey(Area.id))
    address_be: Mapped[str | None] = mapped_column(Text(collation=COLLATION))
    address_ru: Mapped[str | None] = mapped_column(Text(collation=COLLATION))
    address_en: Mapped[str | None] = mapped_column(Text(collation=COLLATION))
    location: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False))
    coordinates: Mapped[str | None] = mapped_column(
        Point, Computed("point(ST_X(location), ST_Y(location))", persisted=True), deferred=True
    )
    search: Mapped[str] = mapped_column(
        Text,
        Computed(
            "search_normal(code || ' ' || coalesce(name_be, '') || ' ' ||"
            " coalesce(name_ru, '') || ' ' || coalesce(name_en, ''))",
            persisted=True,
        ),
        nullable=False,
    )

    __table_args__ = (
        has_a_name(),
        is_a_code(),
        CheckConstraint("closed_on >= opened_on", name="closed_after_opened"),
        CheckConstraint("merged_into_id IS NULL OR closed_on IS NOT NULL", name="merged_is_closed"),
        CheckConstraint(
            "ST_X(location) BETWEEN -180 AND 180 AND ST_Y(location) BETWEEN -90 AND 90",
            name="location_in_degrees",
        ),
        Index(None, "kind_id"),
        # With these two an area's open organizations are found in the index alone.
        Index(None, "area_id", postgresql_include=["id", "closed_on"]),
        Index(None, "merged_into_id"),
        # Those that nobody answers for any more, for whoever counts what is late.
        Index(None, "closed_on", postgresql_include=["id"], postgresql_where=text("closed_on IS NOT NULL")),
        Index("ix_organization_lower_code", text("lower(code)")),
        Index(None, "location", postgresql_using="gist"),
        # What a box holds is counted in the index alone: unlike that of geometries, it has the points themselves.
        Index(None, "coordinates", postgresql_using="gist", postgresql_include=["closed_on"]),
        # An equality alone is found in half the time that it takes in the index of the key.
        Index("ix_organization_of_id", "id", postgresql_using="hash"),
        Index("ix_organization_of_code", "code", postgresql_using="hash"),
        # Distances are metres, so nearness has an index of its own on the sphere.
        Index(
            "ix_organization_location_geography",
            text("geography(location)"),
            postgresql_using="gist",
        ),
        Index(
            None,
            "search",
            postgresql_using="gin",
            postgresql_ops={"search": "gin_trgm_ops"},
        ),
        *(Index(f"ix_organization_by_name_{language}", text(order), "id") for language, order in BY_NAME.items()),
    )


class OrganizationSphere(Base):
    """An organization works in a sphere.

    Triggers keep the area, and the day when it was closed, equal to the organization's: an index has those of a sphere
    by the paths of their areas, in which all that stand in a branch stand together.
    """

    __tablename__ = "organization_sphere"

    organization_id: Mapped[int] = mapped_column(ForeignKey(Organization.id), primary_key=True)
    sphere_id: Mapped[int] = mapped_column(ForeignKey(Sphere.id), primary_key=True)
    area_id: Mapped[int | None] = mapped_column(BigInteger)
    area_path: Mapped[str | None] = mapped_column(Ltree)
    closed_on: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (
        ForeignKeyConstraint(["area_id", "area_path"], ["area.id", "area.path"], onupdate="CASCADE"),
        Index(None, "sphere_id", "organization_id"),
        Index(None, "sphere_id", "area_path", postgresql_include=["organization_id", "closed_on"]),
    )


class OrganizationService(Base):
    """An organization renders a service."""

    __tablename__ = "organization_service"

    organization_id: Mapped[int] = mapped_column(ForeignKey(Organization.id), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey(Service.id), primary_key=True)

    __table_args__ = (Index(None, "service_id", "organization_id"),)
