"""A secret key of the portal's own, made on first start: what it hashes, nobody without it can guess."""

import secrets
from pathlib import Path

from auth import secret_files

FILE_NAME = "pepper"
BYTES = 32


def pepper(home: Path) -> bytes:
    """The key in a directory, made and written there if it is not there yet."""
    path = home / FILE_NAME
    if not path.exists():
        secret_files.put_once(path, secrets.token_bytes(BYTES))
    return path.read_bytes()
