"""Ratings by criterion, stored with the totals: read far more often than they change."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

CRITERION_VALUES = """
CREATE FUNCTION criterion_values(sums bigint[], counts bigint[], enough bigint DEFAULT 1) RETURNS smallint[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_agg(CASE WHEN count >= enough THEN rating_value(sum * 720720, count) END ORDER BY place)
    FROM unnest(sums, counts) WITH ORDINALITY AS pair (sum, count, place)
$$"""


def upgrade() -> None:
    op.execute(CRITERION_VALUES)
    op.execute(
        "ALTER TABLE total ADD COLUMN criterion_values smallint[]"
        " GENERATED ALWAYS AS (criterion_values(criterion_sums, criterion_counts)) STORED"
    )


def downgrade() -> None:
    op.drop_column("total", "criterion_values")
    op.execute("DROP FUNCTION criterion_values")
