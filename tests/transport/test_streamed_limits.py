"""Limits hold over WebSockets and in event streams as they do over HTTP, for queries and for subscriptions alike."""

import asyncio
import subprocess
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any, LiteralString

import httpx
import psycopg
import pytest
from graphql import Lexer, Source, TokenKind

from models.errors import ErrorCode
from tests.servers import Server, serving
from tests.sockets import events, now, socket
from transport.requests import MAXIMUM_BODY

POINTS, COST, SECONDS = 300, 1_000, 4
# Where the objects of a school stand that each body is about.
ROOTS = {
    "query": '{{ organization(by: {{code: "SCHOOL"}}) {{ code {} }} }}',
    "subscription": """subscription($since: String) {{
        ratingChanged(organization: {{code: "SCHOOL"}}, since: $since) {{ organization {{ code {} }} }} }}""",
}
# How many fields that is, in one another, those that are objects cost a point each; and `code`.
ABOVE = {"query": 1, "subscription": 2}
SCHOOL: LiteralString = "SELECT id FROM organization WHERE code = 'SCHOOL'"
# Whatever changes totals tells of it, and whatever it changes them to.
CHANGE: LiteralString = "UPDATE total SET submissions = submissions WHERE organization_id = %s"

Body = Callable[[str, int], str]


def deep(kind: str, most: int) -> str:
    depth = most - ABOVE[kind] - 1
    return "parent { " * depth + "code" + " }" * depth


def costly(kind: str, most: int) -> str:
    """Pages that cost 901 points, and objects of one each."""
    pages = "children(first: 100) { nodes { children(first: 7) { nodes { code } } } }"
    return pages + " rating { value }" * (most - 901 - ABOVE[kind])


def tokens(text: str) -> int:
    lexer, found = Lexer(Source(text)), 0
    while lexer.advance().kind is not TokenKind.EOF:
        found += 1
    return found


CODE = '"A" '


