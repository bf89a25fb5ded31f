"""A server process of one contestant, and asking it."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

START_SECONDS = 60
STOP_SECONDS = 10
ROOT = Path(__file__).parent.parent

# Should the benchmark be killed, the kernel tells its servers to end.
WITH_US = ("setpriv", "--pdeathsig", "TERM", "--")


# Budgets are counted, as they are in production, and never spent.
BUDGETS = {f"PORTAL_POINTS{whose}": "1000000000000" for whose in ("", "_ACCOUNTS", "_SYSTEMS")}


@dataclass(frozen=True)
class Server:
    """A running server and its address, and the access token that it is asked with, if any."""

    process: subprocess.Popen[bytes]
    address: str
    token: str = ""

    def post(self, body: bytes) -> bytes:
        """The answer to one request."""
        headers = {"Content-Type": "application/json"}
        headers |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return httpx.post(self.address, content=body, headers=headers, timeout=60).content


class NotServing(Exception):
    """A server did not start, or ended."""


@contextmanager
def serving(command: Sequence[str], port: int, environment: Mapping[str, str], log: Path) -> Iterator[Server]:
    """A server for the length of a block, once it accepts connections."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*WITH_US, *command],
            cwd=ROOT,
            env={**os.environ, **BUDGETS, **environment},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
        try:
            _await(process, port, log)
            yield Server(process, f"http://127.0.0.1:{port}/graphql")
        finally:
            _end(process)


def _await(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    words = log.read_text(errors="replace")[-2000:]
    raise NotServing(f"{process.args!r} does not serve; the end of what it said:\n{words}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
