"""Files that are there whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TextIO, cast

from exchange.errors import BrokenFile


@contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """A file that takes its name when all is written; for its owner's eyes, as it may tell of people."""
    try:
        with NamedTemporaryFile(
            "w", encoding="utf-8", newline="", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            try:
                yield cast(TextIO, file)
            except BaseException:
                Path(file.name).unlink()
                raise
        Path(file.name).replace(path)
    except OSError as error:
        raise BrokenFile(f"{path.name} cannot be written: {error.strerror}") from error
