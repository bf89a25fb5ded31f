"""Load of writers over HTTP, by wrk: every acknowledgement is counted, and so is everything else."""

import math
import subprocess
from dataclasses import dataclass
from pathlib import Path

from benchmarks.wrk import MILLION, Load

SCRIPT = Path(__file__).with_name("writers.lua")

# After their time writers only wait for what was sent, so that it is known what became of it.
PATIENCE_SECONDS = 2


class Refused(Exception):
    """Something else than an acknowledgement was answered: it would be no fair figure."""


@dataclass(frozen=True)
class Requests:
    """A file with a request a line (authorization, tab, body), and the words that only an acknowledgement has."""

    path: Path
    acknowledged_by: str


def load(address: str, requests: Requests, seconds: float, clients: int) -> Load:
    """Let so many clients write, one request after the other; raises if anything is not acknowledged."""
    command = ["wrk", "--threads", "1", "--connections", str(clients), "--timeout", "30s"]
    command += ["--duration", f"{math.ceil(seconds + PATIENCE_SECONDS)}s", "--script", str(SCRIPT), address]
    command += ["--", str(requests.path), f"{seconds:g}", requests.acknowledged_by]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(f"wrk ended with {done.returncode}: {(done.stdout + done.stderr)[-1000:]}")
    figures = next((line for line in done.stdout.splitlines() if line.startswith("figures ")), "")
    acknowledged, microseconds, p50, p95, others = map(int, figures.split()[1:])
    if others:
        raise Refused(f"{address} did not acknowledge {others} of {acknowledged + others}: {done.stderr[:1000]}")
    return Load(acknowledged, microseconds / MILLION, 0, p50 / 1000, p95 / 1000, 0)
