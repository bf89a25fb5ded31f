"""Unfinished submissions, which are kept for a day."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unfinished_submission",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("questionnaire_id", sa.BigInteger(), nullable=False),
        sa.Column("service", sa.Text(), nullable=True),
        sa.Column("channel", postgresql.ENUM(name="channel", create_type=False), nullable=True),
        sa.Column("visited_on", sa.Date(), nullable=True),
        sa.Column("scores", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "jsonb_typeof(scores) = 'array' AND jsonb_typeof(answers) = 'array'",
            name=op.f("ck_unfinished_submission_holds_lists"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_unfinished_submission_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_unfinished_submission_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"], ["questionnaire.id"], name=op.f("fk_unfinished_submission_questionnaire_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unfinished_submission")),
        sa.UniqueConstraint(
            "account_id", "organization_id", name=op.f("uq_unfinished_submission_account_id_organization_id")
        ),
    )
    op.create_index(op.f("ix_unfinished_submission_expires_at"), "unfinished_submission", ["expires_at"])


def downgrade() -> None:
    op.drop_table("unfinished_submission")
