"""The digest of a review's words, by which texts that are the same are found without reading them again."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE review ADD COLUMN digest uuid NOT NULL GENERATED ALWAYS AS (md5(search_normal(text))::uuid) STORED"
    )


def downgrade() -> None:
    op.drop_column("review", "digest")
