"""What rankings take: the prior of CREDIBLE, and indexes that tell of a set without reading its rows."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Indexes by name: their table, their columns, and what they carry beside them.
INDEXES = {
    "ix_organization_area_id": ("organization", ["area_id"], ["id", "closed_on"]),
    "ix_total_by_submissions": (
        "total",
        ["pool", "submissions", "organization_id"],
        ["value", "raters", "mark_sum"],
    ),
}


def upgrade() -> None:
    # PostgreSQL lets a value of an enumeration be used only after the transaction that adds it.
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE policy_name ADD VALUE IF NOT EXISTS 'CREDIBLE_PRIOR'")
    op.execute(
        "INSERT INTO policy (name, valid_from, value) VALUES ('CREDIBLE_PRIOR', '2000-01-01 00:00+00', '10')"
        " ON CONFLICT DO NOTHING"
    )
    for name, (table, columns, carried) in INDEXES.items():
        op.drop_index(name, table_name=table)
        op.create_index(name, table, columns, postgresql_include=carried)


def downgrade() -> None:
    """The policy stays: an enumeration keeps its values, and who does not know this one does not ask for it."""
    for name, (table, columns, _) in INDEXES.items():
        op.drop_index(name, table_name=table)
        op.create_index(name, table, columns)
