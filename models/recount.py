"""Recounting: making every total what it must be, or telling where it is not.

Totals are kept in step by whoever writes a submission. This is the other way to the same
numbers: slower, with nothing carried over, so it is what bulk loads end with and what
`portal verify` holds the kept ones against.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from psycopg import Connection
from psycopg.rows import class_row

from models import locks
from models.expected import recounted
from models.submissions import MARK_UNITS

# ruff: noqa: S608 - the statements are put together from the program's own constants.

FIELDS = ("submissions", "mark_sum", "satisfied", "raters", "marks", "criterion_sums", "criterion_counts")
MONTH_FIELDS = tuple(field for field in FIELDS if field != "raters")


def row(source: str, fields: Iterable[str]) -> str:
    """The fields of a source as one value."""
    return f"({', '.join(f'{source}.{field}' for field in fields)})"


def kept(table: str, key: str, fields: Iterable[str], source: str) -> str:
    """Write recounted rows. Those that agree already are left alone: what is not written costs no new version."""
    names = f"{key}, {', '.join(fields)}"
    return f"""
        INSERT INTO {table} ({names}) SELECT {names} FROM {source}
        ON CONFLICT ({key}) DO UPDATE SET {", ".join(f"{field} = excluded.{field}" for field in fields)}
        WHERE {row(table, fields)} IS DISTINCT FROM {row("excluded", fields)}
        RETURNING 1"""


# Months that nothing counts in any more are not in the recount.
REBUILD = f"""
, gone AS (
    DELETE FROM month_total WHERE NOT EXISTS (
        SELECT FROM month_recount
        WHERE (month_recount.organization_id, month_recount.pool, month_recount.month)
            = (month_total.organization_id, month_total.pool, month_total.month))
    RETURNING 1
),
months AS ({kept("month_total", "organization_id, pool, month", MONTH_FIELDS, "month_recount")}),
totals AS ({kept("total", "organization_id, pool", FIELDS, "recount")})
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM months) + (SELECT count(*) FROM totals)
"""

# Arrays are compared place by place, so that zeros at the end make no difference.
PLACES = """
    UNION ALL SELECT format('marks[%s]', place), coalesce(x, 0), coalesce(y, 0)
    FROM unnest({stored}.marks, {expected}.marks) WITH ORDINALITY AS pair (x, y, place)
    UNION ALL SELECT format('criterion_sums[%s]', coalesce(code, place::text)), coalesce(x, 0), coalesce(y, 0)
    FROM unnest({stored}.criterion_sums, {expected}.criterion_sums) WITH ORDINALITY AS pair (x, y, place)
    LEFT JOIN criterion ON criterion.id = place
    UNION ALL SELECT format('criterion_counts[%s]', coalesce(code, place::text)), coalesce(x, 0), coalesce(y, 0)
    FROM unnest({stored}.criterion_counts, {expected}.criterion_counts) WITH ORDINALITY AS pair (x, y, place)
    LEFT JOIN criterion ON criterion.id = place"""

# A month without a row counts nothing, and so does a row of zeros.
DIFFERENCES = f"""
, difference AS (
    SELECT organization_id, pool, NULL::date AS month, field, stored, recomputed
    FROM recount JOIN total USING (organization_id, pool)
    CROSS JOIN LATERAL (
        SELECT 'submissions' AS field, total.submissions AS stored, recount.submissions AS recomputed
        UNION ALL SELECT 'mark_sum', total.mark_sum, recount.mark_sum
        UNION ALL SELECT 'satisfied', total.satisfied, recount.satisfied
        UNION ALL SELECT 'raters', total.raters, recount.raters
        UNION ALL SELECT 'value', total.value,
            div(200::numeric * recount.mark_sum + recount.submissions * {MARK_UNITS},
                nullif(recount.submissions, 0) * {2 * MARK_UNITS})::bigint
        {PLACES.format(stored="total", expected="recount")}
    ) AS compared
    UNION ALL
    SELECT organization_id, pool, month, field, stored, recomputed
    FROM month_recount FULL JOIN month_total USING (organization_id, pool, month)
    CROSS JOIN LATERAL (
        SELECT 'submissions' AS field, coalesce(month_total.submissions, 0) AS stored,
               coalesce(month_recount.submissions, 0) AS recomputed
        UNION ALL SELECT 'mark_sum', coalesce(month_total.mark_sum, 0), coalesce(month_recount.mark_sum, 0)
        UNION ALL SELECT 'satisfied', coalesce(month_total.satisfied, 0), coalesce(month_recount.satisfied, 0)
        {PLACES.format(stored="month_total", expected="month_recount")}
    ) AS compared
    WHERE {row("month_total", MONTH_FIELDS)} IS DISTINCT FROM {row("month_recount", MONTH_FIELDS)}
)
SELECT code AS organization, pool, field, stored, recomputed, month
FROM difference JOIN organization ON organization.id = organization_id
WHERE stored IS DISTINCT FROM recomputed
ORDER BY code, pool, month NULLS FIRST, field
"""


class Difference(NamedTuple):
    """A stored number that is not what the scores add up to. The value is in hundredths.

    `month` is the first day of a month's total, None of a total of all time.
    """

    organization: str
    pool: str
    field: str
    stored: int | None
    recomputed: int | None
    month: date | None = None


def lock(connection: Connection) -> None:
    """Keep everybody else from writing what totals are made of until the transaction ends.

    The lock of the trees waits for submissions that are being counted; the tables' locks are for
    writers who do not know of it. Must not run in REPEATABLE READ, whose snapshot may be older.
    """
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [locks.TREES])
    for table in ("organization_position", "submission", "total", "month_total"):
        connection.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")


def rebuild(connection: Connection) -> int:
    """Make every total what the scores add up to, inside the caller's transaction; answer how many rows were not.

    The statistics come first: after a bulk load the planner would take big tables for empty.
    """
    lock(connection)
    connection.execute("ANALYZE organization, organization_position, submission")
    ((corrected,),) = connection.execute(f"{recounted(connection)}{REBUILD}".encode()).fetchall()
    number: int = corrected
    return number


def differences(connection: Connection) -> list[Difference]:
    """Every stored number that differs from its recount, as of one snapshot."""
    with connection.cursor(row_factory=class_row(Difference)) as cursor:
        return cursor.execute(f"{recounted(connection)}{DIFFERENCES}".encode()).fetchall()
