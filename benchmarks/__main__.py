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
from benchmarks.queries import QUERIES, Query
from benchmarks.rounds import Rounds, Samples

TENFOLD = " x10"
WIDTH = 140

console = Console(stderr=True)
Server = Annotated[str, typer.Option(envvar="DATABASE_URL", help="A server to make the databases on.")]


def bench(
    server: Server,
    only: Annotated[str, typer.Option(help="Some queries: Q1,Q2,...")] = "",
    peers: Annotated[str, typer.Option(help="Some contestants: ours,mercurius,...")] = "",
    rounds: Annotated[int, typer.Option(min=1, help="How often each is measured.")] = 5,
    seconds: Annotated[float, typer.Option(min=1, help="How long each time.")] = 5,
    connections: Annotated[int, typer.Option(min=1, help="How many clients ask at once.")] = 8,
    scale: Annotated[float, typer.Option(help="1 is a country of 13,600 organizations.")] = 1,
    tenfold: Annotated[bool, typer.Option(help="Also Q1 to Q4 over ten times the data.")] = False,
    keep: Annotated[bool, typer.Option(help="Keep the databases for the next run.")] = False,
) -> None:
    """Measure the portal side by side with its peers, on the same questions and the same database."""
    queries = [query for query in QUERIES if query.name in _chosen(only, [each.name for each in QUERIES])]
    names = _chosen(peers, NAMES)
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


def _chosen(given: str, known: tuple[str, ...] | list[str]) -> list[str]:
    """The given names in their usual order, or all; an unknown one is told."""
    wanted = given.split(",") if given else list(known)
    if unknown := set(wanted) - set(known):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: known are {', '.join(known)}.")
    return [name for name in known if name in wanted]


typer.run(bench)
