"""Recounting: what every total must be, from the scores alone.

Totals are kept in step by whoever writes a submission. This is the other way to the same
numbers: slower, with nothing carried over, so it is what bulk loads end with and what
`portal verify` holds the kept ones against.

Sums are taken for each organization and form first and only then carried up the trees, as
they add up. Raters do not: a person who rated two clinics is one rater of their hospital. So
they climb the tree pair by pair, each (organization, rater) once.
"""

from typing import NamedTuple

from psycopg import Connection
from psycopg.rows import class_row

from models import locks
from models.submissions import MARK_UNITS

# ruff: noqa: S608 - the statements are put together from this file's own constants.

PLACES = range(1, 17)
MARKS = range(1, 6)

# A mark rounded half up to a whole, in integers.
ROUNDED = f"count(*) FILTER (WHERE (2 * mark + {MARK_UNITS}) / {2 * MARK_UNITS} = {{0}}) AS marks_{{0}}"

OWN = f"""
own AS MATERIALIZED (
    SELECT organization_id, questionnaire_id, count(*) AS submissions, sum(mark) AS mark_sum,
           count(*) FILTER (
               WHERE mark >= (SELECT policy_value('SATISFACTION_MARK')::integer) * {MARK_UNITS}
           ) AS satisfied,
           {", ".join(ROUNDED.format(i) for i in MARKS)},
           ARRAY[{", ".join(f"sum(scores[{place}])" for place in PLACES)}] AS sums,
           ARRAY[{", ".join(f"count(scores[{place}])" for place in PLACES)}] AS counts
    FROM submission WHERE status = 'COUNTED'
    GROUP BY organization_id, questionnaire_id
)"""

# Which organizations a pool of an organization takes in. Outside a tree it is alone.
MEMBERS = """
member AS MATERIALIZED (
    SELECT 'OWN'::pool AS pool, id AS organization_id, id AS member_id FROM organization
    UNION ALL
    SELECT hierarchy::text::pool, ancestor::bigint, organization_id
    FROM organization_position, unnest(string_to_array(path::text, '.')) AS ancestor
    UNION ALL
    SELECT hierarchy::text::pool, id, id
    FROM organization CROSS JOIN unnest(enum_range(NULL::hierarchy)) AS hierarchy
    WHERE NOT EXISTS (
        SELECT FROM organization_position AS position
        WHERE position.hierarchy = hierarchy.hierarchy AND position.organization_id = id
    )
)"""

# UNION drops a pair that was there before, so a rater climbs each branch only once.
RATERS = """
rated AS MATERIALIZED (
    SELECT DISTINCT organization_id, rater_id FROM submission WHERE status = 'COUNTED'
),
climbed (hierarchy, organization_id, rater_id) AS (
    SELECT hierarchy, organization_id, rater_id
    FROM rated CROSS JOIN unnest(enum_range(NULL::hierarchy)) AS hierarchy
    UNION
    SELECT hierarchy, parent_id, rater_id
    FROM climbed JOIN organization_position USING (hierarchy, organization_id)
    WHERE parent_id IS NOT NULL
),
rater_count AS (
    SELECT 'OWN'::pool AS pool, organization_id, count(*) AS raters
    FROM rated GROUP BY organization_id
    UNION ALL
    SELECT hierarchy::text::pool, organization_id, count(*)
    FROM climbed GROUP BY hierarchy, organization_id
)"""

SUMS = f"""
summed AS (
    SELECT pool, member.organization_id, sum(submissions)::bigint AS submissions,
           sum(mark_sum)::bigint AS mark_sum, sum(satisfied)::bigint AS satisfied,
           ARRAY[{", ".join(f"sum(marks_{i})::bigint" for i in MARKS)}] AS marks
    FROM member JOIN own ON own.organization_id = member.member_id
    GROUP BY pool, member.organization_id
)"""

CRITERIA = """
scored AS (
    SELECT organization_id, criterion_id, sum(sums[position]) AS sum, sum(counts[position]) AS count
    FROM own JOIN questionnaire_criterion USING (questionnaire_id)
    WHERE counts[position] > 0
    GROUP BY organization_id, criterion_id
),
pooled AS MATERIALIZED (
    SELECT pool, member.organization_id, criterion_id, sum(sum)::bigint AS sum, sum(count)::bigint AS count
    FROM member JOIN scored ON scored.organization_id = member.member_id
    GROUP BY pool, member.organization_id, criterion_id
),
tally AS (
    SELECT pool, organization_id, array_agg(sum ORDER BY criterion_id) AS criterion_sums,
           array_agg(count ORDER BY criterion_id) AS criterion_counts
    FROM (
        SELECT pool, organization_id, criterion_id, sum(sum)::bigint AS sum, sum(count)::bigint AS count
        FROM (
            SELECT pool, organization_id, criterion_id, sum, count FROM pooled
            UNION ALL
            SELECT pool, organization_id, generate_series(1, max(criterion_id)), 0, 0
            FROM pooled GROUP BY pool, organization_id
        ) AS with_zeros
        GROUP BY pool, organization_id, criterion_id
    ) AS dense
    GROUP BY pool, organization_id
)"""

