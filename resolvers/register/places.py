"""Places in the trees that an input asks for, and whether the viewer may give them."""

import enum
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import registrars
from auth.viewers import Viewer
from models.hierarchies import Hierarchy, Position
from models.moving import OUTSIDE, ROOT, Place
from resolvers.problems import Conflict
from resolvers.sets import references
from resolvers.sets.references import OrganizationReference, Registered


class Apart(enum.Enum):
    """Where an organization stands with nothing above it."""

    ROOT = "ROOT"
    OUTSIDE = "OUTSIDE"


@dataclass(frozen=True)
class Wanted:
    """Below an organization, or else apart from all."""

    below: OrganizationReference | None = None
    apart: Apart = Apart.OUTSIDE


class Found(NamedTuple):
    """A place, and the parent there, if there is one."""

    place: Place
    parent: Registered | None = None


async def find(connection: AsyncConnection, viewer: Viewer, hierarchy: Hierarchy, wanted: Wanted, *path: str) -> Found:
    """The place that is wanted; refuses a parent outside of the tree, and viewers who may not put anything there."""
    if wanted.below is None and wanted.apart is Apart.OUTSIDE:
        return Found(OUTSIDE)
    if wanted.below is None:
        await registrars.demand_for_roots(connection, viewer)
        return Found(ROOT)
    parent = await references.meant(connection, wanted.below, *path, "below")
    await registrars.demand_at(connection, viewer, parent.id, hierarchy)
    if not await stands_in(connection, parent.id, hierarchy):
        raise not_in_tree(parent, hierarchy, *path, "below")
    return Found(Place(parent.id), parent)


async def stands_in(connection: AsyncConnection, organization_id: int, hierarchy: Hierarchy) -> bool:
    """Whether an organization stands in a tree."""
    query = select(Position.organization_id).filter_by(hierarchy=hierarchy, organization_id=organization_id)
    return (await connection.execute(query)).first() is not None


def not_in_tree(organization: Registered, hierarchy: Hierarchy, *path: str) -> Conflict:
    """What forbids to put something below an organization in a tree."""
    message = f"{organization.code} does not stand in the tree of {hierarchy.name}: give it a place there first."
    return Conflict("NOT_IN_TREE", message, "input", *path)
