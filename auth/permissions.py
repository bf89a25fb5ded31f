"""Permissions: what officials may do, by which role, and where. docs/permissions.md says why.

A role is granted on an organization in one hierarchy and is valid there and below. The operator's
is the portal's as a whole, wherever it was granted. One SQL condition says who holds what; it
guards mutations, and stands in visibility.
"""

import enum
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, Subquery, literal, or_, select, union_all
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
    READ_REVIEWS = "READ_REVIEWS"
    REPLY_TO_REVIEWS = "REPLY_TO_REVIEWS"
    RUN_REVIEWS = "RUN_REVIEWS"
    READ_EMPLOYEES = "READ_EMPLOYEES"
    REGISTER = "REGISTER"
    REGISTER_ROOTS = "REGISTER_ROOTS"
    READ_AUDIT = "READ_AUDIT"
    SET_POLICIES = "SET_POLICIES"
    PUBLISH_EDITIONS = "PUBLISH_EDITIONS"
    READ_FINDINGS = "READ_FINDINGS"
    READ_ACCOUNT_FINDINGS = "READ_ACCOUNT_FINDINGS"
    MANAGE_CLIENTS = "MANAGE_CLIENTS"
    WRITE_QUESTIONNAIRES = "WRITE_QUESTIONNAIRES"
    READ_PLACEMENTS = "READ_PLACEMENTS"
    PRINT_CODES = "PRINT_CODES"
    READ_SURVEYS = "READ_SURVEYS"


ROLES: Mapping[Permission, frozenset[Role]] = {
    Permission.MODERATE: frozenset({Role.MODERATOR}),
    Permission.READ_REVIEWS: frozenset({Role.STAFF, Role.HEAD, Role.SUPERVISOR, Role.MODERATOR}),
    Permission.REPLY_TO_REVIEWS: frozenset({Role.STAFF, Role.HEAD}),
    Permission.RUN_REVIEWS: frozenset({Role.HEAD}),
    Permission.READ_EMPLOYEES: frozenset({Role.HEAD, Role.MODERATOR}),
    Permission.REGISTER: frozenset({Role.REGISTRAR, Role.OPERATOR}),
    Permission.REGISTER_ROOTS: frozenset({Role.OPERATOR}),
    Permission.READ_AUDIT: frozenset({Role.SUPERVISOR, Role.OPERATOR}),
    Permission.SET_POLICIES: frozenset({Role.OPERATOR}),
    Permission.PUBLISH_EDITIONS: frozenset({Role.OPERATOR}),
    Permission.READ_FINDINGS: frozenset({Role.SUPERVISOR, Role.OPERATOR}),
    Permission.READ_ACCOUNT_FINDINGS: frozenset({Role.OPERATOR}),
    Permission.MANAGE_CLIENTS: frozenset({Role.OPERATOR}),
    Permission.WRITE_QUESTIONNAIRES: frozenset({Role.SUPERVISOR, Role.OPERATOR}),
    Permission.READ_PLACEMENTS: frozenset({Role.HEAD}),
    Permission.PRINT_CODES: frozenset({Role.HEAD, Role.STAFF, Role.SUPERVISOR, Role.REGISTRAR, Role.OPERATOR}),
    Permission.READ_SURVEYS: frozenset({Role.STAFF, Role.HEAD, Role.SUPERVISOR, Role.OPERATOR}),
}
# These reach everything, whatever organization their holder belongs to.
PORTAL_WIDE = frozenset({Role.OPERATOR})


class Where(enum.Enum):
    """Where the holder of a role may grant another: from the organization of the own role on, or only below it."""

    THERE = "THERE"
    BELOW = "BELOW"
    EVERYWHERE = "EVERYWHERE"


# By a role, the roles that its holder may grant and revoke, in the own role's hierarchy. Nobody grants what reaches as
# far as the own role does, but the operator. Decision 0023 tells why it is no more.
GRANTING: Mapping[Role, Mapping[Role, Where]] = {
    Role.HEAD: {Role.STAFF: Where.THERE},
    Role.SUPERVISOR: {Role.STAFF: Where.BELOW, Role.HEAD: Where.BELOW},
    Role.OPERATOR: dict.fromkeys(Role, Where.EVERYWHERE),
}


def held(account: Any, permission: Permission, organization_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether an account holds a permission today on an organization: there, above it, or everywhere.

    `account` is a bound value; no account and no organization hold nothing.
    """
    return held_by(account, ROLES[permission], organization_id)


def held_by(account: Any, roles: Collection[Role], organization_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether an account holds one of some roles today on an organization: there, above it, or everywhere."""
    return _among(_reach(account, roles), account, roles, organization_id)


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
    return _among(_in_trees(account, roles, hierarchy, above=above).subquery(), account, roles, organization_id)


def held_anywhere(account: Any, permission: Permission) -> ColumnElement[bool]:
    """Whether an account holds a permission today, wherever: a statement asks this once, not for each row."""
    return is_held(account, ROLES[permission])


def _reach(account: Any, roles: Collection[Role]) -> Subquery:
    """The ids of the organizations that an account's grants reach, some of them twice."""
    grant = Grant.__table__.alias()
    # An organization that stands in no tree has only the grants of its own.
    own = select(grant.c.organization_id).where(*in_force(grant, account, roles))
    return union_all(_in_trees(account, roles), own).subquery()


def _in_trees(
    account: Any, roles: Collection[Role], hierarchy: Hierarchy | None = None, *, above: bool = False
) -> Select[int]:
    """The ids of the organizations at or below those of the grants, in the grants' own trees."""
    grant, top, place = Grant.__table__.alias(), Position.__table__.alias(), Position.__table__.alias()
    is_top = (top.c.hierarchy == grant.c.hierarchy) & (top.c.organization_id == grant.c.organization_id)
    is_below = (place.c.hierarchy == top.c.hierarchy) & below(place.c.path, top.c.path)
    found = select(place.c.organization_id.label("id")).join_from(grant, top, is_top).join(place, is_below)
    if hierarchy is not None:
        found = found.where(place.c.hierarchy == hierarchy)
    if above:
        found = found.where(place.c.organization_id != top.c.organization_id)
    return found.where(*in_force(grant, account, roles))


def _among(
    reached: Subquery, account: Any, roles: Collection[Role], organization_id: ColumnElement[Any]
) -> ColumnElement[bool]:
    there = select(reached.c.id).where(reached.c.id == organization_id).correlate_except(reached).exists()
    everywhere = PORTAL_WIDE.intersection(roles)
    return or_(is_held(account, everywhere), there) if everywhere else there


def is_held(account: Any, roles: Collection[Role]) -> ColumnElement[bool]:
    """Whether an account holds one of some roles today, wherever."""
    grant = Grant.__table__.alias()
    return select(grant.c.id).where(*in_force(grant, account, roles)).correlate_except(grant).exists()


def in_force(grant: Any, account: Any, roles: Collection[Role]) -> tuple[ColumnElement[bool], ...]:
    """The conditions for a row of the table of grants to be an account's, of one of some roles, and good today."""
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
        condition = held_anywhere(account, permission)
    else:
        condition = held(account, permission, literal(organization_id, BigInteger()))
    if not (await connection.execute(select(condition))).scalar_one():
        roles = " or ".join(sorted(role.value for role in ROLES[permission]))
        raise Forbidden(f"Only who holds the role {roles} there, or above it, may do this.")
