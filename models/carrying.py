"""Carrying: what an organization's submissions add up to, out of some organizations' totals into others'.

Sums add up, so they are subtracted where they leave and added where they join. People do not: of
those who rated what is carried, the ones who also rated something else in a pool stay there, or
were there before; only of these people the other submissions are looked up (decision 0015).

The caller holds the trees' lock whole, so that nobody counts a submission meanwhile.
"""

from collections.abc import Collection

from sqlalchemy import ARRAY, BigInteger, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.totals import Pool

# ruff: noqa: S608 - the statements are put together from this file's own constants.

SUMS = ("submissions", "mark_sum", "satisfied")
TALLIES = ("marks", "criterion_sums", "criterion_counts")

# Where an organization stands in the pool's tree. Outside of it, and in OWN, it is a tree by itself.
PLACE = """
    LEFT JOIN organization_position AS place
           ON place.organization_id = {0}.organization_id AND place.hierarchy = (SELECT hierarchy FROM given)"""
PATH = "coalesce(place.path, {0}.organization_id::text::ltree)"

# Each person's other submissions are looked up by an index, so that the work is that of what is
# carried, however large the country is; OFFSET 0 keeps the planner from reading them all instead.
TOTALS = text(
    f"""
    WITH given AS (
        SELECT CAST(:pool AS pool) AS pool, nullif(:pool, 'OWN')::hierarchy AS hierarchy
    ),
    carried AS MATERIALIZED (
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
        SELECT organization_id FROM carried
        UNION
        SELECT place.organization_id
        FROM given JOIN organization_position AS place USING (hierarchy) JOIN carried ON place.path <@ carried.path
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
            JOIN carried ON NOT {PATH.format("other")} <@ carried.path
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
        raters = total.raters + sign * ((SELECT count(*) FROM person) - coalesce(staying.raters, 0)),
        {", ".join(f"{name} = total.{name} + sign * carried.{name}" for name in SUMS)},
        {", ".join(f"{name} = tally_add(total.{name}, tally_times(carried.{name}, sign))" for name in TALLIES)}
    FROM carried, locked JOIN step USING (organization_id) LEFT JOIN staying USING (organization_id)
    WHERE total.organization_id = locked.organization_id AND total.pool = carried.pool
    """
)

# A month that nothing is left of has no row, as before its first submission.
MONTHS = text(
    f"""
    WITH carried AS MATERIALIZED (
        SELECT month, {", ".join(f"sum({name}) AS {name}" for name in SUMS)},
               {", ".join(f"tally_sum({name}) AS {name}" for name in TALLIES)}
        FROM month_total
        WHERE organization_id = :organization AND pool::text = ANY (:contents)
        GROUP BY month HAVING sum(submissions) > 0
    ),
    emptied AS (
        DELETE FROM month_total USING carried
        WHERE organization_id = ANY (:leaving) AND pool = CAST(:pool AS pool)
          AND month_total.month = carried.month AND month_total.submissions = carried.submissions
    ),
    lessened AS (
        UPDATE month_total SET
            {", ".join(f"{name} = month_total.{name} - carried.{name}" for name in SUMS)},
            {", ".join(f"{name} = tally_add(month_total.{name}, tally_times(carried.{name}, -1))" for name in TALLIES)}
        FROM carried
        WHERE organization_id = ANY (:leaving) AND pool = CAST(:pool AS pool)
          AND month_total.month = carried.month AND month_total.submissions > carried.submissions
    )
    INSERT INTO month_total (organization_id, pool, month, {", ".join((*SUMS, *TALLIES))})
    SELECT organization_id, CAST(:pool AS pool), month, {", ".join((*SUMS, *TALLIES))}
    FROM carried, unnest(:joining) AS organization_id
    ORDER BY organization_id, month
    ON CONFLICT (organization_id, pool, month) DO UPDATE SET
        {", ".join(f"{name} = month_total.{name} + excluded.{name}" for name in SUMS)},
        {", ".join(f"{name} = tally_add(month_total.{name}, excluded.{name})" for name in TALLIES)}
    """
)

IDS = ARRAY(BigInteger())
STEPS = (bindparam("pool", type_=Text), bindparam("leaving", type_=IDS), bindparam("joining", type_=IDS))
TOTALS = TOTALS.bindparams(*STEPS)
MONTHS = MONTHS.bindparams(*STEPS, bindparam("contents", type_=ARRAY(Text())))


async def carry(
    connection: AsyncConnection, organization_id: int, pool: Pool, origin: Collection[int], target: Collection[int]
) -> None:
    """Take what a pool of an organization counts, of all time, from some organizations' to others'."""
    steps = _steps(pool, origin, target)
    if steps["leaving"] or steps["joining"]:
        await connection.execute(TOTALS, {"organization": organization_id, **steps})


async def carry_months(
    connection: AsyncConnection,
    organization_id: int,
    contents: Collection[Pool],
    pool: Pool,
    origin: Collection[int],
    target: Collection[int],
) -> None:
    """Take the months of an organization (its own, those of what is below it, or both) the same way.

    The months of a hierarchy count what stands strictly below (`models.totals.MonthTotal`).
    """
    steps = _steps(pool, origin, target)
    if steps["leaving"] or steps["joining"]:
        names = [each.value for each in contents]
        await connection.execute(MONTHS, {"organization": organization_id, "contents": names, **steps})


def _steps(pool: Pool, origin: Collection[int], target: Collection[int]) -> dict[str, object]:
    """Whom it leaves and whom it joins; who is in both keeps what it has."""
    leaving, joining = set(origin) - set(target), set(target) - set(origin)
    return {"pool": pool.value, "leaving": sorted(leaving), "joining": sorted(joining)}
