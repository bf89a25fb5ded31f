"""Letters that tell an account's owner that an identity was linked, or unlinked."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # PostgreSQL lets a value of an enumeration be used only after the transaction that adds it.
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE mail_kind ADD VALUE IF NOT EXISTS 'IDENTITY_LINKED'")
        op.execute("ALTER TYPE mail_kind ADD VALUE IF NOT EXISTS 'IDENTITY_UNLINKED'")


def downgrade() -> None:
    """The values stay, as an enumeration keeps its values."""
