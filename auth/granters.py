"""Granters: who may grant and revoke which role, and where. `permissions.GRANTING` says it; this is its SQL."""

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import permissions
from auth.permissions import GRANTING, PORTAL_WIDE, Permission, Where
from auth.viewers import Viewer
from models.errors import Forbidden
from models.grants import Grant, Role
from models.hierarchies import Hierarchy, Position
from models.trees import below

LOCAL = {holder: granted for holder, granted in GRANTING.items() if holder not in PORTAL_WIDE}


def may_grant(account: Any, role: Any, organization_id: Any, hierarchy: Any) -> ColumnElement[bool]:
    """Whether an account may grant and revoke a role on an organization in a hierarchy today."""
    everywhere = (and_(permissions.is_held(account, {each}), role.in_(GRANTING[each])) for each in PORTAL_WIDE)
    return or_(*everywhere, _own_grants(account, role, organization_id, hierarchy).exists())


def sees(account: Any, grant: Any) -> ColumnElement[bool]:
    """Whether an account may know of a row of the table of grants.

    By who holds it, by who may grant it there, and by who reads there on the trail that it was granted.
    """
    granted = may_grant(account, grant.c.role, grant.c.organization_id, grant.c.hierarchy)
    reads = permissions.held(account, Permission.READ_AUDIT, grant.c.organization_id)
    return or_(grant.c.account_id == account, granted, reads)


def grants_anywhere(account: Any) -> ColumnElement[bool]:
    """Whether an account may grant any role, wherever: a statement asks this once, not for each row."""
    return permissions.is_held(account, GRANTING)


def _own_grants(account: Any, role: Any, organization_id: Any, hierarchy: Any) -> Select[date | None]:
    """The last days of the grants by which an account may grant a role there, without those that reach everything."""
    g = Grant.__table__.alias()
    is_there = g.c.organization_id == organization_id
    is_in_reach = {
        Where.THERE: or_(is_there, _is_below(g, organization_id)),
        Where.BELOW: _is_below(g, organization_id) & ~is_there,
    }
    may = (
        and_(g.c.role == holder, role == granted, is_in_reach[where])
        for holder, roles in LOCAL.items()
        for granted, where in roles.items()
    )
    found = select(g.c.valid_to).where(*permissions.in_force(g, account, LOCAL), g.c.hierarchy == hierarchy, or_(*may))
    return found.correlate_except(g)


def _is_below(g: Any, organization_id: Any) -> ColumnElement[bool]:
    top, place = Position.__table__.alias(), Position.__table__.alias()
    is_below = (place.c.hierarchy == top.c.hierarchy) & below(place.c.path, top.c.path)
    return (
        select(place.c.organization_id)
        .join_from(top, place, is_below)
        .where(
            top.c.hierarchy == g.c.hierarchy,
            top.c.organization_id == g.c.organization_id,
            place.c.organization_id == organization_id,
        )
        .correlate_except(top, place)
        .exists()
    )


async def demand(
    connection: AsyncConnection, viewer: Viewer, role: Role, organization_id: int, hierarchy: Hierarchy
) -> date | None:
    """Raise Forbidden unless the viewer may grant a role there; the last day on which it may, None for no end."""
    account = literal(viewer.account_id, BigInteger())
    wide = frozenset(each for each in PORTAL_WIDE if role in GRANTING[each])
    if (await connection.execute(select(permissions.is_held(account, wide)))).scalar_one():
        return None
    types = Grant.__table__.c
    place = (
        literal(role, types.role.type),
        literal(organization_id, BigInteger()),
        literal(hierarchy, types.hierarchy.type),
    )
    ends = (await connection.execute(_own_grants(account, *place))).scalars().all()
    if not ends:
        holders = " or ".join(sorted(holder.value for holder, granted in GRANTING.items() if role in granted))
        raise Forbidden(f"Only who holds the role {holders} for it may grant or revoke {role.value} there.")
    return None if None in ends else max(each for each in ends if each is not None)


async def demand_anywhere(connection: AsyncConnection, viewer: Viewer) -> None:
    """Raise Forbidden unless the viewer may grant any role, wherever."""
    if not (await connection.execute(select(grants_anywhere(literal(viewer.account_id, BigInteger()))))).scalar_one():
        holders = " or ".join(sorted(holder.value for holder in GRANTING))
        raise Forbidden(f"Only who holds the role {holders} may do this.")
