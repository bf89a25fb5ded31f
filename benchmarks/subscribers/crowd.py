"""Subscribers of one organization's rating, in a process of their own: their memory is not the server's.

    python -m benchmarks.subscribers.crowd ADDRESS NUMBER CODE

Prints, once all were told of a change, when the first was and when the last, as seconds of the system's clock.
"""

import asyncio
import json
import resource
import sys
import time

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

WATCH = """subscription($code: String!) {
    ratingChanged(organization: {code: $code}) { at organization { code rating { value submissions } } }
}"""
# So many begin at once.
BATCH = 50
# What the process has open besides.
SPARE = 200


def allow(files: int) -> None:
    """Let this process, and those that it starts, have so many connections open; raises ValueError where it may not."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, files + SPARE), hard))


async def _begun(address: str, code: str) -> ClientConnection:
    connection = await connect(address, subprotocols=[Subprotocol("graphql-transport-ws")], compression=None)
    await connection.send(json.dumps({"type": "connection_init"}))
    await connection.recv()
    payload = {"query": WATCH, "variables": {"code": code}}
    await connection.send(json.dumps({"type": "subscribe", "id": "1", "payload": payload}))
    return connection


async def _told(connection: ClientConnection) -> float:
    message = json.loads(await connection.recv())
    assert message["type"] == "next", message
    return time.time()


async def wait(address: str, number: int, code: str) -> None:
    """Subscribe so many times, and wait until all were told."""
    connections: list[ClientConnection] = []
    for begun in range(0, number, BATCH):
        many = min(BATCH, number - begun)
        connections += await asyncio.gather(*(_begun(address, code) for _ in range(many)))
    times = await asyncio.gather(*map(_told, connections))
    sys.stdout.write(f"{min(times)} {max(times)}\n")


if __name__ == "__main__":
    allow(int(sys.argv[2]))
    asyncio.run(wait(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
