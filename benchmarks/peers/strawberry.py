"""The usual Strawberry: ORM entities, a resolver for each field, DataLoaders."""

import sys
from collections.abc import Sequence

from benchmarks.peers.peer import Peer

# Quiet as the portal's own server is.
UVICORN = (sys.executable, "-m", "uvicorn", "--log-level", "warning", "--no-access-log")


def _command(port: int) -> Sequence[str]:
    return (*UVICORN, "--port", str(port), "benchmarks.peers.orm.app:app")


PEER = Peer("strawberry", "Strawberry, ORM and DataLoaders", _command)
