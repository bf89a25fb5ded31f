"""Signing keys: made on first start, kept in a file that only the server may read."""

import json
import os
from pathlib import Path

from joserfc.jwk import ECKey

FILE_NAME = "signing-key.json"


def signing_key(home: Path) -> ECKey:
    """The key in a directory, made and written there if it is not there yet."""
    path = home / FILE_NAME
    if not path.exists():
        _write(path, ECKey.generate_key("P-256", auto_kid=True))
    return ECKey.import_key(json.loads(path.read_text()))


def _write(path: Path, key: ECKey) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(key.as_dict(private=True), file)
    try:
        # A link, not a rename: of two servers that start at once, the first one's key stays.
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
