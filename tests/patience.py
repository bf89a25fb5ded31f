"""A server whose patience a test can change, and how many connections it holds open."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from pydantic import SecretStr

from auth.keys import Keyring
from auth.tokens import Tokens
from portal.settings import Settings
from tests.federation.graphs import Portal
from tests.servers import Server, free_port


@contextmanager
def here(url: str, home: Path) -> Iterator[Server]:
    """A server in a thread of this process, so that a test can change how patient it is."""
    settings = Settings(database_url=url, home=home, port=free_port(), points=0, metrics_token=SecretStr("read"))
    portal = Portal(settings, Tokens(Keyring(settings.keys_folder), settings.issuer))
    portal.start()
    try:
        yield Server(None, settings.port)  # type: ignore[arg-type]
    finally:
        portal.stop()


async def open_connections(server: Server, kind: str) -> float:
    """How many of a kind there are, as metrics tell."""
    async with httpx.AsyncClient() as http:
        text = (await http.get(f"{server.address}/metrics", headers={"Authorization": "Bearer read"})).text
    (line,) = (each for each in text.splitlines() if each.startswith(f'portal_connections{{kind="{kind}"}}'))
    return float(line.rpartition(" ")[2])
