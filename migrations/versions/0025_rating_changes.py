"""Changes of ratings are told by the database: in the transaction that makes them, whoever makes it."""

import sqlalchemy as sa
from alembic import op

from models.changes import TransactionId

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

FUNCTION = """
    CREATE FUNCTION totals_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO rating_change (own, subordination, supervision)
        SELECT array_agg(organization_id) FILTER (WHERE pool = 'OWN'),
               array_agg(organization_id) FILTER (WHERE pool = 'SUBORDINATION'),
               array_agg(organization_id) FILTER (WHERE pool = 'SUPERVISION')
        FROM changed
        HAVING count(*) > 0;
        RETURN NULL;
    END $$"""

TRIGGER = """
    CREATE TRIGGER total_changed AFTER UPDATE ON total
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION totals_changed()"""


def upgrade() -> None:
    ids = sa.ARRAY(sa.BigInteger())
    op.create_table(
        "rating_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("transaction", TransactionId(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("own", ids, nullable=True),
        sa.Column("subordination", ids, nullable=True),
        sa.Column("supervision", ids, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_change")),
    )
    op.create_index(op.f("ix_rating_change_transaction"), "rating_change", ["transaction"])
    op.create_index(op.f("ix_rating_change_at"), "rating_change", ["at"])
    op.execute(FUNCTION)
    op.execute(TRIGGER)


def downgrade() -> None:
    op.execute("DROP TRIGGER total_changed ON total")
    op.execute("DROP FUNCTION totals_changed")
    op.drop_table("rating_change")
