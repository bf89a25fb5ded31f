"""The programs of PostgreSQL: where they are, and which version has PostGIS."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portal.cluster.errors import ProgramsMissing

OLDEST_MAJOR = 15
DEBIAN_BINARIES = "usr/lib/postgresql/*/bin"
INSTALL = (
    "Install them (on Debian 12, as root: apt-get install postgresql-15-postgis-3), "
    "or run `docker compose up`, or set DATABASE_URL to a database that has PostGIS."
)


@dataclass(frozen=True)
class Programs:
    """One installed server: the directory of its binaries and its major version."""

    binaries: Path
    major: int


def find(major: int | None = None) -> Programs:
    """The newest server with PostGIS, or the one of exactly the major version that data were made by.

    PORTAL_POSTGRES names a directory of binaries and then nothing else is looked at.
    """
    usable = sorted(_installed(), key=lambda programs: programs.major)
    if major is not None:
        usable = [programs for programs in usable if programs.major == major]
    if usable:
        return usable[-1]
    wanted = f"PostgreSQL {major}, which made this cluster's data," if major else f"PostgreSQL {OLDEST_MAJOR} or newer"
    raise ProgramsMissing(f"{wanted} with PostGIS is not on this machine. {INSTALL}")


def _installed() -> Iterator[Programs]:
    for directory in _candidates():
        version = _major(directory)
        if version >= OLDEST_MAJOR and _has_postgis(directory):
            yield Programs(directory, version)


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("PORTAL_POSTGRES"):
        yield Path(named)
        return
    if on_path := shutil.which("initdb"):
        yield Path(on_path).resolve().parent
    yield from Path("/").glob(DEBIAN_BINARIES)


def _major(directory: Path) -> int:
    """0 where there is no server: the client's packages fill the same directory with other programs."""
    if not all((directory / name).exists() for name in ("initdb", "pg_ctl", "postgres", "pg_config")):
        return 0
    found = re.search(r"\d+", _pg_config(directory, "--version"))
    return int(found.group()) if found else 0


def _has_postgis(directory: Path) -> bool:
    return Path(_pg_config(directory, "--sharedir"), "extension", "postgis.control").exists()


def _pg_config(directory: Path, question: str) -> str:
    answer = subprocess.run([directory / "pg_config", question], capture_output=True, text=True, check=False)
    return answer.stdout.strip()
