"""What processes use, from /proc."""

import os
from dataclasses import dataclass
from pathlib import Path

import psycopg

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Tree:
    """A process and all its descendants."""

    root: int

    def cpu_seconds(self) -> float:
        """Processor time so far, that of children which have ended included."""
        return sum(sum(times) for times in self._stats().values()) / TICKS

    def megabytes(self) -> float:
        """Memory, with what several processes share counted once (PSS), in millions of bytes."""
        return sum(map(_pss, self._stats())) / MEGABYTE

    def _stats(self) -> dict[int, tuple[int, ...]]:
        """User, system, and the ended children's user and system ticks of each process of the tree."""
        parents: dict[int, int] = {}
        times: dict[int, tuple[int, ...]] = {}
        for entry in PROC.iterdir():
            if entry.name.isdigit() and (stat := _stat(entry)):
                number = int(entry.name)
                parents[number], times[number] = int(stat[1]), tuple(map(int, stat[11:15]))
        members = {self.root}
        while more := {number for number, parent in parents.items() if parent in members} - members:
            members |= more
        return {number: times[number] for number in members if number in times}


def postgres(database_url: str) -> Tree:
    """The processes of the database's server, which runs on this machine."""
    with psycopg.connect(database_url) as connection:
        return Tree(int(_stat(PROC / str(connection.info.backend_pid))[1]))


def _stat(process: Path) -> list[str]:
    """The fields behind the name, which may itself hold blanks; none of a process that has gone."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _pss(number: int) -> int:
    try:
        lines = (PROC / str(number) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
