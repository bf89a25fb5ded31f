"""The raters of several parts as one array: an aggregate of arrays, which PostgreSQL has none of for different sizes."""

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

IDS_TOGETHER = """
CREATE AGGREGATE ids_together(bigint[]) (
    SFUNC = array_cat, STYPE = bigint[], INITCOND = '{}', COMBINEFUNC = array_cat, PARALLEL = SAFE
)"""


def upgrade() -> None:
    op.execute(IDS_TOGETHER)


def downgrade() -> None:
    op.execute("DROP AGGREGATE ids_together(bigint[])")
