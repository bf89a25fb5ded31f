"""What is told as it happens, through the gateway that relays it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from federation.one_stop_shop.cases import minutes_to_wait
from tests.citizens import Citizen
from tests.clients import client_of
from tests.federation.graphs import Portal, Shop, Supergraph, codes_of
from tests.meanwhile import POLYCLINIC, changed_until
from tests.officials import appointed
from tests.sockets import PATIENCE, Events

WATCH = """subscription($code: String!) { ratingChanged(organization: {code: $code}) {
    cursor organization { code name waitingMinutes rating { submissions } } } }"""
NAME = "query($code: String!) { organization(by: {code: $code}) { name } }"
ENGLISH = {"Accept-Language": "en"}


HEAR = """subscription($code: String!) { reviewAdded(organization: {code: $code}) {
    cursor review { text organization { code waitingMinutes } } } }"""


@asynccontextmanager
async def events(supergraph: Supergraph, query: str = WATCH, **headers: str) -> AsyncIterator[Events]:
    """What a gateway tells of the polyclinic, as server-sent events, for the length of a block."""
    body = {"query": query, "variables": {"code": POLYCLINIC}}
    headers = {"Accept": "text/event-stream", **ENGLISH, **headers}
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


@pytest.mark.long
@pytest.mark.parametrize("way", ["events", "socket"])
async def test_officials_hear_of_reviews_through_a_gateway(
    clone_url: str, tmp_path: Path, shop: Shop, way: str
) -> None:
    """Hive Gateway asks the portal by server-sent events, or over a WebSocket; it forwards who asks either way."""
    settings = {"PORTAL_SUBSCRIPTIONS": "ws"} if way == "socket" else {}
    with (
        Portal.serving(clone_url, tmp_path) as portal,
        Supergraph.behind("hive", portal, shop, **settings) as supergraph,
    ):
        async with client_of(clone_url, tmp_path) as client:
            official = appointed(Citizen(client, clone_url, "user-000900"), "user-000901", "STAFF", POLYCLINIC)
            token = f"Bearer {portal.tokens.issue(str(official.account), 3600)}"
            async with events(supergraph, HEAR) as stream:
                _, refused = await stream.heard()
            async with events(supergraph, HEAR, Authorization=token) as stream:
                coming = asyncio.ensure_future(stream.told())
                await changed_until(client, coming, comment="Quick")
    # What a WebSocket tells of a refusal this gateway takes for a fault, and masks.
    assert codes_of(refused) == [{"events": "UNAUTHENTICATED", "socket": "INTERNAL_SERVER_ERROR"}[way]]
    told = coming.result()["reviewAdded"]
    assert told["cursor"]
    if told["review"] is not None:  # it may have been withdrawn before it was read
        assert told["review"]["text"] == "Quick"
        assert told["review"]["organization"] == {
            "code": POLYCLINIC,
            "waitingMinutes": minutes_to_wait(POLYCLINIC),
        }
