"""The limit of the database: the statements of a query alone, driven by pgbench."""

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.statements import Statement
from benchmarks.wrk import Load

# pgbench takes at most 128 scripts; each has the values of one request.
SCRIPTS = 100

SNAPSHOT = "begin isolation level repeatable read, read only;"
# As the portal's own connections have it.
GENERIC = "set plan_cache_mode = force_generic_plan;"


def write_scripts(directory: Path, requests: Sequence[Sequence[Statement]]) -> list[str]:
    """A script for each of the first requests; pgbench's arguments that name them.

    pgbench's own prepared mode would prepare, and plan anew, for each script: variables are numbers
    there. So each connection prepares the statements once, in whichever script it runs first.
    """
    prepare = ["\\if :ready = 0", GENERIC, *(_prepared(at, text) for at, (text, _) in enumerate(requests[0]))]
    prepare += ["\\set ready 1", "\\endif"]
    arguments = ["--define=ready=0"]
    for number, statements in enumerate(requests[:SCRIPTS]):
        executed = [_executed(at, *statement) for at, statement in enumerate(statements)]
        lines = executed if len(executed) == 1 else [SNAPSHOT, *executed, "commit;"]
        path = directory / f"{number}.sql"
        path.write_text("\n".join([*prepare, *lines]) + "\n")
        arguments.append(f"--file={path}")
    return arguments


def _prepared(number: int, text: str) -> str:
    return f"prepare asked_{number} as {' '.join(text.split())};"


def _executed(number: int, text: str, values: Sequence[Any]) -> str:
    literals = ", ".join(map(literal, values))
    return f"execute asked_{number}({literals});" if literals else f"execute asked_{number};"


def literal(value: Any) -> str:
    """A value as a literal of SQL, whose type PostgreSQL takes from where it stands."""
    return "null" if value is None else "'" + _text(value).replace("'", "''") + "'"


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "{" + ",".join('"' + re.sub(r'(["\\])', r"\\\1", _text(each)) + '"' for each in value) + "}"
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value)


def load(environment: dict[str, str], scripts: Sequence[str], seconds: float, connections: int) -> Load:
    """Keep so many connections busy; the times of all transactions come from its log."""
    whole = max(1, round(seconds))
    command = ["pgbench", "--no-vacuum", "--log", "--log-prefix=times", f"--client={connections}", "--jobs=1"]
    command += [f"--time={whole}", *scripts]
    with TemporaryDirectory() as directory:
        done = subprocess.run(
            command, cwd=directory, env=os.environ | environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"pgbench failed: {done.stderr[-2000:]}")
        times = [int(line.split()[2]) for path in Path(directory).iterdir() for line in path.read_text().splitlines()]
    percent = quantiles(times, n=100)
    return Load(len(times), whole, 0, percent[49] / 1000, percent[94] / 1000, 0)
