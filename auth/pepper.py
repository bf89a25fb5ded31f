"""A secret key of the portal's own, made on first start: what it hashes, nobody without it can guess."""

import os
import secrets
from pathlib import Path

FILE_NAME = "pepper"
BYTES = 32


def pepper(home: Path) -> bytes:
    """The key in a directory, made and written there if it is not there yet."""
    path = home / FILE_NAME
    if not path.exists():
        _write(path, secrets.token_bytes(BYTES))
    return path.read_bytes()


def _write(path: Path, key: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
    try:
        # A link, not a rename: of two servers that start at once, the first one's key stays.
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
