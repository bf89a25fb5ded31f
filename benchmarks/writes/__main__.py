"""The command behind scripts/bench --writes."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer
from rich.console import Console

from benchmarks import findings, machine, table
from benchmarks.countries import country
from benchmarks.options import WIDTH, Keep, RoundCount, Scale, Seconds, Server, Tenfold, chosen, sizes
from benchmarks.rounds import Rounds, Samples
from benchmarks.writes.field import LOADS, NAMES, entered

console = Console(stderr=True)


def bench(
    server: Server,
    only: Annotated[str, typer.Option(help="One load: hot, or spread.")] = "",
    peers: Annotated[str, typer.Option(help="Some contestants: ours,bare,...")] = "",
    rounds: RoundCount = 5,
    seconds: Seconds = 5,
    clients: Annotated[int, typer.Option(min=1, help="How many submit at once.")] = 16,
    scale: Scale = 1,
    tenfold: Tenfold = False,
    keep: Keep = False,
) -> None:
    """Measure submissions: on one hot organization, and on a hundred. What is stored is verified at the end."""
    loads, names = chosen(only, LOADS), chosen(peers, NAMES)
    about: dict[str, Any] = {"machine": machine.described(server), "rounds": rounds, "seconds": seconds}
    about |= {"clients": clients, "scale": scale, "acknowledged": {}}
    samples: Samples = {}
    for suffix, size in sizes(scale, tenfold=tenfold).items():
        with country(server, size, keep=keep, say=console.print) as url, TemporaryDirectory() as directory:
            plan = Rounds(rounds, seconds, clients)
            found, about["acknowledged"][f"{size:g}"] = _measure(url, loads, names, plan, Path(directory) / "run")
        samples |= {load + suffix: figures for load, figures in found.items()}
    about["machine"]["load_after"] = machine.load()
    output = Console(width=None if sys.stdout.isatty() else WIDTH)
    output.print(table.for_terminal(findings.condensed(samples)))
    console.print(f"Raw figures, table and chart: {findings.write(samples, about)}.*")


def _measure(
    url: str, loads: list[str], names: list[str], plan: Rounds, directory: Path
) -> tuple[Samples, dict[str, int]]:
    """The samples over one country, and how many submissions each contestant acknowledged: all are stored."""
    with entered(url, names, directory, console.print) as field:
        samples = plan.measure(field.contestants, loads, console.print)
        field.verify()
        return samples, field.acknowledged


typer.run(bench)
