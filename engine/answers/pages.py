"""Pages of connections, read from rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from engine.answers.records import Layout, ListRows, Reading, Record, Values
from engine.meanings.paging import Paging


class Page(NamedTuple):
    """The rows of one page in the order of the answer, and what is known of their list: only what was asked."""

    rows: Sequence[Values]
    total: int | None
    has_next: bool
    has_previous: bool


@dataclass(frozen=True)
class PageRows:
    """Those rows that a page has."""

    def __call__(self, page: Page, reading: Reading) -> Sequence[Values]:
        return page.rows


@dataclass(frozen=True)
class Paged:
    """Reads a connection from the rows of a list in the row, and its total from a slot, where it has one."""

    layout: Layout
    rows: ListRows
    paging: Paging
    total: int | None = None

    def __call__(self, values: Values, reading: Reading) -> Record:
        total = None if self.total is None else values[self.total]
        page = page_of(self.paging, self.rows(values, reading), total, self.paging.size_at(reading.request))
        return Record(self.layout, page, reading)

    @property
    def is_list(self) -> bool:
        """Whether nothing is asked for but its rows: nothing of the list that they are a page of."""
        readers = self.layout.readers.values()
        return all(isinstance(getattr(each, "rows", None), PageRows) for each in readers)


def page_of(paging: Paging, rows: Sequence[Values], total: int | None, size: int) -> Page:
    """The page of a size from its rows, of which there is one more if the list goes on and somebody asks."""
    more, has_cursor = len(rows) > size, paging.cursor is not None
    kept = rows[:size]
    if paging.backward:
        return Page(kept[::-1], total, has_cursor, more)
    return Page(kept, total, more, has_cursor)
