"""The operating-system account under which the server runs."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from portal.cluster.errors import AccountMissing

SYSTEM_ACCOUNT = "postgres"


@dataclass(frozen=True)
class Account:
    """A user whose right it is to run the server; `switched` when that is not the invoking one."""

    name: str
    uid: int
    gid: int
    switched: bool

    def run(self, command: Sequence[str | Path], cwd: Path = Path("/")) -> subprocess.CompletedProcess[str]:
        """Run a program as this account, keeping its output.

        libpq's own variables are left out: a PGOPTIONS or PGDATA of the invoking shell must not
        reach a cluster it was not meant for.
        """
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return subprocess.run(
            [str(word) for word in command],
            cwd=cwd,
            env=environment | {"LC_ALL": "C.UTF-8"},
            user=self.uid if self.switched else None,
            group=self.gid if self.switched else None,
            extra_groups=[] if self.switched else None,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )

    def reaches(self, directory: Path) -> bool:
        """Whether this account can pass through every directory down to this one."""
        return self.run(["test", "-x", directory]).returncode == 0

    def owns(self, path: Path) -> bool:
        """Whether the file itself (not what a link points to) belongs to this account."""
        return path.lstat().st_uid == self.uid

    def give(self, path: Path) -> None:
        """Make this account the owner of a file that the invoking user has written."""
        if self.switched:
            os.chown(path, self.uid, self.gid)

    def private_directory(self, path: Path) -> None:
        """Make a directory that only this account (and root) can enter, if it is not there yet."""
        if not path.exists():
            path.mkdir(mode=0o700, parents=True)
            self.give(path)


def invoker() -> str:
    """The name of the user who runs this process: the one that may connect."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise AccountMissing(
            f"The user number {os.geteuid()} has no entry in /etc/passwd, which PostgreSQL insists on: "
            "run as a named user, or set DATABASE_URL to a database elsewhere."
        ) from None


def server_account() -> Account:
    """The invoking user; for root, whom PostgreSQL refuses, the system account for databases."""
    if os.geteuid() != 0:
        return Account(invoker(), os.geteuid(), os.getegid(), switched=False)
    entry = _system_account() or _make_system_account()
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, switched=True)


def _system_account() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(SYSTEM_ACCOUNT)
    except KeyError:
        return None


def _make_system_account() -> pwd.struct_passwd:
    useradd = shutil.which("useradd") or "/usr/sbin/useradd"
    made = Path(useradd).exists() and subprocess.run(
        [
            useradd,
            "--system",
            "--user-group",
            "--no-create-home",
            "--shell",
            "/usr/sbin/nologin",
            SYSTEM_ACCOUNT,
        ],
        capture_output=True,
        check=False,
    )
    entry = _system_account()
    if not made or entry is None:
        raise AccountMissing(
            f"PostgreSQL does not run as root, and the account {SYSTEM_ACCOUNT!r} could not be made: "
            "add it with useradd, or run as an ordinary user."
        )
    return entry
