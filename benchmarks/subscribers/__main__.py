"""The command behind scripts/bench --subscribers."""

import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console

from auth.keys import Keyring
from auth.tokens import Tokens
from benchmarks import findings, machine
from benchmarks.countries import country
from benchmarks.options import Keep, Scale, Server
from benchmarks.peers import portal
from benchmarks.peers.peer import body, environment
from benchmarks.queries import document
from benchmarks.server import WITH_US, free_port, serving
from benchmarks.server import Server as Serving
from benchmarks.subscribers.crowd import allow
from benchmarks.usage import Tree
from benchmarks.writes.crowd import Crowd, drawn
from benchmarks.writes.forms import Form, read
from portal.settings import Settings

console = Console(stderr=True)
METRICS_TOKEN = "benchmark"  # noqa: S105 - of a server that ends with the benchmark
# All limits of connections, lifted: all subscribers come from one address.
UNLIMITED = {f"PORTAL_CONNECTIONS{whose}": "0" for whose in ("", "_ACCOUNTS", "_SYSTEMS", "_ALL")}
WAIT_SECONDS = 120
WARMING = 50


@dataclass(frozen=True)
class Found:
    """What a subscriber takes while it waits, and how long after a submission's answer the first and the last were told."""

    subscribers: int
    kilobytes_each: float
    first_seconds: float
    last_seconds: float

    def __str__(self) -> str:
        return (
            f"{self.subscribers:,} subscribers take {self.kilobytes_each:.0f} kB each while they wait;"
            f" the first was told {self.first_seconds:.2f} s after the submission was answered, the last {self.last_seconds:.2f} s."
        )


@dataclass(frozen=True)
class Portal:
    """The server that is measured, and who submits there."""

    server: Serving
    database_url: str
    home: Path

    def warm(self, form: Form) -> None:
        """Have made what is made once, so that it is not counted for subscribers."""
        for _ in range(WARMING):
            read(self.server, [form.organization])

    def form(self) -> Form:
        """The form of an organization that counts in many totals."""
        codes, _ = drawn(self.database_url, "portal")
        return next(iter(read(self.server, codes).values()))

    def waiting(self, number: int) -> None:
        """Wait until so many subscribers do."""
        until = time.monotonic() + WAIT_SECONDS
        while self._subscribers() < number:
            if time.monotonic() > until:
                raise TimeoutError(f"{self._subscribers():.0f} of {number} subscribers wait.")
            time.sleep(0.2)

    def _subscribers(self) -> float:
        address = self.server.address.removesuffix("graphql") + "metrics"
        text = httpx.get(address, headers={"Authorization": f"Bearer {METRICS_TOKEN}"}).text
        return next(float(line.split()[1]) for line in text.splitlines() if line.startswith("portal_subscribers "))

    def submit(self, form: Form) -> float:
        """Submit; when that was answered, as seconds of the system's clock."""
        account = Crowd(self.database_url, [form], []).accounts(100)[0]
        settings = Settings(database_url=self.database_url, home=self.home)
        token = Tokens(Keyring(settings.keys_folder)).issue(account.code, 600)
        asked = body(document("submit"), {"input": form.input(str(time.time_ns()))})
        answer = Serving(self.server.process, self.server.address, token).post(asked)
        assert b"SubmitQuestionnairePayload" in answer, answer
        return time.time()


def measured(database_url: str, number: int, directory: Path) -> Found:
    """One organization's subscribers, before and after it is submitted to."""
    allow(number)
    port, home = free_port(), directory / "home"
    told = environment(database_url, port, home) | UNLIMITED | {"PORTAL_METRICS_TOKEN": METRICS_TOKEN}
    with ExitStack() as stack:
        server = stack.enter_context(serving(portal.PEER.command(port), port, told, directory / "portal.log"))
        ours, usage = Portal(server, database_url, home), Tree(server.process.pid)
        form = ours.form()
        ours.warm(form)
        before = usage.megabytes()
        words = ("benchmarks.subscribers.crowd", f"ws://127.0.0.1:{port}/graphql", str(number), form.organization)
        command = [*WITH_US, sys.executable, "-m", *words]
        crowd = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        stack.callback(crowd.terminate)
        ours.waiting(number)
        each = (usage.megabytes() - before) * 1000 / number
        answered = ours.submit(form)
        assert crowd.stdout is not None
        first, last = (float(word) - answered for word in crowd.stdout.readline().split())
    return Found(number, each, first, last)


def bench(
    server: Server,
    number: Annotated[int, typer.Option("--number", min=1, help="How many subscribe.")] = 2_000,
    scale: Scale = 0.01,
    keep: Keep = False,
) -> None:
    """Measure what subscribers to one organization's rating take over WebSockets, and how soon all are told."""
    told: dict[str, Any] = {"machine": machine.described(server), "scale": scale}
    with country(server, scale, keep=keep, say=console.print) as url, TemporaryDirectory() as directory:
        found = measured(url, number, Path(directory))
    told["machine"]["load_after"] = machine.load()
    typer.echo(found)
    console.print(f"Raw figures: {findings.kept(told | asdict(found), str(found))}.json")


if __name__ == "__main__":
    typer.run(bench)
