"""The rejects file: the rows that were not taken, as they were, with the reason in front."""

import csv
from collections.abc import Sequence
from pathlib import Path

from exchange.load import Rejection
from exchange.staging import Source
from exchange.whole_file import whole_file

COLUMNS = ("line", "field", "reason")


def write(path: Path, source: Source, rejected: dict[int, list[Rejection]]) -> None:
    """Read the file once more for the rejected rows: few, as a rule, so they were not kept."""
    with whole_file(path) as file:
        writer = csv.writer(file)
        writer.writerow((*COLUMNS, *source.header))
        for number, (line, cells) in enumerate(source.rows(lambda done: None), 1):
            if number in rejected:
                writer.writerow((line, *_reasons(rejected[number]), *cells))


def _reasons(rejections: Sequence[Rejection]) -> tuple[str, str]:
    """All fields and all reasons of a row, in the same order."""
    return "; ".join(each.field for each in rejections), "; ".join(each.reason for each in rejections)
