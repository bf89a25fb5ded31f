"""Clients as others have them, from npm and PyPI: what each asks and subscribes to."""

import asyncio
import json
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import gql
import pytest
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport

from tests.citizens import Citizen
from tests.npm import installed, program
from tests.servers import Server
from tests.sockets import WATCH

HERE = Path(__file__).parent / "clients"
QUERY = "query($code: String!) { organization(by: {code: $code}) { id code rating { submissions value } } }"
CLIENTS = ("apollo", "graphql-sse", "graphql-ws", "urql")


@asynccontextmanager
async def hearing(
    client: str, server: Server, answers: int, query: str, **variables: Any
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A client in a process of its own, for the length of a block."""
    installed(HERE)
    words = ["hear.js", client, f"{server.address}/graphql", str(answers), query, json.dumps(variables)]
    process = await asyncio.create_subprocess_exec(*program("node"), *words, cwd=HERE, stdout=PIPE, stderr=PIPE)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def told(process: asyncio.subprocess.Process) -> Any:
    """The data of the client's next answer."""
    assert process.stdout
    assert process.stderr
    line = await asyncio.wait_for(process.stdout.readline(), 60)
    assert line, (await process.stderr.read()).decode()
    return json.loads(line)


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_query(server: Server, client: str) -> None:
    async with hearing(client, server, 1, QUERY, code="SCHOOL") as process:
        assert (await told(process))["organization"]["code"] == "SCHOOL"


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_subscription(server: Server, citizen: Citizen, client: str) -> None:
    async with hearing(client, server, 2, WATCH, code="MINISTRY", scope="SUBTREE") as process:
        coming = asyncio.ensure_future(told(process))
        await changed_until(citizen, coming)
        first = (await coming)["ratingChanged"]
    assert first["organization"]["code"] == "MINISTRY"
    assert first["cursor"]


async def test_gqls_python_client(server: Server, citizen: Citizen) -> None:
    address = f"{server.address}/graphql"
    async with gql.Client(transport=HTTPXAsyncTransport(url=address)) as asking:
        found = await asking.execute(gql.GraphQLRequest(QUERY, variable_values={"code": "SCHOOL"}))
    assert found["organization"]["code"] == "SCHOOL"
    sockets = WebsocketsTransport(url=address.replace("http", "ws"), subprotocols=["graphql-transport-ws"])
    async with gql.Client(transport=sockets) as subscribing:
        wanted = gql.GraphQLRequest(WATCH, variable_values={"code": "REGION", "scope": "SUBTREE"})
        coming = asyncio.ensure_future(anext(subscribing.subscribe(wanted)))
        await changed_until(citizen, coming)
    assert coming.result()["ratingChanged"]["organization"]["code"] == "REGION"


async def changed_until(citizen: Citizen, coming: "asyncio.Future[Any]") -> None:
    """Submit and withdraw until something is told: nobody knows from outside when a client has begun to listen."""
    while not coming.done():
        done = await citizen.submit("HOSPITAL")
        await asyncio.wait((coming,), timeout=0.5)
        await citizen.withdraw(done["submission"]["id"])
        await asyncio.wait((coming,), timeout=0.5)
