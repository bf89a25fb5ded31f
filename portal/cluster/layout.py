"""Where a cluster's files are."""

import hashlib
import os
import tempfile
from pathlib import Path

from portal.cluster.account import Account
from portal.cluster.errors import Unreachable

# A socket's address holds 107 bytes; this is the name that PostgreSQL gives the socket in its directory.
ADDRESS_LIMIT = 107
SOCKET_NAME = ".s.PGSQL.5432"
SYSTEM_STATE = Path("/var/lib/rating-portal")


class Layout:
    """The invoking user's directory and, in it wherever possible, the server's home.

    A server that runs under another account than the invoking one cannot enter, say, /root: its
    home is then in a system directory, and a file named `elsewhere` points to it.
    """

    def __init__(self, directory: Path, account: Account) -> None:
        self._directory = directory
        self._account = account
        self._pointer = directory / "elsewhere"
        self.home = self._find_home()

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @property
    def socket(self) -> Path:
        """The socket's directory: the home, or a short one for a home whose path is too long."""
        if len(os.fsencode(self.home / SOCKET_NAME)) <= ADDRESS_LIMIT:
            return self.home
        return Path(tempfile.gettempdir(), f"portal-{self._account.uid}-{self._mark()}")

    @property
    def elsewhere(self) -> bool:
        return self.home.parent != self._directory

    def make(self) -> None:
        """Make the directories, and refuse those that somebody else has made or may change."""
        make_open(self.home.parent)
        for path in (self.home, self.socket):
            self._account.private_directory(path)
            if path.is_symlink() or not self._account.owns(path):
                raise Unreachable(
                    f"{path} does not belong to the account {self._account.name!r} that the database runs under: "
                    "start as the user who made it, or remove it."
                )
            path.chmod(0o700)
        if self.elsewhere:
            self._pointer.write_text(f"{self.home}\n")

    def _find_home(self) -> Path:
        if self._pointer.is_file():
            return Path(self._pointer.read_text().strip())
        inside = self._directory / "server"
        if not self._account.switched or self._account.reaches(_existing(self._directory)):
            return inside
        if inside.exists():
            raise Unreachable(
                f"The database in {inside} runs under the account {self._account.name!r}, which can no longer pass "
                "through the directories above it: open them with chmod o+x."
            )
        return SYSTEM_STATE / self._mark()

    def _mark(self) -> str:
        return hashlib.sha256(os.fsencode(self._directory)).hexdigest()[:12]


def make_open(directory: Path) -> None:
    """Make a directory, and those missing above it, that others may pass through whatever the umask."""
    missing = [path for path in (directory, *directory.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir()
        path.chmod(0o755)


def _existing(directory: Path) -> Path:
    """The directory itself, or the nearest above it that is there already."""
    return next(path for path in (directory, *directory.parents) if path.exists())
