"""scripts/federate, run as a person runs it: both graphs and the gateway, the query that it prints, and its end."""

import json
import os
import re
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.servers import free_port

SCRIPT = Path(__file__).parents[2] / "scripts" / "federate"
PORTS = ("--port", "--portal-port", "--one-stop-shop-port")
START_SECONDS, STOP_SECONDS = 200, 60
# What is printed to try: a command of a shell, over several lines.
TRIED = re.compile(r"^curl .*?}'$", re.MULTILINE | re.DOTALL)


@dataclass
class Federated:
    """The script, and what it has said so far."""

    process: "subprocess.Popen[str]"
    ports: list[int]
    tried: threading.Event = field(default_factory=threading.Event)
    said: str = ""

    def listen(self) -> None:
        """Take what is said, so that nobody waits for a reader, until the last has ended."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if TRIED.search(self.said):
                self.tried.set()


@contextmanager
def federated(database_url: str, home: Path) -> Iterator[Federated]:
    """The script for the length of a block, open to Ctrl-C as a terminal gives it, in a group of processes of its own."""
    ports = [free_port() for _ in PORTS]
    told = [word for name, port in zip(PORTS, ports, strict=True) for word in (name, str(port))]
    with subprocess.Popen(
        ["env", "--default-signal=INT", SCRIPT, *told],
        env=os.environ | {"DATABASE_URL": database_url, "PORTAL_HOME": str(home)},
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        found = Federated(process, ports)
        listening = threading.Thread(target=found.listen)
        listening.start()
        try:
            yield found
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            listening.join()


def listens(port: int) -> bool:
    """Whether anybody does."""
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.long
@pytest.mark.timeout(300)
def test_the_script_serves_the_query_that_it_prints_and_ends_all_that_it_started(
    clone_url: str, tmp_path: Path
) -> None:
    with federated(clone_url, tmp_path) as script:
        assert script.tried.wait(START_SECONDS), script.said
        found = TRIED.search(script.said)
        assert found is not None
        answer = json.loads(subprocess.run(["sh", "-c", found[0]], capture_output=True, check=True, text=True).stdout)
        assert all(map(listens, script.ports))
        script.process.terminate()
        assert script.process.wait(STOP_SECONDS) in (130, 143), script.said
    assert "errors" not in answer
    cases = answer["data"]["cases"]
    assert len(cases) == 5
    assert {"value", "submissions"} == cases[0]["organization"]["rating"].keys()
    assert not any(map(listens, script.ports))
