"""Readings of protected data are on the audit trail."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

SUBJECTS = ("AUDIT_EVENT", "FINDING")


def upgrade() -> None:
    # PostgreSQL lets a value of an enumeration be used only after the transaction that adds it.
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE audit_action ADD VALUE IF NOT EXISTS 'DATA_READ'")
        for subject in SUBJECTS:
            op.execute(f"ALTER TYPE audit_subject ADD VALUE IF NOT EXISTS '{subject}'")


def downgrade() -> None:
    """The values stay, as an enumeration keeps its values."""
