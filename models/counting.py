"""Counting: a submission into all totals that it belongs to, or out of them, exactly.

Rules of locking, the same for every writer, so that none waits in a circle: first the trees
(shared; moves take them exclusively), then the rater, then totals in the order of their key. The
rater's lock makes the question "has this rater said anything else in that pool?" safe to ask, so
distinct raters stay exact without a row for each rater and pool (decision 0005).
"""

from sqlalchemy import BigInteger, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from models import locks
from models.writing import Writer

# ruff: noqa: S608 - the statements are put together from this file's own constants.

SHARE_TREES = text("SELECT pg_advisory_xact_lock_shared(:key)").bindparams(key=locks.TREES)

LOCK_RATER = text("SELECT id FROM rater WHERE id = :rater FOR NO KEY UPDATE")

# The submission, what it adds to tallies (arrays indexed by criterion), and its totals, locked in
# order. `sign` is 1 to count it and -1 to take it out. Its month is that of its date.
LOCKED = """
    WITH said AS (
        SELECT submission.id, organization_id, rater_id, mark, scores, questionnaire_id,
               (2 * mark + 720720) / (2 * 720720) AS whole,
               coalesce(mark >= policy_value('SATISFACTION_MARK', submitted_at)::int * 720720, false)::int AS satisfied,
               date_trunc('month', submitted_on::timestamp)::date AS month
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
    ),
    monthly AS (
        SELECT locked.organization_id, locked.pool, said.month
        FROM locked, said
        WHERE locked.pool = 'OWN' OR locked.organization_id <> said.organization_id
    )"""

TOTALS = """
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
    WHERE total.organization_id = locked.organization_id AND total.pool = locked.pool"""

# A month begins with its first submission. Who holds a total's lock may write its months.
COUNT = text(
    f"""{LOCKED},
    months AS (
        INSERT INTO month_total AS month
        SELECT monthly.*, 1, said.mark, said.satisfied,
               array_fill(0, ARRAY[said.whole - 1]) || 1 || array_fill(0, ARRAY[5 - said.whole]),
               tally.sums, tally.counts
        FROM monthly, said, tally
        ON CONFLICT (organization_id, pool, month) DO UPDATE SET
            submissions = month.submissions + excluded.submissions,
            mark_sum = month.mark_sum + excluded.mark_sum,
            satisfied = month.satisfied + excluded.satisfied,
            marks = tally_add(month.marks, excluded.marks),
            criterion_sums = tally_add(month.criterion_sums, excluded.criterion_sums),
            criterion_counts = tally_add(month.criterion_counts, excluded.criterion_counts)
    )
    {TOTALS}"""
).bindparams(bindparam("sign", type_=BigInteger), bindparam("submission", type_=BigInteger))

# A month stays when its last submission is taken out, all zeros.
UNCOUNT = text(
    f"""{LOCKED},
    months AS (
        UPDATE month_total AS month SET
            submissions = month.submissions - 1,
            mark_sum = month.mark_sum - said.mark,
            satisfied = month.satisfied - said.satisfied,
            marks[said.whole] = month.marks[said.whole] - 1,
            criterion_sums = tally_add(month.criterion_sums, tally.sums),
            criterion_counts = tally_add(month.criterion_counts, tally.counts)
        FROM monthly, said, tally
        WHERE (month.organization_id, month.pool, month.month)
            = (monthly.organization_id, monthly.pool, monthly.month)
    )
    {TOTALS}"""
).bindparams(bindparam("sign", type_=BigInteger), bindparam("submission", type_=BigInteger))


async def lock_for(connection: AsyncConnection, rater_id: int) -> None:
    """Take the locks that a change to a rater's submissions needs, in their order."""
    await connection.execute(SHARE_TREES)
    await connection.execute(LOCK_RATER, {"rater": rater_id})


async def count(connection: AsyncConnection, submission_id: int) -> None:
    """Add a submission to its totals; the caller holds the locks and has just inserted it."""
    await connection.execute(COUNT, {"submission": submission_id, "sign": 1})


async def count_with(writer: Writer, submission_id: int) -> None:
    """The same with a writer."""
    await writer.send(COUNT, submission=submission_id, sign=1)


async def uncount(connection: AsyncConnection, submission_id: int) -> None:
    """Subtract a submission from its totals; the caller holds the locks and has ended it."""
    await connection.execute(UNCOUNT, {"submission": submission_id, "sign": -1})
