"""One cluster: made once, started and stopped as often as needed."""

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import LiteralString
from urllib.parse import quote

import psycopg

from portal.cluster import programs
from portal.cluster.account import invoker, server_account
from portal.cluster.configuration import MIB, configuration
from portal.cluster.errors import DiskFull, ServerFailed
from portal.cluster.layout import SOCKET_NAME, Layout, make_open
from portal.cluster.leases import Leases

ROLE = "portal"
DATABASE = "portal"
ROOM_TO_MAKE = 2048 * MIB
ROOM_TO_START = 256 * MIB
PATIENCE_SECONDS = 300
OWN_SETTINGS = "portal.conf"


class Cluster:
    """A PostgreSQL server of the portal's own: on a Unix socket only, for the invoking user only.

    Who connects is told by the kernel (peer authentication), so there is no password to keep.
    `throwaway` trades safety for speed. Every start mends what an interrupted one has left behind.
    """

    def __init__(
        self,
        directory: Path,
        *,
        throwaway: bool = False,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._directory = directory.resolve()
        self._throwaway = throwaway
        self._say = say
        self._account = server_account()
        self._layout = Layout(self._directory, self._account)
        self._leases = Leases(self._directory / "leases")

    @property
    def url(self) -> str:
        return f"postgresql:///{DATABASE}?host={quote(str(self._layout.socket))}&user={ROLE}"

    @property
    def running(self) -> bool:
        return self._postmaster() in self._processes()

    def start(self, lease: int | None = None) -> str:
        """Make the cluster if needed, start it if needed, and answer the URL of its database.

        `lease` is the number of a process: the server then counts as needed while that one lives.
        """
        make_open(self._directory)
        with self._alone():
            if lease is not None:
                self._leases.add(lease)
            self._layout.make()
            if not self.running:
                self._mend()
                self._make()
                self._launch()
            self._make_database()
        return self.url

    def stop(self, lease: int | None = None) -> bool:
        """Stop the server, unless this process was not the last to need it; tell whether it is down."""
        if not self._directory.is_dir():
            return True
        with self._alone():
            if lease is None:
                self._leases.clear()
            else:
                self._leases.remove(lease)
            if self._leases.alive():
                return False
            self._halt("fast")
        return True

    def remove(self) -> None:
        """Stop the server and delete all that it ever wrote."""
        if self._directory.is_dir():
            with self._alone():
                self._halt("immediate")
        for path in (self._layout.socket, self._layout.home, self._directory):
            shutil.rmtree(path, ignore_errors=True)

    def orphaned(self) -> bool:
        """Whether some process needed it once and none of them is alive any more."""
        return self._leases.ever() and not self._leases.alive()

    # What is running

    def _postmaster(self) -> int:
        """The process that the data directory names as its server, alive or not; 0 for none."""
        try:
            return int((self._layout.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return 0

    def _processes(self) -> set[int]:
        """All processes of the server. Each works in the data directory, whatever number it has.

        A number alone proves nothing: after a crash or in a container it may be another program's.
        """
        return {
            int(process.name)
            for process in Path("/proc").iterdir()
            if process.name.isdigit() and _works_in(process, self._layout.data)
        }

    # Starting

    def _mend(self) -> None:
        """Clear away what stands in a start's way, but never while a process could still write to the data."""
        self._await_orphans()
        for path in (
            self._layout.data / "postmaster.pid",
            self._layout.socket / SOCKET_NAME,
        ):
            if path.exists():
                self._say("The database had not been stopped in order; recovering.")
                path.unlink()
        (self._layout.socket / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)
        for half in self._layout.home.glob("data.half-*"):
            self._say("A start was interrupted while it made the database; making it again.")
            shutil.rmtree(half, ignore_errors=True)

    def _await_orphans(self) -> None:
        """Processes that outlive a killed server notice and end by themselves, within moments."""
        deadline = time.monotonic() + 30
        while self._processes():
            if time.monotonic() > deadline:
                numbers = ", ".join(map(str, sorted(self._processes())))
                raise ServerFailed(f"Processes of a killed database still run ({numbers}): end them and start again.")
            time.sleep(0.1)

    def _make(self) -> None:
        """Make the data directory under another name first: one that has its own name is complete."""
        data = self._layout.data
        if data.exists():
            return
        self._demand(ROOM_TO_START if self._throwaway else ROOM_TO_MAKE)
        half = self._layout.home / f"data.half-{os.getpid()}"
        self._say("Making the database cluster.")
        safety = "--no-sync" if self._throwaway else "--data-checksums"
        self._run(
            "initdb",
            "--pgdata",
            half,
            "--username",
            ROLE,
            "--encoding",
            "UTF8",
            "--locale",
            "C.UTF-8",
            safety,
        )
        with (half / "postgresql.conf").open("a") as file:
            file.write(f"include '{OWN_SETTINGS}'\n")
        half.rename(data)

    def _launch(self) -> None:
        """Write this machine's settings anew and start, waiting for a recovery after a crash to end."""
        self._demand(ROOM_TO_START)
        self._write(OWN_SETTINGS, configuration(self._layout.socket, throwaway=self._throwaway))
        self._write("pg_hba.conf", "local all all peer map=portal\n")
        self._write(
            "pg_ident.conf",
            "".join(f"portal {name} {ROLE}\n" for name in {invoker(), self._account.name}),
        )
        self._layout.log.unlink(missing_ok=True)
        if self._layout.elsewhere:
            self._say(f"The database's files are in {self._layout.home}.")
        self._pg_ctl("start", "--log", self._layout.log)

    def _make_database(self) -> None:
        with self._connect() as connection:
            known = connection.execute("select from pg_database where datname = %s", [DATABASE]).fetchone()
            if known is None:
                create: LiteralString = f"create database {DATABASE}"
                connection.execute(create)

    def _connect(self) -> psycopg.Connection:
        """Connect to the maintenance database, waiting while the server is still recovering."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return psycopg.connect(
                    host=str(self._layout.socket),
                    user=ROLE,
                    dbname="postgres",
                    autocommit=True,
                )
            except psycopg.OperationalError as error:
                if not self.running or time.monotonic() > deadline:
                    raise ServerFailed(f"The database does not let us in: {error}") from None
                time.sleep(0.1)

    def _halt(self, mode: str) -> None:
        if self.running:
            self._pg_ctl("stop", "--mode", mode)

    # Helpers

    def _pg_ctl(self, action: str, *options: str | Path) -> None:
        self._run(
            "pg_ctl",
            action,
            "--pgdata",
            self._layout.data,
            "--wait",
            "--timeout",
            str(PATIENCE_SECONDS),
            *options,
        )

    def _run(self, program: str, *arguments: str | Path) -> None:
        """Run one of PostgreSQL's programs; its own last words explain a failure best."""
        done = self._account.run([self._programs().binaries / program, *arguments], cwd=self._layout.home)
        if done.returncode == 0:
            return
        words = done.stderr + (self._layout.log.read_text(errors="replace") if self._layout.log.exists() else "")
        if "No space left on device" in words:
            raise DiskFull(f"The disk that holds {self._layout.home} is full: make room and start again.")
        last = "\n".join(words.strip().splitlines()[-8:])
        raise ServerFailed(f"{program} failed; the end of what it said:\n{last}")

    def _programs(self) -> programs.Programs:
        version = self._layout.data / "PG_VERSION"
        return programs.find(int(version.read_text()) if version.exists() else None)

    def _demand(self, room: int) -> None:
        free = shutil.disk_usage(self._layout.home).free
        if free < room:
            raise DiskFull(
                f"The disk that holds {self._layout.home} has {free // MIB} MB left, and {room // MIB} MB are needed: "
                "make room and start again."
            )

    def _write(self, name: str, text: str) -> None:
        path = self._layout.data / name
        path.write_text(text)
        path.chmod(0o600)
        self._account.give(path)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time starts or stops; the lock dies with its holder."""
        with (self._directory / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _works_in(process: Path, directory: Path) -> bool:
    """Whether a process works in this directory; other users' processes do not tell, and are not ours."""
    try:
        return (process / "cwd").readlink() == directory
    except OSError:
        return False
