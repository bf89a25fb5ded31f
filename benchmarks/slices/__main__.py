"""The command behind scripts/bench --slices."""

import sys
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console

from benchmarks import findings, machine
from benchmarks.countries import country
from benchmarks.options import WIDTH, Keep, RoundCount, Scale, Server, Tenfold, chosen, sizes
from benchmarks.slices import figures
from benchmarks.slices.figures import Figures
from benchmarks.slices.questions import NAMES, QUESTIONS
from benchmarks.slices.trial import Trial

console = Console(stderr=True)


def bench(
    server: Server,
    only: Annotated[str, typer.Option(help=f"Some of them: {', '.join(NAMES)}.")] = "",
    rounds: RoundCount = 5,
    scale: Scale = 1,
    tenfold: Tenfold = False,
    keep: Keep = False,
) -> None:
    """Measure slices, rankings and summaries: what totals serve beside a look-up, the rest beside SQL by hand."""
    names = chosen(only, NAMES)
    about: dict[str, Any] = {"machine": machine.described(server), "rounds": rounds, "scale": scale}
    found: dict[str, Figures] = {}
    for suffix, size in sizes(scale, tenfold=tenfold).items():
        with country(server, size, keep=keep, say=console.print) as url:
            found |= {name + suffix: each for name, each in _measured(url, names, rounds).items()}
    about["machine"]["load_after"] = machine.load()
    raw = {**about, "figures": {name: {**asdict(each), "ratio": each.ratio} for name, each in found.items()}}
    output = Console(width=None if sys.stdout.isatty() else WIDTH)
    output.print(figures.for_terminal(found))
    console.print(f"Raw figures and table: {findings.kept(raw, figures.as_markdown(found))}.*")


def _measured(url: str, names: list[str], rounds: int) -> dict[str, Figures]:
    """All are found to answer the same before any is timed."""
    trials = {each.name: Trial(url, each) for each in QUESTIONS if each.name in names}
    for trial in trials.values():
        trial.compare()
    console.print(f"{len(trials)} questions are answered by hand as by the portal.")
    return {name: trial.measure(rounds) for name, trial in trials.items()}


typer.run(bench)
