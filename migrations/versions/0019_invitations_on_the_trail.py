"""Links that other systems have made are on the audit trail."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # PostgreSQL lets a value of an enumeration be used only after the transaction that adds it.
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE audit_action ADD VALUE IF NOT EXISTS 'CLIENT_INVITED'")


def downgrade() -> None:
    """The value stays, as an enumeration keeps its values."""
