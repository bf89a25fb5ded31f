"""Verifying: whether every published number is what the raw scores give."""

from dataclasses import dataclass

import psycopg

from exchange.progress import Nobody, Watcher
from models import freezing, recount
from models.database import conninfo_for
from models.recount import Difference
from models.submissions import MARK_UNITS

# Cross-multiplied, so that neither a division nor the function that made the mark is trusted.
WRONG_MARKS = """
SELECT code, mark FROM submission
WHERE mark::bigint * cardinality(array_remove(scores, NULL))
   IS DISTINCT FROM (SELECT sum(score) FROM unnest(scores) AS score) * %s
ORDER BY code
"""

# A pool without its row would be invisible everywhere, so it counts as a fault, not as zero.
MISSING_TOTALS = """
SELECT code, pool.pool::text
FROM organization CROSS JOIN unnest(enum_range(NULL::pool)) AS pool (pool)
LEFT JOIN total ON total.organization_id = organization.id AND total.pool = pool.pool
WHERE total.organization_id IS NULL
ORDER BY code, pool.pool
"""

SIZES = "SELECT (SELECT count(*) FROM submission), (SELECT count(*) FROM total)"


@dataclass(frozen=True)
class Verification:
    """What was looked at, and everything that does not agree. Marks are in 1/720720; digests are the stored one first."""

    submissions: int
    totals: int
    missing: list[tuple[str, str]]
    wrong_marks: list[tuple[str, int]]
    differences: list[Difference]
    altered: list[tuple[str, str, str]]

    @property
    def disagreements(self) -> int:
        return len(self.missing) + len(self.wrong_marks) + len(self.differences) + len(self.altered)

    @property
    def agrees(self) -> bool:
        return self.disagreements == 0


def verify(url: str, progress: Watcher | None = None) -> Verification:
    """Recompute everything and compare, all as of one moment; nothing is written."""
    progress = progress or Nobody()
    with psycopg.connect(conninfo_for(url, "portal-verify")) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        with progress.step("Marks against scores"):
            wrong_marks = connection.execute(WRONG_MARKS, [MARK_UNITS]).fetchall()
        with progress.step("Totals against marks"):
            differences = recount.differences(connection)
        with progress.step("Editions against their digests"):
            altered = freezing.altered(connection)
        submissions, totals = connection.execute(SIZES).fetchone() or (0, 0)
        return Verification(
            submissions=submissions,
            totals=totals,
            missing=connection.execute(MISSING_TOTALS).fetchall(),
            wrong_marks=wrong_marks,
            differences=differences,
            altered=altered,
        )
