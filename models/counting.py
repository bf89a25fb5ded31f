"""Counting: a submission into all totals that it belongs to, or out of them, exactly.

Rules of locking, the same for every writer, so that none waits in a circle: first the trees
(shared; moves take them exclusively), then the rater, then totals in the order of their key. The
rater's lock makes the question "has this rater said anything else in that pool?" safe to ask, so
distinct raters stay exact without a row for each rater and pool (decision 0005).
"""

from sqlalchemy import BigInteger, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from models import locks

SHARE_TREES = text("SELECT pg_advisory_xact_lock_shared(:key)").bindparams(key=locks.TREES)

LOCK_RATER = text("SELECT id FROM rater WHERE id = :rater FOR NO KEY UPDATE")

# `sign` is 1 to count the submission and -1 to take it out. The arrays are indexed by criterion.
COUNT = text(
    """
    WITH said AS (
        SELECT submission.id, organization_id, rater_id, mark, scores, questionnaire_id,
               (2 * mark + 720720) / (2 * 720720) AS whole,
               (mark >= policy_value('SATISFACTION_MARK')::int * 720720)::int AS satisfied
        FROM submission WHERE submission.id = :submission
    ),
    tally AS (
        SELECT array_agg(:sign * coalesce(scores[place.position], 0) ORDER BY criterion) AS sums,
               array_agg(:sign * (scores[place.position] IS NOT NULL)::int ORDER BY criterion) AS counts
        FROM said
        CROSS JOIN generate_series(1, (
            SELECT max(criterion_id) FROM questionnaire_criterion
            JOIN said USING (questionnaire_id)
        )) AS criterion
        LEFT JOIN questionnaire_criterion AS place
               ON place.questionnaire_id = said.questionnaire_id AND place.criterion_id = criterion
    ),
    known AS (
        SELECT DISTINCT pools.organization_id, pools.pool
        FROM (
            SELECT DISTINCT other.organization_id FROM submission AS other JOIN said USING (rater_id)
            WHERE other.status = 'COUNTED' AND other.id <> said.id
        ) AS elsewhere, pools_counting(elsewhere.organization_id) AS pools
    ),
    locked AS MATERIALIZED (
        SELECT total.organization_id, total.pool
        FROM total JOIN said ON true JOIN pools_counting(said.organization_id) AS pools
          ON pools.organization_id = total.organization_id AND pools.pool = total.pool
        ORDER BY total.organization_id, total.pool
        FOR NO KEY UPDATE OF total
    )
    UPDATE total SET
        submissions = total.submissions + :sign,
        mark_sum = total.mark_sum + :sign * said.mark,
        satisfied = total.satisfied + :sign * said.satisfied,
        raters = total.raters + CASE WHEN known.pool IS NULL THEN :sign ELSE 0 END,
        marks[said.whole] = total.marks[said.whole] + :sign,
        criterion_sums = tally_add(total.criterion_sums, tally.sums),
        criterion_counts = tally_add(total.criterion_counts, tally.counts)
    FROM said, tally, locked
    LEFT JOIN known ON known.organization_id = locked.organization_id AND known.pool = locked.pool
    WHERE total.organization_id = locked.organization_id AND total.pool = locked.pool
    """
).bindparams(bindparam("sign", type_=BigInteger), bindparam("submission", type_=BigInteger))


async def lock_for(connection: AsyncConnection, rater_id: int) -> None:
    """Take the locks that a change to a rater's submissions needs, in their order."""
    await connection.execute(SHARE_TREES)
    await connection.execute(LOCK_RATER, {"rater": rater_id})


async def count(connection: AsyncConnection, submission_id: int) -> None:
    """Add a submission to its totals; the caller holds the locks and has just inserted it."""
    await connection.execute(COUNT, {"submission": submission_id, "sign": 1})


async def uncount(connection: AsyncConnection, submission_id: int) -> None:
    """Subtract a submission from its totals; the caller holds the locks and has ended it."""
    await connection.execute(COUNT, {"submission": submission_id, "sign": -1})
