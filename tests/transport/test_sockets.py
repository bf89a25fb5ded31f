"""Subscriptions over WebSockets, against the protocol's rules; changes are made by another server."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.citizens import Citizen
from tests.servers import Server
from tests.sockets import WATCH, Socket, now, socket
from transport import sockets

QUERY = "{ organizations(first: 1) { nodes { code } } }"


async def subscribed(connection: Socket, url: str, id: str = "1", /, **variables: str) -> None:
    """Subscribe to all that changes from here on."""
    await connection.subscribe(id, WATCH, since=now(url), **variables)


async def test_a_change_made_elsewhere_is_told(server: Server, citizen: Citizen) -> None:
    async with socket(server) as connection:
        await connection.begin()
        await subscribed(connection, citizen.url, code="HOSPITAL")
        done = await citizen.submit("HOSPITAL")
        told = (await connection.told())["ratingChanged"]
    assert done["organization"] == {"code": "HOSPITAL"}
    assert told["organization"]["code"] == "HOSPITAL"
    total = await citizen.client.data('{ organization(by: {code: "HOSPITAL"}) { rating { submissions value } } }')
    assert told["organization"]["rating"] == total["organization"]["rating"]


async def test_below_counts_in_a_subtree_alone(server: Server, citizen: Citizen) -> None:
    async with socket(server) as connection:
        await connection.begin()
        await subscribed(connection, citizen.url, "own", code="REGION")
        await subscribed(connection, citizen.url, "below", code="MINISTRY", scope="SUBTREE")
        await subscribed(
            connection, citizen.url, "overseen", code="INSPECTORATE", scope="SUBTREE", hierarchy="SUPERVISION"
        )
        submission = (await citizen.submit("CLINIC"))["submission"]
        heard = [await connection.heard(), await connection.heard()]
        assert {each["id"] for each in heard} == {"below", "overseen"}
        # Were there one for REGION's own, it would come before those of the next change.
        await citizen.withdraw(submission["id"])
        heard = [await connection.heard(), await connection.heard()]
        assert {each["id"] for each in heard} == {"below", "overseen"}


async def test_it_resumes_where_it_was(server: Server, citizen: Citizen) -> None:
    async with socket(server) as connection:
        await connection.begin()
        await subscribed(connection, citizen.url, code="SCHOOL")
        submission = (await citizen.submit("SCHOOL"))["submission"]
        first = (await connection.told())["ratingChanged"]
    await citizen.withdraw(submission["id"])
    async with socket(server) as connection:
        await connection.begin()
        await connection.subscribe("1", WATCH, code="SCHOOL", since=first["cursor"])
        missed = (await connection.told())["ratingChanged"]
        assert missed["organization"]["rating"]["submissions"] == first["organization"]["rating"]["submissions"] - 1
        assert missed["at"] > first["at"]
        # Nothing more has changed: the next is the answer to what is asked next.
        await connection.subscribe("2", WATCH, code="SCHOOL", since=missed["cursor"])
        await connection.subscribe("3", QUERY)
        assert await connection.told("3")


@pytest.mark.parametrize(
    ("variables", "argument"),
    [
        ({"code": "NOWHERE"}, "organization"),
        ({"code": "SCHOOL", "since": "here"}, "since"),
        ({"code": "SCHOOL", "since": "MS8xOjE6"}, "since"),
        ({"code": "SCHOOL", "since": "OTk5OTk5OTk5OTkvOTo4Og=="}, "since"),
        ({"code": "SCHOOL", "since": "OTk5OTk5OTk5OTkvMTo5OTk5OTk5OTk5OTo="}, "since"),
    ],
)
async def test_what_cannot_be_watched(server: Server, variables: dict[str, str], argument: str) -> None:
    async with socket(server) as connection:
        await connection.begin()
        await connection.subscribe("1", WATCH, **variables)
        message = await connection.heard()
    assert (message["id"], message["type"]) == ("1", "error")
    (error,) = message["payload"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["extensions"]["argument"] == argument


async def test_queries_and_changes_go_over_it(server: Server, citizen: Citizen) -> None:
    token = citizen.client.token_for(str(citizen.account))
    async with socket(server) as connection:
        await connection.begin(Authorization=f"Bearer {token}")
        await connection.subscribe("1", "{ viewer { submissions(first: 1) { totalCount } } }")
        assert await connection.told() == {"viewer": {"submissions": {"totalCount": 0}}}
        assert await connection.heard() == {"id": "1", "type": "complete"}
        mutation = "mutation { createAppointmentCode { code } }"
        await connection.subscribe("1", mutation)
        assert (await connection.told())["createAppointmentCode"]["code"]


@pytest.mark.parametrize("place", ["header", "payload"])
async def test_a_bad_token_is_refused(server: Server, place: str) -> None:
    bad = {"Authorization": "Bearer nothing"}
    async with socket(server, bad if place == "header" else None) as connection:
        await connection.send(type="connection_init", payload=bad if place == "payload" else {})
        code, _ = await connection.closed()
    assert code == 4403


async def test_another_sites_page_is_not_signed_in_by_a_cookie(server: Server) -> None:
    headers = {"Origin": "https://elsewhere.example", "Cookie": "__Host-portal-session=anything"}
    async with socket(server, headers) as connection:
        await connection.send(type="connection_init")
        assert (await connection.closed())[0] == 4403


async def test_who_may_not_any_more_is_told_no_more(
    server: Server, citizen: Citizen, names: Iterator[str], watched_url: str
) -> None:
    gone = next(names)
    token = citizen.client.token_for(gone)
    async with socket(server, {"Authorization": f"Bearer {token}"}) as connection:
        await connection.begin()
        await subscribed(connection, citizen.url, code="LONER")
        with psycopg.connect(watched_url) as database:
            database.execute("UPDATE account SET code = 'somebody-else' WHERE code = %s", [gone])
        # For some seconds it is not looked up again who a token is: until then changes go on being told.
        ending = asyncio.create_task(the_error(connection))
        while not ending.done():
            done = await citizen.submit("LONER")
            await asyncio.wait((ending,), timeout=0.5)
            await citizen.withdraw(done["submission"]["id"])
        (error,) = await ending
    assert error["extensions"]["code"] == "UNAUTHENTICATED"


async def the_error(connection: Socket) -> Any:
    """What ends an operation, after all that is told before."""
    while True:
        message = await connection.heard()
        if message["type"] == "error":
            return message["payload"]


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        (["no json"], 4400),
        (["[]"], 4400),
        (['{"type": 1}'], 4400),
        (['{"type": "subscribe", "id": "1", "payload": {}}'], 4401),
        (['{"type": "connection_init"}', '{"type": "connection_init"}'], 4429),
        (['{"type": "connection_init"}', '{"type": "start", "id": "1"}'], 4400),
        (['{"type": "connection_init"}', '{"type": "subscribe", "payload": {}}'], 4400),
        (['{"type": "connection_init"}', *[json.dumps({"type": "subscribe", "id": "1", "payload": {
            "query": 'subscription { ratingChanged(organization: {code: "SCHOOL"}) { at } }'}})] * 2], 4409),
    ],
)  # fmt: skip
async def test_the_protocol_is_kept(server: Server, messages: list[str], code: int) -> None:
    async with socket(server) as connection:
        for message in messages:
            await connection.connection.send(message)
        assert (await connection.closed())[0] == code


async def test_another_protocol_is_not_spoken(server: Server) -> None:
    async with socket(server, protocol="graphql-ws") as connection:
        assert await connection.closed() == (4406, "Subprotocol not acceptable")


async def test_pings_are_answered_at_any_time(server: Server) -> None:
    async with socket(server) as connection:
        await connection.send(type="ping")
        assert await connection.heard() == {"type": "pong"}
        await connection.begin()
        await connection.send(type="ping", payload={"a": 1})
        assert await connection.heard() == {"type": "pong"}


async def test_what_is_not_valid_ends_only_itself(server: Server) -> None:
    async with socket(server) as connection:
        await connection.begin()
        for query, code in [
            ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
            ("{", "GRAPHQL_PARSE_FAILED"),
            ("subscription { a: __typename b: __typename }", "GRAPHQL_VALIDATION_FAILED"),
            ("{ __typename " + "a " * 5000 + "}", "TOKEN_LIMIT"),
            ("", "BAD_REQUEST"),
        ]:
            await connection.subscribe("1", query)
            message = await connection.heard()
            assert message["type"] == "error", message
            assert message["payload"][0]["extensions"]["code"] == code, message
        await connection.subscribe("1", QUERY)
        assert await connection.told()


async def test_no_connection_asks_for_too_much_at_once(server: Server) -> None:
    async with socket(server) as connection:
        await connection.begin()
        for number in range(sockets.MAXIMUM_OPERATIONS + 1):
            await connection.subscribe(str(number), WATCH, code="SCHOOL")
        message = await connection.heard()
        assert (message["id"], message["type"]) == (str(sockets.MAXIMUM_OPERATIONS), "error"), message
        assert message["payload"][0]["extensions"]["code"] == "CONNECTION_LIMIT"
        await connection.send(id="0", type="complete")
        await connection.subscribe("again", QUERY)
        assert await connection.told("again")
