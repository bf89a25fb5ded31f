"""Imports are on the audit trail."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # PostgreSQL lets a value of an enumeration be used only after the transaction that adds it.
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE audit_action ADD VALUE IF NOT EXISTS 'DATA_IMPORTED'")
        op.execute("ALTER TYPE audit_subject ADD VALUE IF NOT EXISTS 'IMPORT'")


def downgrade() -> None:
    """A value of an enumeration cannot be taken away, and does no harm."""
