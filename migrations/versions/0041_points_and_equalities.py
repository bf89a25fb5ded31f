"""Boxes counted in an index of points, and look-ups by an equality alone in indexes by hash."""

import sqlalchemy as sa
from alembic import op

from models.points import Point

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

POOLS = ("OWN", "SUBORDINATION", "SUPERVISION")


def upgrade() -> None:
    point = sa.Computed("point(ST_X(location), ST_Y(location))", persisted=True)
    op.add_column("organization", sa.Column("coordinates", Point(), point, nullable=True))
    op.execute("CREATE INDEX ix_organization_coordinates ON organization USING gist (coordinates) INCLUDE (closed_on)")
    for column in ("id", "code"):
        op.execute(f"CREATE INDEX ix_organization_of_{column} ON organization USING hash ({column})")
    for pool in POOLS:
        name = f"ix_total_of_{pool.lower()}"
        op.execute(f"CREATE INDEX {name} ON total USING hash (organization_id) WHERE pool = '{pool}'")


def downgrade() -> None:
    for pool in POOLS:
        op.execute(f"DROP INDEX ix_total_of_{pool.lower()}")
    for column in ("id", "code"):
        op.execute(f"DROP INDEX ix_organization_of_{column}")
    op.drop_index("ix_organization_coordinates", table_name="organization")
    op.drop_column("organization", "coordinates")
