"""Areas: the territory's own tree."""

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    BigInteger,
    ForeignKeyConstraint,
    Identity,
    Index,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Named, has_a_name, is_a_code
from models.trees import Ltree, never_below_itself, path_of


class Area(Named, Base):
    """A country, region, district or locality; `boundary` where a polygon is known (WGS 84)."""

    __tablename__ = "area"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    parent_id: Mapped[int | None] = mapped_column(BigInteger)
    parent_path: Mapped[str | None] = mapped_column(Ltree)
    path: Mapped[str] = mapped_column(Ltree, path_of("id"), nullable=False)
    boundary: Mapped[WKBElement | None] = mapped_column(Geometry("MULTIPOLYGON", srid=4326, spatial_index=False))

    __table_args__ = (
        has_a_name(),
        is_a_code(),
        *never_below_itself("id"),
        UniqueConstraint("id", "path"),
        ForeignKeyConstraint(["parent_id", "parent_path"], ["area.id", "area.path"], onupdate="CASCADE"),
        Index(None, "parent_id"),
        Index(None, "path", postgresql_using="gist"),
        Index(None, "boundary", postgresql_using="gist"),
    )
