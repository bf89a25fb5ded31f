"""The providers that tests sign in through: real ones, each a process of Node's on this machine."""

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.npm import program

HERE = Path(__file__).parent / "node"


@contextmanager
def running(script: str, clients: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The address of a provider for the length of a block. It ends with whoever started it, however that ends."""
    environment = os.environ | {"CLIENTS": json.dumps(clients)}
    with subprocess.Popen(
        [*program("node"), script],
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
