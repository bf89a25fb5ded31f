"""The intervals of a history."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# The calendar's intervals of a length (day, week, month, quarter, year) from the one with the first
# date to the one with the last; none where a date is null. Too many are refused with SQLSTATE PU001
# and the query's own name for what makes them in the column field.
INTERVALS = """
CREATE FUNCTION intervals(length text, first date, last date, most integer, asked_as text)
RETURNS TABLE (begins date, ends date)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE ROWS 100 AS $$
DECLARE
    step CONSTANT interval := CASE length WHEN 'quarter' THEN '3 months' ELSE '1 ' || length END;
    start CONSTANT timestamp := date_trunc(length, first::timestamp);
BEGIN
    IF start + most * step <= last THEN
        RAISE EXCEPTION 'makes more than % points: ask for longer intervals or a shorter period', most
            USING ERRCODE = 'PU001', COLUMN = asked_as;
    END IF;
    RETURN QUERY SELECT moment::date, (moment + step)::date - 1 FROM generate_series(start, last, step) AS moment;
END $$"""


def upgrade() -> None:
    op.execute(INTERVALS)


def downgrade() -> None:
    op.execute("DROP FUNCTION intervals")
