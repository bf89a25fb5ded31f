"""Owners of questionnaires: who drafts, sees, publishes and retires which.

A questionnaire is the portal's own, and then the operators'; or that of an organization, and then also of who
oversees what stands below it in the owner's tree. Nobody decides over what is asked about the organization that
the own role is held at.
"""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, cast, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import permissions
from auth.permissions import PORTAL_WIDE, ROLES, Permission
from auth.viewers import Viewer
from models.errors import Forbidden
from models.grants import Grant
from models.hierarchies import Hierarchy, Position
from models.organizations import Organization
from models.trees import below

MAY = ROLES[Permission.WRITE_QUESTIONNAIRES]


def owns(account: Any, q: Any) -> ColumnElement[bool]:
    """Whether an account may change a questionnaire, and see it before it is published."""
    g = Grant.__table__.alias()
    theirs = select(g.c.id).where(
        *permissions.in_force(g, account, MAY - PORTAL_WIDE),
        g.c.organization_id == owner_today(q),
        g.c.hierarchy == q.c.hierarchy,
    )
    return or_(permissions.is_held(account, MAY & PORTAL_WIDE), theirs.correlate_except(g).exists())


def applies_below(q: Any, organization_id: Any) -> ColumnElement[bool]:
    """Whether an organization is one that a questionnaire's owner may ask about: it stands below the owner."""
    top, place = Position.__table__.alias(), Position.__table__.alias()
    is_below = (place.c.hierarchy == top.c.hierarchy) & below(place.c.path, top.c.path)
    found = (
        select(place.c.organization_id)
        .join_from(top, place, is_below)
        .where(
            top.c.hierarchy == q.c.hierarchy,
            top.c.organization_id == owner_today(q),
            place.c.organization_id == organization_id,
            place.c.organization_id != top.c.organization_id,
        )
        .correlate_except(top, place)
        .exists()
    )
    return or_(q.c.owner_id.is_(None), found)


def owner_today(q: Any) -> ColumnElement[int]:
    """The id of the owner: of one that was merged into another, who took it over."""
    o = Organization.__table__.alias()
    found = select(func.coalesce(o.c.merged_into_id, o.c.id)).where(o.c.id == q.c.owner_id)
    return found.correlate_except(o).scalar_subquery()


async def demand(connection: AsyncConnection, viewer: Viewer, owner: tuple[int, Hierarchy] | None) -> None:
    """Raise Forbidden unless the viewer may write questionnaires of an owner; without one, of the portal."""
    organization_id, hierarchy = owner or (None, None)
    columns = Grant.__table__.c
    row = select(
        literal(organization_id, BigInteger()).label("owner_id"),
        cast(literal(hierarchy, columns.hierarchy.type), columns.hierarchy.type).label("hierarchy"),
    ).subquery()
    condition = select(owns(literal(viewer.account_id, BigInteger()), row)).select_from(row)
    if not (await connection.execute(condition)).scalar_one():
        raise Forbidden(f"Only who holds the role {' or '.join(sorted(role.value for role in MAY))} there may do this.")
