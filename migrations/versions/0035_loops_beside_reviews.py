"""Reviews repeat how far their loops have come, so that they are listed and counted by it in one index."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

DAY = sa.text("(submitted_on - '2000-01-01'::date)")
LOOP = ("seen_on", "answered_on", "has_measures", "settled")
REPEATED = ["published", "state", "status", "is_masked", *LOOP]
TABLES = ("review_reading", "reply", "measure", "settlement")

# The four as their tables have them, for the review with a key.
AS_IT_IS = """
    seen_on = (SELECT seen_on FROM review_reading AS step WHERE step.submission_id = review.submission_id),
    answered_on = (
        SELECT written_on FROM reply AS step WHERE step.submission_id = review.submission_id AND version = 1),
    has_measures = EXISTS (SELECT FROM measure AS step WHERE step.submission_id = review.submission_id),
    settled = (SELECT settled FROM settlement AS step WHERE step.submission_id = review.submission_id)"""

# Whoever takes a step has the review's row locked already.
FOLLOWS = f"""
CREATE FUNCTION review_follows_loop() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE review SET {AS_IT_IS}
    WHERE submission_id = coalesce(NEW.submission_id, OLD.submission_id);
    RETURN NULL;
END $$"""

BACKFILL = f"""
UPDATE review SET {AS_IT_IS}
WHERE submission_id IN ({" UNION ".join(f"SELECT submission_id FROM {table}" for table in TABLES)})"""


def upgrade() -> None:
    op.execute(
        "ALTER TABLE review ADD COLUMN is_masked boolean NOT NULL GENERATED ALWAYS AS (masked IS NOT NULL) STORED,"
        " ADD COLUMN seen_on date, ADD COLUMN answered_on date,"
        " ADD COLUMN has_measures boolean DEFAULT false NOT NULL, ADD COLUMN settled boolean"
    )
    op.execute(BACKFILL)
    op.execute(FOLLOWS)
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_leads_review AFTER INSERT OR UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION review_follows_loop()"
        )
    # Those that nobody answers for any more are listed in a moment.
    op.create_index(
        "ix_organization_closed_on",
        "organization",
        ["closed_on"],
        postgresql_include=["id"],
        postgresql_where=sa.text("closed_on IS NOT NULL"),
    )
    _index(["submitted_on", *REPEATED], ["submitted_on", "organization_id", *REPEATED])


def _index(of_organization: list[str], by_date: list[str]) -> None:
    """Make the indexes of pages anew, with these columns beside their keys."""
    op.drop_index("ix_review_of_organization", "review")
    op.drop_index("ix_review_by_date", "review")
    op.create_index(
        "ix_review_of_organization",
        "review",
        ["organization_id", DAY, "submission_id"],
        postgresql_include=of_organization,
    )
    op.create_index("ix_review_by_date", "review", [DAY, "submission_id"], postgresql_include=by_date)


def downgrade() -> None:
    op.drop_index("ix_organization_closed_on", "organization")
    _index(["published", "state", "status"], [])
    op.execute("DROP FUNCTION review_follows_loop CASCADE")
    for column in ("is_masked", *LOOP):
        op.drop_column("review", column)
