"""The providers that tests sign in through: real ones, each a process of Node's on this machine."""

import fcntl
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "node"
SETUP = Path(__file__).parents[3] / "scripts" / "setup"


def fetch_packages() -> None:
    """Fetch what the providers are made of, unless it is there; several processes may ask at once."""
    with (HERE / "package.json").open() as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        have, want = HERE / "node_modules" / ".package-lock.json", HERE / "package-lock.json"
        if have.exists() and have.stat().st_mtime > want.stat().st_mtime:
            return
        command = [*_program("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False, timeout=100)
        assert done.returncode == 0, done.stderr
        have.touch()


@contextmanager
def running(script: str, clients: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The address of a provider for the length of a block. It ends with whoever started it, however that ends."""
    environment = os.environ | {"CLIENTS": json.dumps(clients)}
    with subprocess.Popen(
        [*_program("node"), script],
        cwd=HERE,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout
        address = process.stdout.readline().strip()
        assert address, f"{script} did not start."
        try:
            yield address
        finally:
            process.terminate()


def _program(name: str) -> list[str]:
    """A program of Node's: the machine's own, or the one that scripts/setup takes where there is none."""
    if found := shutil.which(name):
        return [found]
    (wheel,) = re.findall(r"^NODE_WHEEL=(.+)$", SETUP.read_text(), re.MULTILINE)
    return [os.environ.get("UV", "uv"), "tool", "run", "--quiet", "--from", wheel, name]
