"""Authors make reviews private and public again; drafts keep all that a form asks for."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

DRAFTED = ("publish_comment", "placement", "employee_mention")


def upgrade() -> None:
    op.create_table(
        "privacy_wish",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("was", postgresql.ENUM(name="review_state", create_type=False), nullable=False),
        sa.Column("wished_on", sa.Date(), nullable=False),
        sa.CheckConstraint("private <> (was = 'PRIVATE')", name=op.f("ck_privacy_wish_changes_something")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["review.submission_id"], name=op.f("fk_privacy_wish_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_wish")),
    )
    op.create_index(op.f("ix_privacy_wish_submission_id"), "privacy_wish", ["submission_id"])
    op.add_column(
        "unfinished_submission",
        sa.Column("publish_comment", sa.Boolean(), server_default=sa.text("true"), nullable=False),
    )
    op.add_column("unfinished_submission", sa.Column("placement", sa.Text(), nullable=True))
    mention = postgresql.ENUM(name="employee_mention_kind", create_type=False)
    op.add_column("unfinished_submission", sa.Column("employee_mention", mention, nullable=True))


def downgrade() -> None:
    for column in DRAFTED:
        op.drop_column("unfinished_submission", column)
    op.drop_table("privacy_wish")
