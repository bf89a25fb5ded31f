"""Processes that answer GraphQL, started together and ended by their ids."""

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 60
END_SECONDS = 10
PAUSE_SECONDS = 0.2


@contextmanager
def running(
    words: Sequence[str], environment: Mapping[str, str], url: str, folder: Path | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A process for the length of a block, once it answers GraphQL at a URL."""
    process = subprocess.Popen(words, env=dict(environment), cwd=folder, text=True)
    try:
        await_answer(url, process)
        yield process
    finally:
        end(process)


def end(process: "subprocess.Popen[str]") -> None:
    """End a process in good order, or else at once."""
    process.terminate()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def await_answer(url: str, process: "subprocess.Popen[str]") -> None:
    """Wait until a server answers a query; raises RuntimeError where it ends, or takes too long."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"{url} ended before it answered.")
        if answers(url):
            return
        time.sleep(PAUSE_SECONDS)
    raise RuntimeError(f"{url} did not answer within {START_SECONDS} seconds.")


def answers(url: str) -> bool:
    """Whether a server answers the plainest query."""
    body = json.dumps({"query": "{ __typename }"}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - our own address
    try:
        with urllib.request.urlopen(request, timeout=PAUSE_SECONDS * 10) as response:  # noqa: S310
            return bool(json.load(response).get("data") == {"__typename": "Query"})
    except (OSError, ValueError):
        return False
