"""What a breakdown asks, and the names that its cells' columns have."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import FromClause, and_, literal_column, select, true
from sqlalchemy.sql.elements import ColumnElement

from resolvers.ratings.cells.dimensions import FINE, Dimension
from resolvers.ratings.slices import Slice

Conditions = tuple[ColumnElement[bool], ...]
# Rows, and on which condition they are joined.
Beside = tuple[FromClause, ColumnElement[bool]]


@dataclass(frozen=True)
class Question:
    """By which dimensions, of which organizations, over which slice.

    `members` makes a row for each organization whose submissions are counted: `organization_id`, and
    `branch_id`, the subordinate that it is below. `shares` makes the rows of totals that add up to
    the same: `pool`, too. Both are lateral to `outer`. `is_picked` tells that they are taken from the
    country by conditions.
    """

    by: Sequence[Dimension]
    members: Callable[[], FromClause]
    shares: Callable[[], FromClause]
    slice_: Slice
    outer: FromClause
    is_picked: bool = False

    @property
    def keys(self) -> list[str]:
        """The names of the columns with the keys of a cell, in the order of the dimensions."""
        return [key_of(each) for each in self.by]

    @property
    def by_criterion(self) -> bool:
        """Whether each score is counted for itself, by its criterion."""
        return Dimension.CRITERION in self.by

    @property
    def is_fine(self) -> bool:
        """Whether few raters could be recognised by the dimensions, or by what the slice asks for."""
        return bool(FINE.intersection(self.by)) or not self.slice_.is_of_everyone

    def days(self, day: ColumnElement[date]) -> Conditions:
        """True for the dates of the slice's period."""
        first, last = self.slice_.first, self.slice_.last
        found = [] if first is None else [day >= first.sql]
        return (*found, *([] if last is None else [day <= last.sql]))

    def told_of(self, member: FromClause, row: FromClause, *where: ColumnElement[bool]) -> Beside:
        """The rows of a table that are a member's, to be joined to it.

        Those of picked members are looked up for each. PostgreSQL would rather read the whole table:
        it takes every list of codes that a condition has for ten, and picked members for too many.
        """
        own = and_(row.c.organization_id == member.c.organization_id, *where)
        if not self.is_picked:
            return row, own
        return select(*row.c).where(own).offset(literal_column("0")).lateral(), true()

    def same_cell(self, one: FromClause, other: FromClause) -> ColumnElement[bool]:
        """True where rows of two sources have the same keys."""
        return and_(*(one.c[key] == other.c[key] for key in self.keys))


def key_of(dimension: Dimension) -> str:
    """The name of the column with a dimension's key."""
    return f"{dimension.name.lower()}_key"
