"""What tests need that start a server of their own."""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

START_SECONDS = 120


@dataclass(frozen=True)
class Server:
    """A server process of the portal, and where it listens."""

    process: subprocess.Popen[str]
    port: int

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"


@contextmanager
def serving(database_url: str, home: Path, log: int = subprocess.PIPE, **changes: str) -> Iterator[Server]:
    """A server process for the length of a block, once it is ready; its log is its standard error.

    Strangers may ask as much as they wish. Who makes it log much must read it, or let it go nowhere (`subprocess.DEVNULL`).
    """
    port = free_port()
    environment = os.environ | {"DATABASE_URL": database_url, "PORTAL_HOME": str(home), "PORTAL_POINTS": "0"} | changes
    command = ["portal", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=log, text=True) as process:
        try:
            await_ready(port, START_SECONDS, lambda: process.poll() is None)
            yield Server(process, port)
        finally:
            process.terminate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def await_ready(port: int, seconds: float, still_runs: Callable[[], bool]) -> float:
    """How long it took until the server said that it is ready."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        try:
            if httpx.get(f"http://localhost:{port}/ready", timeout=2).is_success:
                return time.monotonic() - began
        except httpx.TransportError:
            assert still_runs(), "The server ended."
        time.sleep(0.1)
    raise AssertionError(f"The server was not ready after {seconds} seconds.")
