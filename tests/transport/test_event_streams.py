"""Subscriptions as server-sent events."""

import asyncio
from collections.abc import AsyncGenerator

import httpx
import pytest

from tests.citizens import Citizen
from tests.servers import Server
from tests.sockets import WATCH, Events, events
from transport.event_streams import kept_alive

BOTH = "application/graphql-response+json, application/json, text/event-stream"


async def changed_until_told(citizen: Citizen, stream: Events) -> dict[str, object]:
    """Submit and withdraw until something is told: nobody knows from outside when a stream has begun."""
    coming = asyncio.ensure_future(stream.told())
    while not coming.done():
        done = await citizen.submit("HOSPITAL")
        await asyncio.wait((coming,), timeout=0.3)
        await citizen.withdraw(done["submission"]["id"])
        await asyncio.wait((coming,), timeout=0.3)
    return dict((await coming)["ratingChanged"])


@pytest.mark.parametrize("accept", ["text/event-stream", BOTH])
async def test_a_change_made_elsewhere_is_told(server: Server, citizen: Citizen, accept: str) -> None:
    async with events(server, WATCH, accept, code="MINISTRY", scope="SUBTREE") as stream:
        assert stream.response.status_code == 200
        assert stream.response.headers["content-type"].startswith("text/event-stream")
        assert stream.response.headers["cache-control"] == "no-store"
        told = await changed_until_told(citizen, stream)
    assert told["organization"]["code"] == "MINISTRY"  # type: ignore[index]


async def test_a_query_is_answered_once_and_complete(server: Server) -> None:
    async with events(server, "{ __typename }") as stream:
        assert await stream.told() == {"__typename": "Query"}
        assert await stream.heard() == ("complete", None)
        assert await stream.heard() == ("", None)


def test_a_query_that_takes_json_as_well_gets_json(server: Server) -> None:
    answer = httpx.post(f"{server.address}/graphql", json={"query": "{ __typename }"}, headers={"Accept": BOTH})
    assert answer.json() == {"data": {"__typename": "Query"}}


def test_a_subscription_needs_a_stream(server: Server) -> None:
    body = {"query": WATCH, "variables": {"code": "SCHOOL"}}
    answer = httpx.post(f"{server.address}/graphql", json=body, headers={"Accept": "application/json"})
    assert answer.status_code == 406
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_a_refusal_is_the_only_answer(server: Server) -> None:
    async with events(server, WATCH, code="NOWHERE") as stream:
        name, answer = await stream.heard()
        assert (name, answer["errors"][0]["extensions"]["argument"]) == ("next", "organization")
        assert await stream.heard() == ("complete", None)


def test_what_is_not_valid_is_no_stream(server: Server) -> None:
    body = {"query": "subscription { nothing }"}
    answer = httpx.post(f"{server.address}/graphql", json=body, headers={"Accept": "text/event-stream"})
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json()["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_silence_is_filled() -> None:
    said, go = [], asyncio.Event()

    async def parts() -> AsyncGenerator[bytes, None]:
        yield b"one"
        await go.wait()
        yield b"two"

    async for part in kept_alive(parts(), 0.01):
        said.append(part)
        if part is None:
            go.set()
    assert (said[0], said[-1]) == (b"one", b"two")
    assert None in said
