"""Figures of a slice: its times beside those of the SQL by hand, and what each touches."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from rich.table import Table

Row = tuple[str, ...]
HEAD: Row = (
    "slice",
    "beside",
    "at most",
    "ours ms",
    "its ms",
    "ratio",
    "",
    "rows",
    "its rows",
    "buffers",
    "its buffers",
)

# How many times what it is held to a slice may take.
OF_LOOK_UP, OF_BY_HAND = 3.0, 1.5


@dataclass(frozen=True)
class Touched:
    """What a statement reads: rows that its scans find, pages of 8 kB."""

    rows: int
    buffers: int


@dataclass(frozen=True)
class Figures:
    """Medians of each round in milliseconds, and what was touched for one set of variables.

    `held_to` is the primary key's look-up, or the SQL by hand.
    """

    held_to: str
    at_most: float
    ours: Sequence[float]
    its: Sequence[float]
    ours_touched: Touched
    its_touched: Touched

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios: both times of a round were measured in turn."""
        return median(one / other for one, other in zip(self.ours, self.its, strict=True))


Found = Mapping[str, Figures]


def rows(found: Found) -> Iterator[Row]:
    """A row for each slice."""
    for name, each in found.items():
        yield (
            name,
            each.held_to,
            f"{each.at_most:g} x",
            f"{median(each.ours):.3f}",
            f"{median(each.its):.3f}",
            f"{each.ratio:.2f} x",
            "" if each.ratio <= each.at_most else "missed",
            f"{each.ours_touched.rows:,}",
            f"{each.its_touched.rows:,}",
            f"{each.ours_touched.buffers:,}",
            f"{each.its_touched.buffers:,}",
        )


def for_terminal(found: Found) -> Table:
    """For people who just ran it."""
    table = Table(*HEAD)
    for row in rows(found):
        table.add_row(*row)
    return table


def as_markdown(found: Found) -> str:
    """For a document."""
    rule = tuple("---" if at < 2 else "--:" for at in range(len(HEAD)))
    return "".join(f"| {' | '.join(row)} |\n" for row in (HEAD, rule, *rows(found)))
