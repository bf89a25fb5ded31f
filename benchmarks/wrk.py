"""Load over HTTP, by wrk."""

import itertools
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("wrk.lua")
MILLION = 1_000_000

# Numbers for documents that are never sent twice; a run has room for so many requests.
_numbers = itertools.count(int(time.time()) * MILLION, 10 * MILLION)


@dataclass(frozen=True)
class Load:
    """What was answered in a time, how quickly, and how long answers were (bytes, headers included)."""

    requests: int
    seconds: float
    bytes_each: float
    p50_ms: float
    p95_ms: float
    errors: int


def load(address: str, bodies: Path, seconds: float, connections: int, token: str = "") -> Load:
    """Keep so many connections busy: one thread of wrk does, and leaves the other core alone."""
    command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds:g}s"]
    command += ["--timeout", "30s", "--script", str(SCRIPT), address, "--", str(bodies), str(next(_numbers)), token]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures = next(line for line in done.stdout.splitlines() if line.startswith("figures "))
    requests, bytes_, microseconds, p50, p95, errors = map(int, figures.split()[1:])
    return Load(requests, microseconds / MILLION, bytes_ / max(1, requests), p50 / 1000, p95 / 1000, errors)
