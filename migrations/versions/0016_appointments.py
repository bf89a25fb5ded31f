"""Appointment codes: how a person agrees to be named for a role."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "appointment_code",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("grant_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_appointment_code_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["role_grant.id"], name=op.f("fk_appointment_code_grant_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_appointment_code")),
        sa.UniqueConstraint("digest", name=op.f("uq_appointment_code_digest")),
    )
    op.create_index(op.f("ix_appointment_code_grant_id"), "appointment_code", ["grant_id"])


def downgrade() -> None:
    op.drop_table("appointment_code")
