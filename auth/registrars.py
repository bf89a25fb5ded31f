"""Registrars: who may change the register, and where.

Whoever stands above an organization decides over it; nobody decides over the organization that the
own role is held at, and the operator alone over what nothing stands above.
"""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import permissions
from auth.permissions import Permission
from auth.viewers import Viewer
from models.errors import Forbidden
from models.hierarchies import Hierarchy


async def demand_over(
    connection: AsyncConnection, viewer: Viewer, organization_id: int, hierarchy: Hierarchy | None = None
) -> None:
    """Raise Forbidden unless the viewer may register above an organization, in one hierarchy or in any."""
    condition = permissions.held_in(_account(viewer), Permission.REGISTER, _id(organization_id), hierarchy, above=True)
    await _demand(
        connection, condition, "Only who holds the role REGISTRAR or OPERATOR above this organization may do this."
    )


async def demand_at(connection: AsyncConnection, viewer: Viewer, organization_id: int, hierarchy: Hierarchy) -> None:
    """Raise Forbidden unless the viewer may register at or above an organization in a hierarchy."""
    condition = permissions.held_in(_account(viewer), Permission.REGISTER, _id(organization_id), hierarchy, above=False)
    await _demand(
        connection, condition, "Only who holds the role REGISTRAR or OPERATOR there, or above it, may do this."
    )


async def demand_for_roots(connection: AsyncConnection, viewer: Viewer) -> None:
    """Raise Forbidden unless the viewer may register what nothing stands above."""
    condition = permissions.held_anywhere(_account(viewer), Permission.REGISTER_ROOTS)
    await _demand(connection, condition, "Only who holds the role OPERATOR may do this: nothing stands above.")


def decides(account: Any, application: Any) -> ColumnElement[bool]:
    """Whether an account may register at or above a parent that an application's row asks for."""
    parents = {Hierarchy.SUBORDINATION: "subordinate_to_id", Hierarchy.SUPERVISION: "supervised_by_id"}
    return or_(
        *(
            permissions.held_in(account, Permission.REGISTER, application.c[column], hierarchy, above=False)
            for hierarchy, column in parents.items()
        )
    )


async def _demand(connection: AsyncConnection, condition: ColumnElement[bool], message: str) -> None:
    if not (await connection.execute(select(condition))).scalar_one():
        raise Forbidden(message)


def _account(viewer: Viewer) -> ColumnElement[int]:
    return literal(viewer.account_id, BigInteger())


def _id(organization_id: int) -> ColumnElement[int]:
    return literal(organization_id, BigInteger())
