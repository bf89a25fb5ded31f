"""The figures as one table, for a terminal and for a document."""

from collections.abc import Iterator, Mapping

from rich.table import Table

from benchmarks.samples import Sample

# Medians by query and contestant.
Medians = Mapping[str, Mapping[str, Sample]]
Row = tuple[str, ...]

HEAD: Row = (
    "query",
    "contestant",
    "requests/s",
    "ours is",
    "p50 ms",
    "p95 ms",
    "server ms each",
    "database ms each",
    "server MB",
    "errors",
)
OURS = "ours"


def rows(medians: Medians) -> Iterator[Row]:
    """A row for each contestant of each query; `ours is` tells how many times its throughput ours is."""
    for query, found in medians.items():
        ours = found.get(OURS)
        for name, sample in found.items():
            ratio = f"{ours.requests_per_second / sample.requests_per_second:.2f} x" if ours else ""
            yield (
                query,
                name,
                f"{sample.requests_per_second:,.0f}",
                "" if name == OURS else ratio,
                f"{sample.p50_ms:.1f}",
                f"{sample.p95_ms:.1f}",
                _or_nothing(sample.server_cpu_ms, 2),
                f"{sample.database_cpu_ms:.2f}",
                _or_nothing(sample.server_mb, 0),
                str(sample.errors or ""),
            )


def _or_nothing(figure: float | None, decimals: int) -> str:
    return "" if figure is None else f"{figure:.{decimals}f}"


def for_terminal(medians: Medians) -> Table:
    """For people who just ran it."""
    table = Table()
    for at, title in enumerate(HEAD):
        table.add_column(title, justify="left" if at < 2 else "right")
    last = ""
    for row in rows(medians):
        if last not in ("", row[0]):
            table.add_section()
        table.add_row(*row)
        last = row[0]
    return table


def as_markdown(medians: Medians) -> str:
    """For a document."""
    rule = tuple("---" if at < 2 else "--:" for at in range(len(HEAD)))
    return "".join(f"| {' | '.join(row)} |\n" for row in (HEAD, rule, *rows(medians)))
