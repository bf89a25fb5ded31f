"""What a breakdown asks, and the names that its cells' columns have."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Date, FromClause, and_, cast, func
from sqlalchemy.sql.elements import ColumnElement

from models.clock import today
from resolvers.cells.dimensions import FINE, Dimension
from resolvers.slices import Slice


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
    def lines(self) -> list[Dimension]:
        """The dimensions whose cells add up to something, in an order that `by` does not change."""
        return [each for each in Dimension if each in self.by and each is not Dimension.CRITERION]

    @property
    def is_fine(self) -> bool:
        """Whether few raters could be recognised by the dimensions, or by what the slice asks for."""
        s = self.slice_
        return bool(FINE.intersection(self.by)) or any(
            each is not None for each in (s.services, s.channels, s.rater_kinds)
        )

    @property
    def short(self) -> ColumnElement[bool] | None:
        """Whether the slice's period is under a month, as a condition on no row; None if it has no beginning."""
        first, last = self.slice_.first, self.slice_.last
        if first is None:
            return None
        month_later = cast(first.sql + func.make_interval(0, 1), Date)
        return func.coalesce(last, today()) < month_later - 1

    def same_cell(self, one: FromClause, other: FromClause) -> ColumnElement[bool]:
        """True where rows of two sources have the same keys."""
        return and_(*(one.c[key] == other.c[key] for key in self.keys))


def key_of(dimension: Dimension) -> str:
    """The name of the column with a dimension's key."""
    return f"{dimension.name.lower()}_key"
