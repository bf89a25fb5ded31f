"""The rejects file: the rows that were not taken, as they were, with the reason in front."""

import csv
from collections.abc import Iterable
from pathlib import Path

from exchange.staging import Source
from exchange.whole_file import whole_file

COLUMNS = ("line", "field", "reason")


def write(path: Path, source: Source, rejected: Iterable[tuple[int, str, str]]) -> None:
    """Read the file once more for the rows with the numbers of `rejected`, which are in order."""
    rows = enumerate(source.rows(lambda done: None), 1)
    with whole_file(path) as file:
        writer = csv.writer(file)
        writer.writerow((*COLUMNS, *source.header))
        for wanted, fields, reasons in rejected:
            line, cells = next(row for number, row in rows if number == wanted)
            writer.writerow((line, fields, reasons, *cells))
