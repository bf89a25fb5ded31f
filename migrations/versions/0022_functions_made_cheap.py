"""Functions of totals made cheap: their answers stay the same, so nothing that is stored changes.

PostgreSQL inlines a function of one expression unless STRICT could change what it answers; what it does not
inline of the language sql it plans anew in every statement.
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

# Null for null, as all of its operators are: not STRICT, so that it is inlined.
RATING_VALUE = """
CREATE OR REPLACE FUNCTION rating_value(mark_sum bigint, submissions bigint) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ((200 * mark_sum + submissions * 720720)
            / nullif(2 * submissions * 720720, 0))::smallint
$$"""

# In this language the plan is kept from one call to the next.
CRITERION_VALUES = """
CREATE OR REPLACE FUNCTION criterion_values(sums bigint[], counts bigint[], enough bigint DEFAULT 1)
RETURNS smallint[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN (SELECT array_agg(CASE WHEN count >= enough THEN rating_value(sum * 720720, count) END ORDER BY place)
            FROM unnest(sums, counts) WITH ORDINALITY AS pair (sum, count, place));
END $$"""

# The hierarchies are named, as the positions' key begins with them: its index was read whole.
POOLS_COUNTING = """
CREATE OR REPLACE FUNCTION pools_counting(rated bigint) RETURNS TABLE (organization_id bigint, pool pool)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE ROWS 10 AS $$
BEGIN
    RETURN QUERY
        SELECT rated, each FROM unnest(enum_range(NULL::pool)) AS each
        UNION
        SELECT node::bigint, place.hierarchy::text::pool
        FROM organization_position AS place, string_to_table(place.path::text, '.') AS node
        WHERE place.hierarchy = ANY (enum_range(NULL::hierarchy)) AND place.organization_id = rated;
END $$"""

RATING_VALUE_BEFORE = """
CREATE OR REPLACE FUNCTION rating_value(mark_sum bigint, submissions bigint) RETURNS smallint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT ((200 * mark_sum + submissions * 720720)
            / nullif(2 * submissions * 720720, 0))::smallint
$$"""

CRITERION_VALUES_BEFORE = """
CREATE OR REPLACE FUNCTION criterion_values(sums bigint[], counts bigint[], enough bigint DEFAULT 1)
RETURNS smallint[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_agg(CASE WHEN count >= enough THEN rating_value(sum * 720720, count) END ORDER BY place)
    FROM unnest(sums, counts) WITH ORDINALITY AS pair (sum, count, place)
$$"""

POOLS_COUNTING_BEFORE = """
CREATE OR REPLACE FUNCTION pools_counting(rated bigint) RETURNS TABLE (organization_id bigint, pool pool)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 10 AS $$
    SELECT rated, pool FROM unnest(enum_range(NULL::pool)) AS pool
    UNION
    SELECT node::bigint, place.hierarchy::text::pool
    FROM organization_position AS place, string_to_table(place.path::text, '.') AS node
    WHERE place.organization_id = rated
$$"""


def upgrade() -> None:
    for function in (RATING_VALUE, CRITERION_VALUES, POOLS_COUNTING):
        op.execute(function)


def downgrade() -> None:
    for function in (RATING_VALUE_BEFORE, CRITERION_VALUES_BEFORE, POOLS_COUNTING_BEFORE):
        op.execute(function)