RECOUNT = f"""
WITH RECURSIVE {OWN}, {MEMBERS}, {RATERS}, {SUMS}, {CRITERIA},
recount AS MATERIALIZED (
    SELECT id AS organization_id, every.pool, coalesce(submissions, 0) AS submissions,
           coalesce(mark_sum, 0) AS mark_sum, coalesce(satisfied, 0) AS satisfied,
           coalesce(raters, 0) AS raters, coalesce(marks, '{{0,0,0,0,0}}') AS marks,
           coalesce(criterion_sums, '{{}}') AS criterion_sums,
           coalesce(criterion_counts, '{{}}') AS criterion_counts
    FROM organization CROSS JOIN unnest(enum_range(NULL::pool)) AS every (pool)
    LEFT JOIN summed ON summed.organization_id = id AND summed.pool = every.pool
    LEFT JOIN tally ON tally.organization_id = id AND tally.pool = every.pool
    LEFT JOIN rater_count ON rater_count.organization_id = id AND rater_count.pool = every.pool
)"""

FIELDS = (
    "submissions",
    "mark_sum",
    "satisfied",
    "raters",
    "marks",
    "criterion_sums",
    "criterion_counts",
)

# Rows that agree already are left alone: a total that is not written costs no new version.
REBUILD = f"""
{RECOUNT}
INSERT INTO total (organization_id, pool, {", ".join(FIELDS)})
SELECT organization_id, pool, {", ".join(FIELDS)} FROM recount
ON CONFLICT (organization_id, pool) DO UPDATE
SET {", ".join(f"{field} = excluded.{field}" for field in FIELDS)}
WHERE ({", ".join(f"total.{field}" for field in FIELDS)})
   IS DISTINCT FROM ({", ".join(f"excluded.{field}" for field in FIELDS)})
"""

# Arrays are compared place by place, so that zeros at the end make no difference.
DIFFERENCES = f"""
{RECOUNT}
SELECT organization.code AS organization, recount.pool, field, stored, recomputed
FROM recount
JOIN organization ON organization.id = recount.organization_id
LEFT JOIN total USING (organization_id, pool)
CROSS JOIN LATERAL (
    SELECT 'submissions' AS field, total.submissions AS stored, recount.submissions AS recomputed
    UNION ALL SELECT 'mark_sum', total.mark_sum, recount.mark_sum
    UNION ALL SELECT 'satisfied', total.satisfied, recount.satisfied
    UNION ALL SELECT 'raters', total.raters, recount.raters
    UNION ALL SELECT 'value', total.value,
        div(200::numeric * recount.mark_sum + recount.submissions * {MARK_UNITS},
            nullif(recount.submissions, 0) * {2 * MARK_UNITS})::bigint
    UNION ALL SELECT format('marks[%s]', place), coalesce(x, 0), coalesce(y, 0)
    FROM unnest(total.marks, recount.marks) WITH ORDINALITY AS pair (x, y, place)
    UNION ALL SELECT format('criterion_sums[%s]', coalesce(code, place::text)), coalesce(x, 0), coalesce(y, 0)
    FROM unnest(total.criterion_sums, recount.criterion_sums) WITH ORDINALITY AS pair (x, y, place)
    LEFT JOIN criterion ON criterion.id = place
    UNION ALL SELECT format('criterion_counts[%s]', coalesce(code, place::text)), coalesce(x, 0), coalesce(y, 0)
    FROM unnest(total.criterion_counts, recount.criterion_counts) WITH ORDINALITY AS pair (x, y, place)
    LEFT JOIN criterion ON criterion.id = place
) AS compared
WHERE total.organization_id IS NOT NULL AND stored IS DISTINCT FROM recomputed
ORDER BY organization.code, recount.pool, field
"""


class Difference(NamedTuple):
    """A stored number that is not what the scores add up to. The value is in hundredths."""

    organization: str
    pool: str
    field: str
    stored: int | None
    recomputed: int | None


def lock(connection: Connection) -> None:
    """Keep everybody else from writing what totals are made of until the transaction ends.

    The lock of the trees waits for submissions that are being counted; the tables' locks are for
    writers who do not know of it. Must not run in REPEATABLE READ, whose snapshot may be older.
    """
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [locks.TREES])
    for table in ("organization_position", "submission", "total"):
        connection.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")


def rebuild(connection: Connection) -> None:
    """Make every total what the scores add up to, inside the caller's transaction.

    The statistics come first: after a bulk load the planner would take big tables for empty.
    """
    lock(connection)
    connection.execute("ANALYZE organization, organization_position, submission")
    connection.execute(REBUILD)


def differences(connection: Connection) -> list[Difference]:
    """Every stored number that differs from its recount, as of one snapshot."""
    with connection.cursor(row_factory=class_row(Difference)) as cursor:
        return cursor.execute(DIFFERENCES).fetchall()
