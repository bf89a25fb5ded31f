"""CSV files, read strictly: UTF-8, commas, double quotes; line breaks of either kind, also in quotes."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from exchange.errors import BrokenFile
from exchange.progress import Advance

# Boundaries of a country's regions in one cell are far longer than Python's 128 KiB.
LARGEST_CELL = 64 * 1024 * 1024
PIECE = 256 * 1024


class Sheet:
    """A CSV file. Rows come with the line on which they begin, as an editor counts lines."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.size = path.stat().st_size
        self.header = next((tuple(cells) for _, cells in self._records(lambda done: None)), ())

    def rows(self, advance: Advance) -> Iterator[tuple[int, Sequence[str]]]:
        """All rows below the header; `advance` is told of bytes."""
        records = self._records(advance)
        next(records, None)
        yield from records

    def _records(self, advance: Advance) -> Iterator[tuple[int, list[str]]]:
        csv.field_size_limit(LARGEST_CELL)
        reader = csv.reader(self._lines(advance), strict=True)
        begins = 1
        try:
            for cells in reader:
                if cells:
                    yield begins, cells
                begins = reader.line_num + 1
        except csv.Error as error:
            raise BrokenFile(f"the row that begins here is no CSV: {error}", begins) from error

    def _lines(self, advance: Advance) -> Iterator[str]:
        unreported = 0
        with self._path.open("rb") as file:
            for number, line in enumerate(file, 1):
                yield _decoded(line, number)
                unreported += len(line)
                if unreported > PIECE:
                    advance(unreported)
                    unreported = 0
        advance(unreported)


def _decoded(line: bytes, number: int) -> str:
    if b"\0" in line:
        raise BrokenFile("holds a NUL byte", number)
    try:
        return line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise BrokenFile(f"is not UTF-8 at byte {error.start + 1}", number) from error
