"""What is told as it happens, through the gateway that relays it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from federation.one_stop_shop.cases import minutes_to_wait
from tests.clients import client_of
from tests.federation.graphs import Portal, Shop, Supergraph
from tests.meanwhile import POLYCLINIC, changed_until
from tests.sockets import PATIENCE, Events

WATCH = """subscription($code: String!) { ratingChanged(organization: {code: $code}) {
    cursor organization { code name waitingMinutes rating { submissions } } } }"""
NAME = "query($code: String!) { organization(by: {code: $code}) { name } }"
ENGLISH = {"Accept-Language": "en"}


@asynccontextmanager
async def events(supergraph: Supergraph) -> AsyncIterator[Events]:
    """What a gateway tells of the polyclinic, as server-sent events, for the length of a block."""
    body = {"query": WATCH, "variables": {"code": POLYCLINIC}}
    headers = {"Accept": "text/event-stream", **ENGLISH}
    async with (
        httpx.AsyncClient(timeout=PATIENCE) as http,
        http.stream("POST", supergraph.url, json=body, headers=headers) as response,
    ):
        yield Events(response, response.aiter_lines())


@pytest.mark.long
async def test_changes_are_relayed_with_what_the_other_graph_adds(clone_url: str, tmp_path: Path, shop: Shop) -> None:
    with Portal.serving(clone_url, tmp_path) as portal, Supergraph.behind("hive", portal, shop) as supergraph:
        async with client_of(clone_url, tmp_path) as client, events(supergraph) as stream:
            coming = asyncio.ensure_future(stream.told())
            await changed_until(client, coming)
            name = (await client.query(NAME, {"code": POLYCLINIC}, headers=ENGLISH)).data["organization"]["name"]
    told = coming.result()["ratingChanged"]
    assert told["cursor"]
    assert told["organization"].pop("rating")["submissions"] > 0
    assert told["organization"] == {
        "code": POLYCLINIC,
        "name": name,
        "waitingMinutes": minutes_to_wait(POLYCLINIC),
    }
