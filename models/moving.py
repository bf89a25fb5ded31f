"""Moving: an organization with all below it to another place of a tree, and its totals with it."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, delete, literal, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from models import locks
from models.carrying import carry, carry_months
from models.hierarchies import Hierarchy, Position
from models.totals import Pool

LOCK_TREES = text("SELECT pg_advisory_xact_lock(:key)").bindparams(key=locks.TREES)


@dataclass(frozen=True)
class Place:
    """Where an organization is to stand in a tree: below a parent, as a root, or not in it."""

    parent_id: int | None = None
    inside: bool = True


ROOT = Place()
OUTSIDE = Place(inside=False)


async def lock_trees(connection: AsyncConnection) -> None:
    """Wait until nobody counts or moves, and let nobody begin until the transaction ends."""
    await connection.execute(LOCK_TREES)


async def move(connection: AsyncConnection, organization_id: int, hierarchy: Hierarchy, to: Place) -> None:
    """Put an organization, and all below it, into another place of a tree; the caller holds the trees' lock."""
    pool = Pool[hierarchy.name]
    *above, _ = await path_of(connection, hierarchy, organization_id)
    joined = [] if to.parent_id is None else await path_of(connection, hierarchy, to.parent_id)
    await carry(connection, organization_id, pool, above, joined)
    await carry_months(connection, organization_id, (Pool.OWN, pool), pool, above, joined)
    await stand(connection, organization_id, hierarchy, to)


async def path_of(connection: AsyncConnection, hierarchy: Hierarchy, organization_id: int) -> list[int]:
    """From the root down to the organization itself, which is alone outside of a tree."""
    query = select(Position.path).filter_by(hierarchy=hierarchy, organization_id=organization_id)
    path = (await connection.execute(query)).scalar_one_or_none()
    return [organization_id] if path is None else [int(step) for step in path.split(".")]


async def stand(connection: AsyncConnection, organization_id: int, hierarchy: Hierarchy, to: Place) -> None:
    """Write a place; the database takes along whatever stands below."""
    key = {"hierarchy": hierarchy, "organization_id": organization_id}
    if not to.inside:
        await connection.execute(delete(Position).filter_by(**key))
        return
    above = select(Position.path).filter_by(hierarchy=hierarchy, organization_id=to.parent_id).scalar_subquery()
    place = {"parent_id": literal(to.parent_id, BigInteger()), "parent_path": above}
    query = insert(Position).values(**key, **place)
    columns = [Position.hierarchy, Position.organization_id]
    await connection.execute(query.on_conflict_do_update(index_elements=columns, set_=place))
