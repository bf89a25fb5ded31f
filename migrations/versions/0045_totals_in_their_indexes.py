"""Totals of a pool looked up in a tree that has what ratings are most often asked for, instead of by a hash."""

from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

POOLS = ("OWN", "SUBORDINATION", "SUPERVISION")


def upgrade() -> None:
    _index("total (organization_id) INCLUDE (submissions, raters, mark_sum, value)")


def downgrade() -> None:
    _index("total USING hash (organization_id)")


def _index(on: str) -> None:
    for pool in POOLS:
        name = f"ix_total_of_{pool.lower()}"
        op.execute(f"DROP INDEX {name}")
        op.execute(f"CREATE INDEX {name} ON {on} WHERE pool = '{pool}'")
