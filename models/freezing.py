"""Freezing: an edition made in one statement, and the digest by which it can be cited and verified.

The digest is the SHA-256, in hexadecimal digits, of an edition's lines, each ended by a line feed, in UTF-8. A line is
a JSON array as Python's `json.dumps(line, ensure_ascii=False)` writes it:

1. the edition: "edition", code, titles (be, ru, en), first day, last day, moment of publication, version and text of
   the method, pairs of policies and values by name, codes of criteria by id, and how many organizations, submissions
   and raters there are;
2. for each organization, by code (as bytes): "organization", code, names (be, ru, en), whether it was open; and after
   it a line for each pool (OWN, SUBORDINATION, SUPERVISION): "rating", code, pool, and the columns of
   `models.editions.EditionRating` in their order.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from psycopg import Connection
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.editions import METHOD, METHOD_VERSION, Edition, EditionRating
from models.expected import raters
from models.submissions import MARK_UNITS

# ruff: noqa: S608 - the statements are put together from the program's own constants.

KEYS = ("edition_id", "organization_id", "pool")
NUMBERS = ", ".join(column.name for column in EditionRating.__table__.columns if column.name not in KEYS)
COLUMNS = ", ".join(column.name for column in Edition.__table__.columns if column.name != "digest")

# Organizations as they stand, and the tallies of the period's months: as slices add them up, in a
# subtree the organization's own beside those below.
TALLIES = """
its_organization AS MATERIALIZED (
    SELECT id AS organization_id, code, name_be, name_ru, name_en,
           closed_on IS NULL OR closed_on > CAST(:today AS date) AS is_open
    FROM organization WHERE merged_into_id IS NULL
),
part AS MATERIALIZED (
    SELECT organization_id, pool, sum(submissions) AS submissions, sum(mark_sum) AS mark_sum,
           sum(satisfied) AS satisfied, tally_sum(marks) AS marks, tally_sum(criterion_sums) AS criterion_sums,
           tally_sum(criterion_counts) AS criterion_counts
    FROM month_total WHERE month BETWEEN CAST(:first_day AS date) AND CAST(:last_day AS date)
    GROUP BY organization_id, pool
),
summed AS MATERIALIZED (
    SELECT listed.organization_id, every.pool, is_open, coalesce(sum(submissions), 0)::bigint AS submissions,
           coalesce(sum(mark_sum), 0)::bigint AS mark_sum, coalesce(sum(satisfied), 0)::bigint AS satisfied,
           coalesce(tally_sum(marks), '{0,0,0,0,0}') AS marks, coalesce(tally_sum(criterion_sums), '{}') AS criterion_sums,
           coalesce(tally_sum(criterion_counts), '{}') AS criterion_counts
    FROM its_organization AS listed CROSS JOIN unnest(enum_range(NULL::pool)) AS every (pool)
    LEFT JOIN part ON part.organization_id = listed.organization_id AND part.pool IN ('OWN', every.pool)
    GROUP BY listed.organization_id, every.pool, is_open
)"""

# Values and places, in each pool; who was closed belongs to no set.
PLACES = f"""
prior AS MATERIALIZED (
    SELECT pool, policy_value('MIN_RATERS')::int AS minimum, policy_value('CREDIBLE_PRIOR')::int AS prior,
           div(200 * policy_value('CREDIBLE_PRIOR')::numeric * sum(mark_sum), nullif(sum(submissions), 0))::bigint AS pull
    FROM summed WHERE is_open GROUP BY pool
),
valued AS (
    SELECT summed.*, coalesce(raters, 0) AS raters, rating_value(mark_sum, submissions) AS value,
           CASE WHEN is_open AND submissions > 0 THEN (
               (pull + 200 * mark_sum + {MARK_UNITS} * (prior + submissions))
               / (2 * {MARK_UNITS} * (prior + submissions)))::smallint END AS credible_value,
           CASE WHEN NOT is_open THEN 'CLOSED' WHEN submissions = 0 THEN 'NO_SUBMISSIONS'
                WHEN coalesce(raters, 0) < minimum THEN 'TOO_FEW_RATERS' END AS not_ranked
    FROM summed LEFT JOIN rater_count USING (organization_id, pool) LEFT JOIN prior USING (pool)
),
its_rating AS MATERIALIZED (
    SELECT organization_id, pool, submissions, mark_sum, satisfied, raters, marks, criterion_sums, criterion_counts,
           value, credible_value, not_ranked,
           CASE WHEN not_ranked IS NULL THEN rank() OVER by_mean END::int AS position,
           CASE WHEN not_ranked IS NULL THEN count(*) OVER with_mean ELSE 0 END::int AS tied,
           CASE WHEN not_ranked IS NULL THEN rank() OVER by_credible END::int AS credible_position,
           CASE WHEN not_ranked IS NULL THEN count(*) OVER with_credible ELSE 0 END::int AS credible_tied,
           (count(*) FILTER (WHERE not_ranked IS NULL) OVER (PARTITION BY pool))::int AS out_of
    FROM valued
    WINDOW by_mean AS (PARTITION BY pool, not_ranked IS NULL ORDER BY value DESC),
           with_mean AS (PARTITION BY pool, not_ranked IS NULL, value),
           by_credible AS (PARTITION BY pool, not_ranked IS NULL ORDER BY credible_value DESC),
           with_credible AS (PARTITION BY pool, not_ranked IS NULL, credible_value)
)"""

HEAD = """
its_edition AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('edition', 'id')) AS id, CAST(:code AS text) AS code,
           CAST(:title_be AS text) AS title_be, CAST(:title_ru AS text) AS title_ru, CAST(:title_en AS text) AS title_en,
           CAST(:first_day AS date) AS first_day, CAST(:last_day AS date) AS last_day, now() AS published_at,
           CAST(:account_id AS bigint) AS account_id, CAST(:method_version AS smallint) AS method_version,
           CAST(:method AS text) AS method,
           (SELECT jsonb_object_agg(name, policy_value(name)) FROM unnest(enum_range(NULL::policy_name)) AS name)
               AS policies,
           ARRAY(SELECT criterion.code FROM generate_series(1, (SELECT max(id) FROM criterion)) AS place
                 LEFT JOIN criterion ON criterion.id = place ORDER BY place) AS criteria,
           (SELECT count(*) FROM its_organization WHERE is_open)::int AS organizations,
           (SELECT coalesce(sum(submissions), 0) FROM summed WHERE is_open AND pool = 'OWN')::bigint AS submissions,
           (SELECT count(DISTINCT rater_id) FROM rated JOIN its_organization USING (organization_id) WHERE is_open)
               AS raters
)"""

# Over the three relations `its_...`, whether they are being made or were stored.
DIGEST = f"""
line (code, place, line) AS (
    SELECT '', 0, jsonb_build_array(
        'edition', code, title_be, title_ru, title_en, first_day, last_day,
        to_char(published_at AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISS.US"Z"'), method_version, method,
        (SELECT jsonb_agg(jsonb_build_array(key, value) ORDER BY key COLLATE "C") FROM jsonb_each(policies)),
        criteria, organizations, submissions, raters)
    FROM its_edition
    UNION ALL SELECT code, 0, jsonb_build_array('organization', code, name_be, name_ru, name_en, is_open)
    FROM its_organization
    UNION ALL SELECT code, array_position(enum_range(NULL::pool), pool),
        jsonb_build_array('rating', code, pool, {NUMBERS})
    FROM its_rating JOIN its_organization USING (organization_id)
),
digested AS (
    SELECT encode(sha256(convert_to(string_agg(line::text || chr(10), '' ORDER BY code COLLATE "C", place), 'UTF8')),
                  'hex') AS digest
    FROM line
)"""

FREEZE = text(f"""
WITH RECURSIVE {TALLIES}, {raters("submitted_on BETWEEN CAST(:first_day AS date) AND CAST(:last_day AS date)")},
{PLACES}, {HEAD}, {DIGEST},
kept AS (
    INSERT INTO edition ({COLUMNS}, digest) SELECT {COLUMNS}, digest FROM its_edition, digested RETURNING id, digest
),
kept_organizations AS (
    INSERT INTO edition_organization (edition_id, organization_id, code, name_be, name_ru, name_en, is_open)
    SELECT id, each.* FROM its_edition, its_organization AS each
),
kept_ratings AS (
    INSERT INTO edition_rating (edition_id, organization_id, pool, {NUMBERS})
    SELECT id, each.* FROM its_edition, its_rating AS each
)
SELECT id, digest FROM kept""")

STORED = f"""
WITH its_edition AS (SELECT * FROM edition WHERE code = %s),
its_organization AS (
    SELECT each.* FROM edition_organization AS each JOIN its_edition ON its_edition.id = edition_id
),
its_rating AS (
    SELECT each.* FROM edition_rating AS each JOIN its_edition ON its_edition.id = edition_id
),
{DIGEST}"""


class Frozen(NamedTuple):
    """The key of an edition, and its digest."""

    id: int
    digest: str


async def freeze(connection: AsyncConnection, row: Mapping[str, Any], today: date) -> Frozen:
    """Make an edition of all that is there now, inside the caller's transaction.

    `row` has the columns of an edition that somebody decides: its code, titles, days, and who publishes it.
    """
    given = {**row, "method": METHOD, "method_version": METHOD_VERSION, "today": today}
    return Frozen(*(await connection.execute(FREEZE, given)).one())


def lines(connection: Connection, code: str) -> Iterator[str]:
    """The lines of an edition that its digest is of; none where there is no such edition."""
    query = f'{STORED} SELECT line::text FROM line ORDER BY code COLLATE "C", place'
    return (line for (line,) in connection.cursor().execute(query.encode(), [code]))


def altered(connection: Connection) -> list[tuple[str, str, str]]:
    """The code, the published and the recomputed digest of each edition whose rows are not what was published."""
    found = []
    for code, digest in connection.execute("SELECT code, digest FROM edition ORDER BY code").fetchall():
        ((recomputed,),) = connection.execute(f"{STORED} SELECT digest FROM digested".encode(), [code]).fetchall()
        if recomputed != digest:
            found.append((code, digest, recomputed))
    return found
