"""The matrix as it is written down: matrix.md, row by row."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PAGE = (Path(__file__).parent / "matrix.md").read_text()
# The last column: the code of the problem, where a cell says `problem`.
PROBLEM = "problem"


@dataclass(frozen=True)
class Row:
    """A line of a table: what is asked, and what each viewer is answered."""

    name: str
    cells: Mapping[str, str]
    problem: str = ""

    @property
    def key(self) -> str:
        """What the row is about; behind a colon a name may tell which of several cases it is."""
        return self.name.partition(":")[0]

    def expected(self, viewer: str) -> str:
        """The outcome that the cell of a viewer tells."""
        cell = self.cells[viewer]
        return f"problem {self.problem}" if cell == PROBLEM else cell


def rows(section: str) -> list[Row]:
    """The rows of a section's table."""
    head, _, *lines = _lines(section)
    columns = _cells(head)[1:]
    found = []
    for line in lines:
        name, *cells = _cells(line)
        told = dict(zip(columns, cells, strict=True))
        found.append(Row(name, {each: told[each] for each in columns if each != PROBLEM}, told.get(PROBLEM, "")))
    return found


def columns(section: str) -> list[str]:
    """Who is asked for in a section's table, in its order."""
    return [each for each in _cells(_lines(section)[0])[1:] if each != PROBLEM]


def public_types() -> set[str]:
    """The types of which everybody sees everything."""
    listed = _section("Public types").strip().partition("\n\n")[0]
    return {each.strip(" ,.\n") for each in listed.replace("\n", " ").split(",")}


def _lines(section: str) -> list[str]:
    return [line for line in _section(section).splitlines() if line.startswith("|")]


def _section(name: str) -> str:
    return PAGE.partition(f"\n## {name}\n")[2].partition("\n## ")[0]


def _cells(line: str) -> list[str]:
    return [cell.strip().strip("`") for cell in line.strip("|").split("|")]