def long(kind: str, most: int) -> str:
    """Lists of some hundred codes each, which are not looked up."""

    def body(*lengths: int) -> str:
        slices = [f"slice: {{services: [{CODE * length}]}}" for length in lengths]
        return " ".join(f"a{place}: rating({each}) @skip(if: true) {{ value }}" for place, each in enumerate(slices))

    left = most - tokens(ROOTS[kind].format(body(0, 0, 0, 0)))
    return body(left // 4, left // 4, left // 4, left - left // 4 * 3)


def wide(kind: str, most: int) -> str:
    """Fields of the same name in many places, as so many in one place would be compared in pairs."""
    objects, left = divmod(most - ABOVE[kind] - 1, 20)
    return " ".join(f"a{number}: parent {{ {'name ' * 19} }}" for number in range(objects)) + " name" * left


# Each with how much there may be: one more is refused.
BODIES: Mapping[str, tuple[int, Body]] = {
    "TOKEN_LIMIT": (4_000, long),
    "DEPTH_LIMIT": (20, deep),
    "FIELD_LIMIT": (1_000, wide),
    "ALIAS_LIMIT": (200, lambda _, most: " ".join(f"a{number}: name" for number in range(most))),
    "DIRECTIVE_LIMIT": (100, lambda _, most: "name @include(if: true) " * most),
    "COST_LIMIT": (COST, costly),
}


@pytest.fixture(scope="module")
def limited(watched_url: str, watched_home: Path) -> Iterator[Server]:
    """A server of which strangers may ask little, and nobody much at once."""
    limits = {"PORTAL_POINTS": POINTS, "PORTAL_POINTS_ACCOUNTS": 0, "PORTAL_COST": COST, "PORTAL_READ_SECONDS": SECONDS}
    given = {name: str(value) for name, value in limits.items()}
    with serving(watched_url, watched_home, subprocess.DEVNULL, PORTAL_PROXIES="127.0.0.1,::1", **given) as server:
        yield server


@pytest.fixture(scope="module")
def change(watched_url: str) -> Callable[[], None]:
    """Changes the school's rating, without a look at the table of organizations."""
    with psycopg.connect(watched_url) as connection:
        school = connection.execute(SCHOOL).fetchone()

    def change() -> None:
        with psycopg.connect(watched_url) as connection:
            connection.execute(CHANGE, school)

    return change


@pytest.fixture(scope="module")
def since(watched_url: str, change: Callable[[], None]) -> str:
    """A cursor behind which there is a change of the school's: who subscribes from it is told at once."""
    cursor = now(watched_url)
    change()
    return cursor


@pytest.fixture
def signed_in(elsewhere: Any, names: Iterator[str]) -> Mapping[str, str]:
    """The headers of somebody who may ask as much as they wish."""
    return {"Authorization": f"Bearer {elsewhere.token_for(next(names))}"}


ADDRESSES = count(1)


def stranger() -> Mapping[str, str]:
    """The headers of somebody at an address of their own."""
    return {"X-Forwarded-For": f"2001:db8:0:{next(ADDRESSES):x}::1"}


# --- the ways to ask: each tells the code of what is refused, or nothing where the answer has data ---


async def over_http(server: Server, headers: Mapping[str, str], query: str, **variables: Any) -> str | None:
    async with httpx.AsyncClient(timeout=30) as http:
        body = {"query": query, "variables": variables}
        return code_of((await http.post(f"{server.address}/graphql", json=body, headers=headers)).json())


async def over_events(server: Server, headers: Mapping[str, str], query: str, **variables: Any) -> str | None:
    """What is refused before anything is told is no stream, and one that is has its end told."""
    async with events(server, query, "text/event-stream", headers, **variables) as stream:
        if not stream.response.headers["content-type"].startswith("text/event-stream"):
            return code_of(await read(stream.response))
        name, answer = await stream.heard()
        assert name == "next"
        if not query.startswith("subscription") or "errors" in answer:
            assert await stream.heard() == ("complete", None)
            assert await stream.heard() == ("", None)
        return code_of(answer)


async def over_socket(server: Server, headers: Mapping[str, str], query: str, **variables: Any) -> str | None:
    """An operation ends with either an error or completion, and nothing of it comes then."""
    async with socket(server, headers) as connection:
        await connection.begin()
        await connection.subscribe("1", query, **variables)
        message = await connection.heard()
        code = code_of({"errors": message["payload"]}) if message["type"] == "error" else code_of(message["payload"])
        if message["type"] == "next" and not query.startswith("subscription"):
            assert await connection.heard() == {"id": "1", "type": "complete"}
        await connection.send(id="1", type="complete")
        await connection.send(type="ping")
        assert await connection.heard() == {"type": "pong"}
        return code


async def read(response: httpx.Response) -> Any:
    await response.aread()
    return response.json()


def code_of(answer: Any) -> str | None:
    if "errors" not in answer:
        assert answer["data"]
        return None
    (error,) = answer["errors"]
    return str(error["extensions"]["code"])


WAYS = {"http": over_http, "events": over_events, "socket": over_socket}
# Over plain HTTP nobody can subscribe.
ASKED = [("query", each) for each in WAYS] + [("subscription", each) for each in ("events", "socket")]


@pytest.mark.parametrize("limit", BODIES)
@pytest.mark.parametrize(("kind", "way"), ASKED)
async def test_a_document_that_asks_for_too_much(
    limited: Server, signed_in: Mapping[str, str], since: str, kind: str, way: str, limit: str
) -> None:
    most, body = BODIES[limit]
    allowed, refused = (ROOTS[kind].format(body(kind, each)) for each in (most, most + 1))
    variables = {"since": since} if kind == "subscription" else {}
    assert await WAYS[way](limited, signed_in, allowed, **variables) is None
    assert await WAYS[way](limited, signed_in, refused, **variables) == limit


@pytest.mark.parametrize("way", WAYS)
async def test_fields_of_the_root(limited: Server, way: str) -> None:
    for number, code in ((50, None), (51, ErrorCode.ROOT_FIELD_LIMIT.value)):
        assert await WAYS[way](limited, stranger(), "{" + " __typename" * number + "}") == code


@pytest.mark.parametrize("way", WAYS)
async def test_the_points_of_a_minute(limited: Server, way: str) -> None:
    for points, code in ((POINTS, None), (POINTS + 1, "RATE_LIMIT")):
        query = ROOTS["query"].format("rating { value } " * (points - 1))
        assert await WAYS[way](limited, stranger(), query) == code


@pytest.mark.parametrize("way", ["events", "socket"])
async def test_subscribing_and_each_event_take_points(limited: Server, since: str, way: str) -> None:
    # Once to subscribe, once for what is told at once.
    half = ROOTS["subscription"].format("rating { value } " * (POINTS // 2 - 2))
    assert await WAYS[way](limited, stranger(), half, since=since) is None
    more = ROOTS["subscription"].format("rating { value } " * (POINTS - 1))
    assert await WAYS[way](limited, stranger(), more, since=since) == "RATE_LIMIT"


async def test_whose_points_are_spent_is_told_no_more_events(
    limited: Server, watched_url: str, change: Callable[[], None]
) -> None:
    query = ROOTS["subscription"].format("rating { value } " * (POINTS // 3))
    async with socket(limited, stranger()) as connection:
        await connection.begin()
        await connection.subscribe("1", query, since=now(watched_url))
        # A new minute can begin meanwhile, though not between each two of them.
        message = {"type": "next"}
        while message["type"] == "next":
            change()
            message = await connection.heard()
        assert code_of({"errors": message["payload"]}) == "RATE_LIMIT"
        # The connection goes on, and so does what is cheaper.
        await connection.subscribe("1", "{ __typename }")
        assert await connection.told() == {"__typename": "Query"}


@pytest.mark.parametrize("way", WAYS)
async def test_a_message_is_as_long_as_a_body_may_be(limited: Server, signed_in: Mapping[str, str], way: str) -> None:
    """A WebSocket has a code of its own for this, with which it is closed."""
    empty = {"http": b'{"query":""}', "events": b'{"query":""}', "socket": SUBSCRIBE % b""}[way]
    for length, refused in ((MAXIMUM_BODY, False), (MAXIMUM_BODY + 1, True)):
        query = b"{ __typename }".ljust(length - len(empty))
        if way == "socket":
            found = await sent_raw(limited, signed_in, SUBSCRIBE % query)
            assert found == (1009 if refused else "next")
            continue
        headers = {"Accept": "text/event-stream"} if way == "events" else {}
        content = b'{"query":"%s"}' % query
        assert len(content) == length
        given = {"Content-Type": "application/json", **signed_in, **headers}
        async with httpx.AsyncClient(timeout=30) as http:
            answer = await http.post(f"{limited.address}/graphql", content=content, headers=given)
        assert (answer.status_code, "BODY_LIMIT" in answer.text) == ((413, True) if refused else (200, False))


SUBSCRIBE = b'{"id":"1","type":"subscribe","payload":{"query":"%s"}}'


async def sent_raw(server: Server, headers: Mapping[str, str], message: bytes) -> Any:
    """The type of what a message is answered with, or the code with which the connection is closed."""
    async with socket(server, headers) as connection:
        await connection.begin()
        await connection.connection.send(message.decode())
        try:
            return (await connection.heard())["type"]
        except Exception:  # noqa: BLE001 - whatever it is, the connection has to be closed
            return (await connection.closed())[0]


async def test_reading_has_an_end(
    limited: Server, watched_url: str, signed_in: Mapping[str, str], since: str, change: Callable[[], None]
) -> None:
    query, subscription = (ROOTS[kind].format("") for kind in ("query", "subscription"))
    async with socket(limited, signed_in) as connection:
        await connection.begin()
        await connection.subscribe("1", subscription, since=since)
        assert await connection.told()
        with psycopg.connect(watched_url) as lock:
            lock.execute("LOCK TABLE organization IN ACCESS EXCLUSIVE MODE")
            change()
            codes = await asyncio.gather(*(way(limited, signed_in, query) for way in WAYS.values()))
            message = await connection.heard()
            lock.rollback()
        assert codes == ["TIMEOUT"] * len(WAYS)
        assert (message["type"], code_of({"errors": message["payload"]})) == ("error", "TIMEOUT")
        await connection.subscribe("1", subscription, since=since)
        assert await connection.told()
