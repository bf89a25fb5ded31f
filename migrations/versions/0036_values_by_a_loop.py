"""Values by criterion by a loop: the answers stay the same, so nothing that is stored changes.

A query in a function is begun and ended anew at each call, which took most of its time: for thirteen criteria a loop
takes a third of it, where values are read and, as a total has them as a column, where a submission is counted.
"""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

# What rating_value answers for sums of scores: the mean in hundredths, rounded half up.
CRITERION_VALUES = """
CREATE OR REPLACE FUNCTION criterion_values(sums bigint[], counts bigint[], enough bigint DEFAULT 1)
RETURNS smallint[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    found smallint[];
    place integer := 0;
    number bigint;
BEGIN
    FOREACH number IN ARRAY counts LOOP
        place := place + 1;
        found[place] := CASE WHEN number >= enough THEN (200 * sums[place] + number) / nullif(2 * number, 0) END;
    END LOOP;
    RETURN found;
END $$"""

CRITERION_VALUES_BEFORE = """
CREATE OR REPLACE FUNCTION criterion_values(sums bigint[], counts bigint[], enough bigint DEFAULT 1)
RETURNS smallint[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN (SELECT array_agg(CASE WHEN count >= enough THEN rating_value(sum * 720720, count) END ORDER BY place)
            FROM unnest(sums, counts) WITH ORDINALITY AS pair (sum, count, place));
END $$"""


def upgrade() -> None:
    op.execute(CRITERION_VALUES)


def downgrade() -> None:
    op.execute(CRITERION_VALUES_BEFORE)
