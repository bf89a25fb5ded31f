"""Where the peers on Node are, and the Node that they run on."""

from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent


def program() -> str:
    """The Node that package-lock.json names; scripts/bench has installed it."""
    (found,) = HERE.glob("node_modules/node-linux-*/bin/node")
    return str(found)


def command(server: str) -> Sequence[str]:
    """Runs one of the servers."""
    return (program(), str(HERE / server / "server.js"))
