"""What every total must be, of all time and of each month, from the scores alone.

Sums are taken for each organization and month first and only then carried up the trees, as they
add up. Raters do not: a person who rated two clinics is one rater of their hospital. So they
climb the tree pair by pair, each (organization, rater) once.
"""

from collections.abc import Iterable

from psycopg import Connection

from models.submissions import MARK_UNITS

# ruff: noqa: S608 - the statements are put together from this file's own constants.

MARKS = range(1, 6)


def array(expression: str, places: Iterable[int]) -> str:
    """An array of an expression at each place; of integers, whose sums are quicker than those of bigints."""
    return f"ARRAY[{', '.join(expression.format(place) for place in places)}]::integer[]"


def tally(expression: str, criteria: Iterable[int]) -> str:
    """An array of an expression for each criterion up to the last one that is scored, `top`."""
    return f"({array(f'coalesce({expression}, 0)', criteria)})[:max(top)]"


def own(criteria: Iterable[int]) -> str:
    """The sums of each organization and month.

    `places` is where a form has the score of each criterion, null where it does not ask for it.
    Whether a mark satisfied is for the policy of its time to say.
    """
    return f"""
form AS MATERIALIZED (
    SELECT every.questionnaire_id, array_agg(place.position ORDER BY criterion) AS places, max(place.criterion_id) AS top
    FROM (SELECT DISTINCT questionnaire_id FROM questionnaire_criterion) AS every
    CROSS JOIN unnest(ARRAY[{", ".join(map(str, criteria))}]::integer[]) AS criterion
    LEFT JOIN questionnaire_criterion AS place
           ON place.questionnaire_id = every.questionnaire_id AND place.criterion_id = criterion
    GROUP BY every.questionnaire_id
),
dated AS (
    SELECT array_agg(valid_from ORDER BY valid_from) AS starts, array_agg(value::integer ORDER BY valid_from) AS marks
    FROM policy WHERE name = 'SATISFACTION_MARK'
),
own AS MATERIALIZED (
    SELECT organization_id, date_trunc('month', submitted_on::timestamp)::date AS month,
           count(*)::integer AS submissions, sum(mark) AS mark_sum,
           count(*) FILTER (WHERE mark >= {MARK_UNITS} * (SELECT marks FROM dated)[
               width_bucket(submitted_at, (SELECT starts FROM dated))])::integer AS satisfied,
           {array(f"count(*) FILTER (WHERE (2 * mark + {MARK_UNITS}) / {2 * MARK_UNITS} = {{0}})", MARKS)} AS marks,
           {tally("sum(scores[places[{0}]])", criteria)} AS criterion_sums,
           {tally("count(scores[places[{0}]])", criteria)} AS criterion_counts, max(top) AS top
    FROM submission JOIN form USING (questionnaire_id) WHERE status = 'COUNTED'
    GROUP BY organization_id, month
)"""


def added(criteria: Iterable[int]) -> str:
    """The columns of `own`, added up."""
    return f"""sum(submissions)::integer AS submissions, sum(mark_sum)::bigint AS mark_sum,
           sum(satisfied)::integer AS satisfied, {array("sum(marks[{0}])", MARKS)} AS marks,
           {tally("sum(criterion_sums[{0}])", criteria)} AS criterion_sums,
           {tally("sum(criterion_counts[{0}])", criteria)} AS criterion_counts, max(top) AS top"""


def months(criteria: Iterable[int]) -> str:
    """What `month_total` must be: each organization's own months, and those of what stands below.

    The children of one parent are added up first: all who are above one of them are above all.
    """
    return f"""
brood AS (
    SELECT hierarchy, parent_id, month, {added(criteria)}
    FROM own JOIN organization_position USING (organization_id)
    WHERE parent_id IS NOT NULL
    GROUP BY hierarchy, parent_id, month
),
line AS MATERIALIZED (
    SELECT hierarchy, organization_id AS parent_id, above::bigint AS organization_id
    FROM organization_position, string_to_table(path::text, '.') AS above
),
month_recount AS MATERIALIZED (
    SELECT organization_id, 'OWN'::pool AS pool, month, submissions, mark_sum, satisfied, marks,
           criterion_sums, criterion_counts, top
    FROM own
    UNION ALL
    SELECT organization_id, hierarchy::text::pool, month, {added(criteria)}
    FROM brood JOIN line USING (hierarchy, parent_id)
    GROUP BY organization_id, hierarchy, month
)"""


def raters(days: str = "true") -> str:
    """How many distinct raters each pool has, of the submissions that a condition picks.

    UNION drops a pair that was there before, so a rater climbs each branch only once.
    """
    return f"""
rated AS MATERIALIZED (
    SELECT DISTINCT organization_id, rater_id FROM submission WHERE status = 'COUNTED' AND {days}
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


def whole(criteria: Iterable[int]) -> str:
    """What `total` must be: all months, and in a subtree the organization's own beside those below."""
    return f"""
part AS MATERIALIZED (
    SELECT organization_id, pool, {added(criteria)} FROM month_recount GROUP BY organization_id, pool
),
summed AS (
    SELECT organization_id, every.pool, {added(criteria)}
    FROM part JOIN unnest(enum_range(NULL::pool)) AS every (pool) ON part.pool IN ('OWN', every.pool)
    GROUP BY organization_id, every.pool
),
recount AS MATERIALIZED (
    SELECT id AS organization_id, every.pool, coalesce(submissions, 0)::bigint AS submissions,
           coalesce(mark_sum, 0) AS mark_sum, coalesce(satisfied, 0) AS satisfied, coalesce(raters, 0) AS raters,
           coalesce(marks, '{{0,0,0,0,0}}') AS marks, coalesce(criterion_sums, '{{}}') AS criterion_sums,
           coalesce(criterion_counts, '{{}}') AS criterion_counts
    FROM organization CROSS JOIN unnest(enum_range(NULL::pool)) AS every (pool)
    LEFT JOIN summed ON summed.organization_id = id AND summed.pool = every.pool
    LEFT JOIN rater_count ON rater_count.organization_id = id AND rater_count.pool = every.pool
)"""


def recounted(connection: Connection) -> str:
    """The common table expressions `recount` and `month_recount`, with places for the criteria that there are."""
    ((last,),) = connection.execute("SELECT coalesce(max(id), 0) FROM criterion").fetchall()
    criteria = range(1, last + 1)
    return f"WITH RECURSIVE {own(criteria)}, {months(criteria)}, {raters()}, {whole(criteria)}"
