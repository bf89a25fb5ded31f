"""What a breakdown asks, and the names that its cells' columns have."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import FromClause, and_
from sqlalchemy.sql.elements import ColumnElement

from resolvers.cells.dimensions import FINE, Dimension
from resolvers.slices import Slice

Conditions = tuple[ColumnElement[bool], ...]


@dataclass(frozen=True)
class Question:
    """By which dimensions, of which organizations, over which slice.

    `members` makes a row for each organization whose submissions are counted: `organization_id`, and
    `branch_id`, the subordinate that it is below. `shares` makes the rows of totals that add up to
    the same: `pool`, too. Both are lateral to `outer`.
    """

    by: Sequence[Dimension]
    members: Callable[[], FromClause]
    shares: Callable[[], FromClause]
    slice_: Slice
    outer: FromClause

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

    def same_cell(self, one: FromClause, other: FromClause) -> ColumnElement[bool]:
        """True where rows of two sources have the same keys."""
        return and_(*(one.c[key] == other.c[key] for key in self.keys))


def key_of(dimension: Dimension) -> str:
    """The name of the column with a dimension's key."""
    return f"{dimension.name.lower()}_key"
