"""The register while it is changed: one change at a time, with what was and what is on the audit trail."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, case, cast, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from auth.viewers import Viewer
from gis import points
from models import audit, moving
from models.areas import Area
from models.audit import AuditAction, AuditSubject, Detail, Subject
from models.database import Database
from models.hierarchies import Hierarchy, Position
from models.organizations import Organization, OrganizationKind, OrganizationService, OrganizationSphere
from models.services import Service, Sphere


@dataclass(frozen=True)
class Changed:
    """The key of the organization that a change was about."""

    organization: int


AS_THEY_ARE = ("code", "name_be", "name_ru", "name_en", "address_be", "address_ru", "address_en")


@asynccontextmanager
async def changing(database: Database) -> AsyncIterator[AsyncConnection]:
    """A transaction that changes the register: no other does, and no submission is counted, meanwhile."""
    async with database.transaction() as connection:
        await moving.lock_trees(connection)
        yield connection


async def description(connection: AsyncConnection, organization_id: int) -> dict[str, Detail]:
    """All that the register says of an organization, flat, others by their codes."""
    row = (await connection.execute(_description(organization_id))).mappings().one()
    return dict(row)


async def record(
    connection: AsyncConnection,
    viewer: Viewer,
    action: AuditAction,
    organization_id: int,
    before: Mapping[str, Detail],
    **more: Detail,
) -> None:
    """Put on the trail what has changed since an organization was described, if anything has."""
    after = await description(connection, organization_id)
    changed = [name for name, value in after.items() if value != before.get(name)]
    details = {f"{name}.{when}": told.get(name) for name in changed for when, told in _moments(before, after)}
    if details or more:
        subject = Subject(AuditSubject.ORGANIZATION, organization_id, organization_id)
        await audit.append(connection, viewer.actor, action, subject, {**details, **more})


def _moments(before: Mapping[str, Detail], after: Mapping[str, Detail]) -> list[tuple[str, Mapping[str, Detail]]]:
    return [("before", before), ("after", after)] if before else [("after", after)]


def _description(organization_id: int) -> Any:
    o, kind, area = Organization.__table__.alias(), OrganizationKind.__table__, Area.__table__
    successor = Organization.__table__.alias()
    return (
        select(
            *(o.c[name] for name in AS_THEY_ARE),
            kind.c.code.label("kind"),
            cast(o.c.registration, Text).label("registration"),
            cast(o.c.opened_on, Text).label("opened_on"),
            cast(o.c.closed_on, Text).label("closed_on"),
            area.c.code.label("area"),
            func.nullif(_degrees(o), "").label("location"),
            _codes(o, OrganizationSphere.__table__, "sphere_id", Sphere.__table__).label("spheres"),
            _codes(o, OrganizationService.__table__, "service_id", Service.__table__).label("services"),
            *(_place(o, hierarchy).label(hierarchy.name.lower()) for hierarchy in Hierarchy),
            successor.c.code.label("merged_into"),
        )
        .select_from(o)
        .join(kind, kind.c.id == o.c.kind_id)
        .join(area, area.c.id == o.c.area_id, isouter=True)
        .join(successor, successor.c.id == o.c.merged_into_id, isouter=True)
        .where(o.c.id == organization_id)
    )


def _degrees(o: Any) -> ColumnElement[str]:
    """Degrees north and east."""
    return func.concat_ws(" ", points.latitude(o.c.location), points.longitude(o.c.location))


def _codes(o: Any, link: Any, column: str, what: Any) -> ColumnElement[str]:
    """Codes of what an organization has many of, in order, with blanks between them."""
    query = select(func.string_agg(what.c.code, aggregate_order_by(literal(" "), what.c.code)))
    found = query.join_from(link, what, what.c.id == link.c[column]).where(link.c.organization_id == o.c.id)
    return found.correlate(o).scalar_subquery()


def _place(o: Any, hierarchy: Hierarchy) -> ColumnElement[str]:
    """Where it stands in a tree, in words; null outside of it."""
    place, parent = Position.__table__.alias(), Organization.__table__.alias()
    words = case((parent.c.id.is_(None), "root"), else_=literal("below ") + parent.c.code)
    query = select(words).select_from(place.outerjoin(parent, parent.c.id == place.c.parent_id))
    return query.where(place.c.organization_id == o.c.id, place.c.hierarchy == hierarchy).correlate(o).scalar_subquery()
