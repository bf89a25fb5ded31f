"""The command behind scripts/bench."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer
from rich.console import Console

from benchmarks import findings, machine, table
from benchmarks.countries import country
from benchmarks.field import NAMES, entered
from benchmarks.options import TENFOLD, WIDTH, Keep, RoundCount, Scale, Seconds, Server, chosen
from benchmarks.queries import QUERIES, Query
from benchmarks.rounds import Rounds, Samples

console = Console(stderr=True)


def bench(
    server: Server,
    only: Annotated[str, typer.Option(help="Some queries: Q1,Q2,...")] = "",
    peers: Annotated[str, typer.Option(help="Some contestants: ours,mercurius,...")] = "",
    rounds: RoundCount = 5,
    seconds: Seconds = 5,
    connections: Annotated[int, typer.Option(min=1, help="How many clients ask at once.")] = 8,
    scale: Scale = 1,
    tenfold: Annotated[bool, typer.Option(help="Also Q1 to Q4 over ten times the data.")] = False,
    keep: Keep = False,
) -> None:
    """Measure the portal side by side with its peers, on the same questions and the same database."""
    queries = [query for query in QUERIES if query.name in chosen(only, [each.name for each in QUERIES])]
    names = chosen(peers, NAMES)
    plan = Rounds(rounds, seconds, connections)
    about: dict[str, Any] = {"machine": machine.described(server), "rounds": rounds, "seconds": seconds}
    about |= {"connections": connections, "scale": scale, "countries": {}}
    samples: Samples = {}
    countries = {"": (scale, queries)}
    if tenfold:
        countries[TENFOLD] = (10 * scale, [query for query in queries if query.grows])
    for suffix, (size, asked) in countries.items():
        with country(server, size, keep=keep, say=console.print) as url:
            found, about["countries"][f"{size:g}"] = _measure(url, asked, names, plan)
        samples |= {query + suffix: figures for query, figures in found.items()}
    about["machine"]["load_after"] = machine.load()
    # Where nobody watches, the table is as wide as it wants to be.
    output = Console(width=None if sys.stdout.isatty() else WIDTH)
    output.print(table.for_terminal(findings.condensed(samples)))
    console.print(f"Raw figures, table and chart: {findings.write(samples, about)}.*")


def _measure(url: str, queries: list[Query], names: list[str], plan: Rounds) -> tuple[Samples, dict[str, Any]]:
    """The samples over one country, and what is to be told beside them."""
    with (
        TemporaryDirectory() as directory,
        entered(url, queries, names, Path(directory) / "run", console.print) as field,
    ):
        samples = plan.measure(field.contestants, [query.name for query in queries], console.print)
        return samples, {"fields": field.sizes, "refusals": field.refusals}


typer.run(bench)
