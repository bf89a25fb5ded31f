"""Files that only the server may read, written whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def put(path: Path, content: bytes) -> None:
    """Write a file, in place of the one that may be there."""
    with _written(path, content) as temporary:
        temporary.replace(path)


def put_once(path: Path, content: bytes) -> None:
    """Write a file unless it is there: of two servers that start at once, the first one's stays."""
    with _written(path, content) as temporary, suppress(FileExistsError):
        os.link(temporary, path)


@contextmanager
def _written(path: Path, content: bytes) -> Iterator[Path]:
    """A file beside the one that is meant, for the length of a block."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)
