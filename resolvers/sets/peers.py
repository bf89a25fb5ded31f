"""Peers: whom an organization can fairly be compared with."""

from typing import Any

from sqlalchemy import FromClause, Select, func, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.sql.selectable import CTE

from models.organizations import Organization, OrganizationSphere
from models.services import Sphere

NO_SPHERE = 0


def groups() -> CTE:
    """Each organization's group of peers: its kind, and of its spheres the one that comes first.

    The columns are `organization_id`, `kind_id` and `sphere_id` (0 without a sphere). Peers share the last two.
    """
    o, main = Organization.__table__.alias(), _main_spheres().subquery()
    sphere = func.coalesce(main.c.sphere_id, NO_SPHERE, type_=main.c.sphere_id.type)
    query = select(o.c.id.label("organization_id"), o.c.kind_id, sphere.label("sphere_id"))
    return query.outerjoin_from(o, main, main.c.organization_id == o.c.id).cte()


def of_any(organizations: FromClause, group: CTE) -> Select[Any]:
    """The ids of all that are peers of at least one of some organizations, which have the column `id`."""
    their, all_ = group.alias(), group.alias()
    theirs = select(their.c.kind_id, their.c.sphere_id).where(their.c.organization_id.in_(select(organizations.c.id)))
    return select(all_.c.organization_id).where(tuple_(all_.c.kind_id, all_.c.sphere_id).in_(theirs))


def _main_spheres() -> Select[Any]:
    works, sphere = OrganizationSphere.__table__.alias(), Sphere.__table__.alias()
    return (
        select(works.c.organization_id, works.c.sphere_id)
        .join_from(works, sphere, sphere.c.id == works.c.sphere_id)
        .ext(distinct_on(works.c.organization_id))
        .order_by(works.c.organization_id, sphere.c.ordinal, sphere.c.id)
    )
