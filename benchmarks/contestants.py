"""Contestants: the portal, its peers, and the limits, each ready to be loaded with a query."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import pgbench, wrk
from benchmarks.samples import Sample
from benchmarks.server import Server
from benchmarks.usage import Tree
from benchmarks.wrk import Load

Loading = Callable[[float, int], Load]


@dataclass(frozen=True)
class Contestant:
    """Whoever answers queries; `loads` has, by name, how each one that it can answer is driven."""

    name: str
    title: str
    database: Tree
    server: Tree | None = None
    loads: dict[str, Loading] = field(default_factory=dict)

    def sample(self, query: str, seconds: float, connections: int) -> Sample:
        """Figures of one measurement."""
        before = self._cpu()
        load = self.loads[query](seconds, connections)
        database, server = (
            1000 * (after - start) / max(1, load.requests) for after, start in zip(self._cpu(), before, strict=True)
        )
        return Sample(
            requests_per_second=load.requests / load.seconds,
            p50_ms=load.p50_ms,
            p95_ms=load.p95_ms,
            errors=load.errors,
            database_cpu_ms=database,
            server_cpu_ms=server if self.server else None,
            server_mb=self.server.megabytes() if self.server else None,
        )

    def _cpu(self) -> tuple[float, float]:
        return self.database.cpu_seconds(), self.server.cpu_seconds() if self.server else 0.0


class TooShort(Exception):
    """Answers under load are much shorter than those that were compared: they are errors, not data."""


def over_http(server: Server, bodies: Path, bytes_each: float) -> Loading:
    """Driven by wrk; `bytes_each` is how long answers are at least."""

    def drive(seconds: float, connections: int) -> Load:
        load = wrk.load(server.address, bodies, seconds, connections, server.token)
        if load.bytes_each < bytes_each:
            raise TooShort(f"{server.address} answers {bodies.name} with {load.bytes_each:.0f} bytes a request.")
        return load

    return drive


def of_statements(environment: Mapping[str, str], scripts: Sequence[str]) -> Loading:
    """Driven by pgbench."""
    return lambda seconds, connections: pgbench.load(dict(environment), scripts, seconds, connections)
