"""The two trees in which organizations stand."""

import enum

from sqlalchemy import (
    BigInteger,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Named
from models.organizations import BY_NAME, Organization
from models.trees import Ltree, never_below_itself, path_of


class Hierarchy(enum.Enum):
    """Whom an organization belongs to, or which body oversees its branch."""

    SUBORDINATION = "SUBORDINATION"
    SUPERVISION = "SUPERVISION"


class Position(Named, Base):
    """An organization's place in one hierarchy; without one it does not stand in that tree.

    The primary key allows one parent a hierarchy, and the parent stands in the same one. Triggers
    keep the names those that the organization has in each language, its own or one that stands in for it: an index of
    them alone has the children of each parent in their order.
    """

    __tablename__ = "organization_position"

    hierarchy: Mapped[Hierarchy] = mapped_column(Enum(Hierarchy, name="hierarchy"), primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey(Organization.id), primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(BigInteger)
    parent_path: Mapped[str | None] = mapped_column(Ltree)
    path: Mapped[str] = mapped_column(Ltree, path_of("organization_id"), nullable=False)

    __table_args__ = (
        *never_below_itself("organization_id"),
        UniqueConstraint("hierarchy", "organization_id", "path"),
        ForeignKeyConstraint(
            ["hierarchy", "parent_id", "parent_path"],
            [
                "organization_position.hierarchy",
                "organization_position.organization_id",
                "organization_position.path",
            ],
            onupdate="CASCADE",
            name="fk_organization_position_parent",
        ),
        Index(None, "hierarchy", "parent_id"),
        Index(None, "path", postgresql_using="gist"),
        # One for each tree: of the one for all, the planner would have to be told which half is another tree's, for
        # which it reads an index of the whole tree beside the few places of a branch.
        *(
            Index(
                f"ix_organization_position_branch_{each.value.lower()}",
                "path",
                postgresql_using="gist",
                postgresql_where=text(f"hierarchy = '{each.value}'"),
            )
            for each in Hierarchy
        ),
        *(
            Index(
                f"ix_organization_position_by_name_{language}",
                "hierarchy",
                "parent_id",
                f"name_{language}",
                "organization_id",
            )
            for language in BY_NAME
        ),
    )
