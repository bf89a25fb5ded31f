"""The portal itself, as it is deployed."""

from collections.abc import Sequence

from benchmarks.peers.peer import Peer


def _command(port: int) -> Sequence[str]:
    return ("portal", "serve", "--port", str(port))


PEER = Peer("ours", "the portal", _command)
