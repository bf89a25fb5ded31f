"""An answer that its client does not take is not kept for ever."""

import json
import socket
import time
from pathlib import Path

from tests.servers import serving

# Larger than all buffers on the way.
QUERY = "{ _service {" + " ".join(f"s{number}: sdl" for number in range(100)) + "} }"
PATIENCE_SECONDS = 30


def is_connected(server_port: int, client_port: int) -> bool:
    """Whether the kernel still knows the server's end of a connection."""
    ends = f":{server_port:04X} ", f":{client_port:04X} "
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return any(ends[0] in f"{own} " and ends[1] in f"{other} " for own, other in (each.split()[1:3] for each in lines))


def test_the_connection_of_a_client_who_takes_nothing_is_gone(seeded_url: str, tmp_path: Path) -> None:
    body = json.dumps({"query": QUERY})
    head = f"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    with serving(seeded_url, tmp_path, PORTAL_UNTAKEN_SECONDS="1") as server:
        port = int(server.address.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(f"{head}\r\n\r\n{body}".encode())
            assert connection.recv(8) == b"HTTP/1.1"
            own = connection.getsockname()[1]
            assert is_connected(port, own)
            deadline = time.monotonic() + PATIENCE_SECONDS
            while is_connected(port, own) and time.monotonic() < deadline:
                time.sleep(0.1)
            assert not is_connected(port, own)
