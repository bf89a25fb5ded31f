"""Samples: what one contestant did with one query in one round."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from statistics import median


@dataclass(frozen=True)
class Sample:
    """Figures of one measurement; processor time is in milliseconds a request.

    What drives a database directly has no server of its own.
    """

    requests_per_second: float
    p50_ms: float
    p95_ms: float
    errors: int
    database_cpu_ms: float
    server_cpu_ms: float | None = None
    server_mb: float | None = None


def medians(samples: Iterable[Sample]) -> Sample:
    """The median of each figure by itself; errors are added up instead."""
    samples = list(samples)

    def middle(name: str) -> float | None:
        values = [value for each in samples if (value := getattr(each, name)) is not None]
        return median(values) if values else None

    figures = {field.name: middle(field.name) for field in fields(Sample)}
    return Sample(**figures | {"errors": sum(each.errors for each in samples)})  # type: ignore[arg-type]
