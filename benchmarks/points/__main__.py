"""The command behind scripts/bench --points."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import correlation, median
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from benchmarks import findings, machine
from benchmarks.countries import country
from benchmarks.options import WIDTH, Keep, RoundCount, Scale, Server
from benchmarks.points.questions import about, operations
from benchmarks.statements import Heard
from engine.documents.documents import Documents
from engine.executor import Caller, Executor
from models.database import Database
from resolvers.languages import Language
from schema.callers import CallerShape
from schema.schema import ENTITIES, executable
from schema.tariff import tariff_of

console = Console(stderr=True)
# What a point is meant to be, in milliseconds of the database; and what no operation costs less than.
POINT, LEAST = 0.05, 0.25


@dataclass(frozen=True)
class Priced:
    """What an operation costs, and how long its statements take at most of what it was asked about, in milliseconds."""

    points: int
    milliseconds: float

    @property
    def ratio(self) -> float:
        """How much more work it is than its points stand for; what is quicker than a round trip counts as one."""
        return max(self.milliseconds, LEAST) / max(self.points * POINT, LEAST)


async def measured(url: str, rounds: int) -> dict[str, Priced]:
    """All operations, the slowest median of what each is asked about."""
    schema = executable()
    documents, database = Documents(schema, tariff=tariff_of(schema)), Heard(Database(url, size=1))
    executor, variables = Executor(schema, ENTITIES, database), about(url)
    await database.database.open()
    clock = Clock(await _backend(database.database))
    found = {}
    for name, asked in operations().items():
        document = documents.read(asked)
        operation = document.operation(None)
        assert operation is not None
        names = {each.variable.name.value for each in operation.variable_definitions or ()}
        given = [{key: each[key] for key in names} for each in (variables if names else variables[:1])]
        times = []
        for each in given:
            result = await executor.execute(document, operation, each, STRANGER)
            assert not result.errors, (name, result.errors)
            times.append(await _time(database, clock, rounds))
        found[name] = Priced(document.cost(operation, given[0]), max(times))
    await database.database.close()
    return found


STRANGER = Caller(CallerShape(Language.RU, signed_in=False), {}, None)


@dataclass(frozen=True)
class Clock:
    """The processor time of one process of the database, which does not depend on what else the machine does."""

    process: int

    def now(self) -> float:
        """Milliseconds so far; nanoseconds are the first of what the kernel tells."""
        return int(Path(f"/proc/{self.process}/schedstat").read_text().split()[0]) / 1e6


async def _backend(database: Database) -> int:
    """The process of its only connection, which does its work alone."""
    async with database.transaction() as connection:
        await connection.execute(text("SET SESSION max_parallel_workers_per_gather = 0"))
        found: int = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
    return found


async def _time(heard: Heard, clock: Clock, rounds: int) -> float:
    """Milliseconds that the statements of the last operation take, the median."""
    times, statements = [], heard.statements
    for _ in range(rounds):
        began = clock.now()
        await heard.database.read(statements)
        times.append(clock.now() - began)
    return median(times)


def rank_correlation(found: Mapping[str, Priced]) -> float:
    """Spearman's: 1 where what costs more always takes longer."""
    prices = list(found.values())
    return correlation(_ranks([each.points for each in prices]), _ranks([each.milliseconds for each in prices]))


def _ranks(values: Sequence[float]) -> list[float]:
    """The place of each among all; those that are equal share theirs."""
    return [sum(other < each for other in values) + (values.count(each) + 1) / 2 for each in values]


def table(found: Mapping[str, Priced]) -> Table:
    """Those that cost too little first."""
    made = Table("operation", "points", "ms", "ms of its points", "ratio")
    for name, each in sorted(found.items(), key=lambda item: -item[1].ratio):
        made.add_row(
            name, f"{each.points:,}", f"{each.milliseconds:.2f}", f"{each.points * POINT:.2f}", f"{each.ratio:.2f}"
        )
    return made


def bench(server: Server, rounds: RoundCount = 5, scale: Scale = 1, keep: Keep = False) -> None:
    """Hold what operations cost in points against what their statements take."""
    told: dict[str, Any] = {"machine": machine.described(server), "rounds": rounds, "scale": scale}
    with country(server, scale, keep=keep, say=console.print) as url:
        found = asyncio.run(measured(url, rounds))
    told["machine"]["load_after"] = machine.load()
    Console(width=None if sys.stdout.isatty() else WIDTH).print(table(found))
    worst = max(each.ratio for each in found.values())
    summary = f"Rank correlation {rank_correlation(found):.2f}, worst ratio {worst:.1f}."
    told |= {"operations": {name: asdict(each) for name, each in found.items()}, "summary": summary}
    console.print(f"{summary} Raw figures: {findings.kept(told, summary)}.*")


if __name__ == "__main__":
    typer.run(bench)
