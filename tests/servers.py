"""What tests need that start a server of their own."""

import socket
import time
from collections.abc import Callable

import httpx


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
