"""Arrivals of reviews, for officials who wait for new ones."""

import sqlalchemy as sa
from alembic import op

from models.changes import TransactionId

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review_arrival",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("transaction", TransactionId(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_review_arrival_submission_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_arrival")),
    )
    for column in ("transaction", "at", "submission_id"):
        op.create_index(op.f(f"ix_review_arrival_{column}"), "review_arrival", [column])


def downgrade() -> None:
    op.drop_table("review_arrival")
