"""/metrics for Prometheus: what has been counted, read when somebody asks who has the token."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass
from typing import Any

from prometheus_client import GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector, CollectorRegistry
from starlette.requests import Request
from starlette.responses import Response

from engine.documents.documents import Documents
from engine.executor import Executor, Way
from models.database import Database
from transport.connections import SOCKET, STREAM, Connections
from transport.tally import BOUNDS, Tally, Times

# The ways that `Executor.completions` and `Documents.ways` count, and what each is; docs/operations.md names them, too.
ANSWERED: Mapping[Way, str] = {
    "assembled": "by a plan of their own",
    "borrowed": "by that of another document",
    "alike": "by that of one that differs in names alone",
    "stepped back": "by graphql-core: introspection, and what is irregular",
    "changed": "mutations",
    "told": "events of subscriptions",
}
READ = {"accepted": "at sight", "validated": "in full", "alike": "as one that differs in names alone"}


@dataclass(frozen=True, eq=False)
class Counted(Collector):
    """What the parts of a server have counted, in the form of Prometheus."""

    tally: Tally
    executor: Executor
    documents: Documents
    database: Database
    subscribers: Sized
    connections: Connections

    def collect(self) -> Iterator[Metric]:
        """All of it."""
        yield _counter(
            "portal_operations",
            "Operations that were executed; the outcome is the code of the first error, or OK.",
            ("kind", "name", "outcome"),
            self.tally.operations.items(),
        )
        yield self._times()
        yield _counter(
            "portal_errors",
            "Errors by code: of whole requests, limits included, and within answers.",
            ("code",),
            (((code,), number) for code, number in self.tally.errors.items()),
        )
        yield CounterMetricFamily("portal_not_modified", "GETs answered 304.", value=self.tally.unchanged)
        yield _counter(
            "portal_answers",
            f"Answers by way: {_listed(ANSWERED)}.",
            ("way",),
            (((way,), number) for way, number in self.executor.completions.items()),
        )
        yield _counter(
            "portal_documents_read",
            f"New documents by way: {_listed(READ)}.",
            ("way",),
            (((way,), number) for way, number in self.documents.ways.items()),
        )
        yield GaugeMetricFamily("portal_documents_kept", "Documents that are remembered.", value=len(self.documents))
        yield GaugeMetricFamily(
            "portal_templates_kept", "Plans that are lent to new documents.", value=len(self.executor.plans.templates)
        )
        yield GaugeMetricFamily(
            "portal_subscribers", "Subscriptions to ratings that wait for a change.", value=len(self.subscribers)
        )
        open_ = GaugeMetricFamily("portal_connections", "Connections that stay open.", labels=("kind",))
        for kind in (SOCKET, STREAM):
            open_.add_metric((kind,), self.connections.kinds[kind])
        yield open_
        yield from self._pool()

    def _times(self) -> Metric:
        family = HistogramMetricFamily("portal_operation_seconds", "How long operations took.", labels=("kind",))
        for kind, times in self.tally.times.items():
            family.add_metric((kind,), _buckets(times), times.seconds)
        return family

    def _pool(self) -> Iterator[Metric]:
        """The pool of database connections; its counts begin anew with the process."""
        stats = self.database.pool_stats
        for name, told in (
            ("pool_max", "Connections that there may be."),
            ("pool_size", "Connections that there are."),
            ("pool_available", "Connections that nobody uses."),
            ("requests_waiting", "Requests that wait for a connection, or for their turn to read."),
        ):
            yield GaugeMetricFamily(f"portal_database_{name}", told, value=stats.get(name, 0))
        for name, told in (
            ("requests_num", "Connections that were asked for."),
            ("requests_queued", "Times that one had to be waited for."),
            ("requests_errors", "Times that none came in time."),
            ("connections_lost", "Connections that broke."),
        ):
            yield CounterMetricFamily(f"portal_database_{name}", told, value=stats.get(name, 0))


def _listed(ways: Mapping[Any, str]) -> str:
    return ", ".join(f"{way} ({told})" for way, told in ways.items())


def _counter(name: str, told: str, labels: Sequence[str], values: Iterable[tuple[Sequence[str], int]]) -> Metric:
    family = CounterMetricFamily(name, told, labels=labels)
    for given, number in tuple(values):
        family.add_metric(given, number)
    return family


def _buckets(times: Times) -> list[tuple[str, float]]:
    found, total = [], 0
    for bound, number in zip([*map(str, BOUNDS), "+Inf"], times.buckets, strict=True):
        total += number
        found.append((bound, float(total)))
    return found


class Metrics:
    """Answers at /metrics whoever has the token; without one there is no such page."""

    def __init__(self, counted: Collector, token: str) -> None:
        self._token = token
        self._registry = CollectorRegistry()
        self._registry.register(counted)
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        GCCollector(registry=self._registry)

    def respond(self, request: Request) -> Response:
        """All metrics of this process."""
        given = request.headers.get("authorization", "")
        if not secrets.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
            return Response(None, 401, {"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"})
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)
