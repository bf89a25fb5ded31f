"""Trees in tables: a materialised path that cannot disagree with the parents.

`parent_path` is a foreign key on the parent's `path` that cascades, and `path` is generated
from it, so moving a node rewrites the paths of everything below it inside the same statement,
and a node can never come to stand below itself. Decision 0003 tells what was measured.
"""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Computed, Text, cast, func
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import UserDefinedType


class Ltree(UserDefinedType[str]):
    """PostgreSQL's ltree: the dotted ids from the root down to the node itself."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "ltree"


def path_of(identifier: str) -> Computed:
    """The generated path of a node: its parent's, then its own id."""
    return Computed(f"coalesce(parent_path, ''::ltree) || {identifier}::text", persisted=True)


def never_below_itself(identifier: str) -> tuple[CheckConstraint, CheckConstraint]:
    """A parent and its path are named together, and the path does not come through the node."""
    return (
        CheckConstraint("(parent_id IS NULL) = (parent_path IS NULL)", name="parent_has_a_path"),
        CheckConstraint(
            f"index(parent_path, {identifier}::text::ltree) = -1",
            name="not_below_itself",
        ),
    )


def below(path: ColumnElement[str], ancestor: ColumnElement[str]) -> ColumnElement[bool]:
    """True for the ancestor itself and everything below it."""
    return path.op("<@", is_comparison=True)(ancestor)


def depth(path: ColumnElement[str]) -> ColumnElement[int]:
    """1 for a root."""
    return func.nlevel(path)


def node_at(path: ColumnElement[str], level: ColumnElement[int]) -> ColumnElement[int]:
    """The id of a path's node at a level; 0 is the root's."""
    return cast(cast(func.subpath(path, level, 1), Text), BigInteger)
