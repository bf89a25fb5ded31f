"""Moving: an organization with all below it to another place of a tree, and its totals with it.

Sums add up, so what moves is subtracted from the totals that it leaves and added to those that it
joins; whoever stands above both places keeps theirs. People do not add up: of those who rated what
moves, the ones who rated something else in a pool stay there, or were there before (decision 0015).

The caller holds the trees' lock whole, so that nobody counts a submission meanwhile.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ARRAY, BigInteger, Text, bindparam, delete, literal, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from models import locks
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

# Where an organization stands in the pool's tree. Outside of it, and in OWN, it is a tree by itself.
PLACE = """
    LEFT JOIN organization_position AS place
           ON place.organization_id = {0}.organization_id AND place.hierarchy = (SELECT hierarchy FROM given)"""
PATH = "coalesce(place.path, {0}.organization_id::text::ltree)"

# Each rater's other submissions are looked up by an index, so that the work is that of what moves,
# however large the country is; OFFSET 0 keeps the planner from reading them all instead.
CARRY = text(
    f"""
    WITH given AS (
        SELECT CAST(:pool AS pool) AS pool, nullif(:pool, 'OWN')::hierarchy AS hierarchy
    ),
    moved AS MATERIALIZED (
        SELECT total.*, {PATH.format("total")} AS path
        FROM given JOIN total USING (pool) {PLACE.format("total")}
        WHERE total.organization_id = :organization
    ),
    step AS MATERIALIZED (
        SELECT step.organization_id, sign, {PATH.format("step")} AS path
        FROM (SELECT unnest(:leaving) AS organization_id, -1 AS sign
              UNION ALL SELECT unnest(:joining), 1) AS step {PLACE.format("step")}
    ),
    member AS (
        SELECT organization_id FROM moved
        UNION
        SELECT place.organization_id
        FROM given JOIN organization_position AS place USING (hierarchy) JOIN moved ON place.path <@ moved.path
    ),
    person AS MATERIALIZED (
        SELECT DISTINCT rater_id FROM member CROSS JOIN LATERAL (
            SELECT rater_id FROM submission
            WHERE submission.organization_id = member.organization_id AND status = 'COUNTED' OFFSET 0
        ) AS said
    ),
    staying AS (
        SELECT said.organization_id, count(*) AS raters
        FROM person CROSS JOIN LATERAL (
            SELECT DISTINCT step.organization_id
            FROM submission AS other {PLACE.format("other")}
            JOIN step ON {PATH.format("other")} <@ step.path
            JOIN moved ON NOT {PATH.format("other")} <@ moved.path
            WHERE other.rater_id = person.rater_id AND other.status = 'COUNTED'
        ) AS said
        GROUP BY said.organization_id
    ),
    locked AS MATERIALIZED (
        SELECT total.organization_id FROM given JOIN total USING (pool)
        WHERE total.organization_id IN (SELECT organization_id FROM step)
        ORDER BY total.organization_id
        FOR NO KEY UPDATE OF total
    )
    UPDATE total SET
        submissions = total.submissions + sign * moved.submissions,
        mark_sum = total.mark_sum + sign * moved.mark_sum,
        satisfied = total.satisfied + sign * moved.satisfied,
        raters = total.raters + sign * ((SELECT count(*) FROM person) - coalesce(staying.raters, 0)),
        marks = tally_add(total.marks, tally_times(moved.marks, sign)),
        criterion_sums = tally_add(total.criterion_sums, tally_times(moved.criterion_sums, sign)),
        criterion_counts = tally_add(total.criterion_counts, tally_times(moved.criterion_counts, sign))
    FROM moved, locked JOIN step USING (organization_id) LEFT JOIN staying USING (organization_id)
    WHERE total.organization_id = locked.organization_id AND total.pool = moved.pool
    """  # noqa: S608 - put together from this file's own constants
).bindparams(
    bindparam("pool", type_=Text),
    bindparam("leaving", type_=ARRAY(BigInteger)),
    bindparam("joining", type_=ARRAY(BigInteger)),
)


async def lock_trees(connection: AsyncConnection) -> None:
    """Wait until nobody counts or moves, and let nobody begin until the transaction ends."""
    await connection.execute(LOCK_TREES)


async def move(connection: AsyncConnection, organization_id: int, hierarchy: Hierarchy, to: Place) -> None:
    """Put an organization, and all below it, into another place of a tree."""
    *above, _ = await path_of(connection, hierarchy, organization_id)
    joined = [] if to.parent_id is None else await path_of(connection, hierarchy, to.parent_id)
    await carry(connection, organization_id, Pool[hierarchy.name], above, joined)
    await stand(connection, organization_id, hierarchy, to)


async def path_of(connection: AsyncConnection, hierarchy: Hierarchy, organization_id: int) -> list[int]:
    """From the root down to the organization itself, which is alone outside of a tree."""
    query = select(Position.path).where(Position.hierarchy == hierarchy, Position.organization_id == organization_id)
    path = (await connection.execute(query)).scalar_one_or_none()
    return [organization_id] if path is None else [int(step) for step in path.split(".")]


async def carry(
    connection: AsyncConnection, organization_id: int, pool: Pool, origin: Collection[int], target: Collection[int]
) -> None:
    """Take what an organization's pool counts from some organizations' to others'; who is in both keeps it."""
    leaving, joining = [sorted(set(a) - set(b)) for a, b in ((origin, target), (target, origin))]
    if leaving or joining:
        values = {"organization": organization_id, "pool": pool.value, "leaving": leaving, "joining": joining}
        await connection.execute(CARRY, values)


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
