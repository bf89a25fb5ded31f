"""Permissions: what officials may do, by which role, and where. docs/permissions.md says why.

A role is granted on an organization in one hierarchy and is valid there and below. The operator's
is the portal's as a whole, wherever it was granted. One SQL condition says who holds what; it
guards mutations, and stands in visibility.
"""

import enum
from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from auth.viewers import Viewer
from models.clock import today
from models.errors import Forbidden
from models.grants import Grant, Role
from models.hierarchies import Hierarchy, Position
from models.trees import below


class Permission(enum.Enum):
    """What may be done by those who hold a role for it."""

    MODERATE = "MODERATE"
    REGISTER = "REGISTER"
    READ_AUDIT = "READ_AUDIT"
    SET_POLICIES = "SET_POLICIES"


ROLES: Mapping[Permission, frozenset[Role]] = {
    Permission.MODERATE: frozenset({Role.MODERATOR}),
    Permission.REGISTER: frozenset({Role.REGISTRAR, Role.OPERATOR}),
    Permission.READ_AUDIT: frozenset({Role.SUPERVISOR, Role.OPERATOR}),
    Permission.SET_POLICIES: frozenset({Role.OPERATOR}),
}
# These reach everything, whatever organization their holder belongs to.
PORTAL_WIDE = frozenset({Role.OPERATOR})


def held(account: Any, permission: Permission, organization_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether an account holds a permission today on an organization: there, above it, or everywhere.

    `account` is a bound value; no account and no organization hold nothing.
    """
    roles = ROLES[permission]
    here = Grant.__table__.alias()
    # An organization that stands in no tree has only grants of its own.
    directly = (
        select(here.c.id)
        .where(*_in_force(here, account, roles), here.c.organization_id == organization_id)
        .correlate_except(here)
        .exists()
    )
    return or_(*_portal_wide(account, roles), directly, _reached(account, roles, organization_id))


def held_in(
    account: Any,
    permission: Permission,
    organization_id: ColumnElement[Any],
    hierarchy: Hierarchy | None,
    *,
    above: bool,
) -> ColumnElement[bool]:
    """Whether a permission comes down on an organization in one hierarchy (or any), or from everywhere.

    With `above`, only what was granted above it: what decides over the organization itself.
    """
    roles = ROLES[permission]
    return or_(*_portal_wide(account, roles), _reached(account, roles, organization_id, hierarchy, above=above))


def _portal_wide(account: Any, roles: frozenset[Role]) -> list[ColumnElement[bool]]:
    return [held_anywhere(account, roles & PORTAL_WIDE)] if roles & PORTAL_WIDE else []


def _reached(
    account: Any,
    roles: frozenset[Role],
    organization_id: ColumnElement[Any],
    hierarchy: Hierarchy | None = None,
    *,
    above: bool = False,
) -> ColumnElement[bool]:
    """Whether a grant in a tree reaches an organization's place there."""
    grant, place, top = Grant.__table__.alias(), Position.__table__.alias(), Position.__table__.alias()
    granted_at = (top.c.hierarchy == grant.c.hierarchy) & (top.c.organization_id == grant.c.organization_id)
    found = [*_in_force(grant, account, roles), place.c.organization_id == organization_id]
    if hierarchy is not None:
        found.append(place.c.hierarchy == hierarchy)
    if above:
        found.append(top.c.organization_id != place.c.organization_id)
    return (
        select(place.c.organization_id)
        .join_from(grant, top, granted_at)
        .join(place, (place.c.hierarchy == top.c.hierarchy) & below(place.c.path, top.c.path))
        .where(*found)
        .correlate_except(grant, top, place)
        .exists()
    )


def held_anywhere(account: Any, roles: frozenset[Role]) -> ColumnElement[bool]:
    """Whether an account holds one of some roles today, wherever."""
    grant = Grant.__table__.alias()
    return select(grant.c.id).where(*_in_force(grant, account, roles)).correlate_except(grant).exists()


def _in_force(grant: Any, account: Any, roles: frozenset[Role]) -> tuple[ColumnElement[bool], ...]:
    return (
        grant.c.account_id == account,
        grant.c.role.in_(sorted(roles, key=lambda role: role.value)),
        grant.c.revoked_at.is_(None),
        grant.c.valid_from <= today(),
        or_(grant.c.valid_to.is_(None), grant.c.valid_to >= today()),
    )


async def demand(
    connection: AsyncConnection, viewer: Viewer, permission: Permission, organization_id: int | None = None
) -> None:
    """Raise Forbidden unless the viewer holds a permission on an organization; without one, anywhere."""
    account = literal(viewer.account_id, BigInteger())
    if organization_id is None:
        condition = held_anywhere(account, ROLES[permission])
    else:
        condition = held(account, permission, literal(organization_id, BigInteger()))
    if not (await connection.execute(select(condition))).scalar_one():
        roles = " or ".join(sorted(role.value for role in ROLES[permission]))
        raise Forbidden(f"Only who holds the role {roles} there, or above it, may do this.")
