"""Reviews, told to officials as they come: to those who read them, each once, and after a lost connection, too."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.citizens import Citizen
from tests.officials import appointed
from tests.servers import Server
from tests.sockets import Socket, now, socket

HEAR = """subscription($code: String!, $since: String) {
    reviewAdded(organization: {code: $code}, since: $since) { cursor review { text state submittedOn } } }"""


async def hearing(connection: Socket, token: str, code: str, since: str | None = None) -> None:
    """Hear what comes from a cursor on."""
    await connection.begin(authorization=f"Bearer {token}")
    await connection.subscribe("1", HEAR, code=code, since=since)


@pytest.fixture
def official(citizen: Citizen, names: Iterator[str]) -> str:
    """The token of somebody who works for the ministry."""
    account = next(names)
    appointed(citizen, account, "STAFF", "MINISTRY")
    return citizen.client.token_for(account)


async def test_each_new_review_below_is_told(server: Server, citizen: Citizen, official: str) -> None:
    async with socket(server) as connection:
        await hearing(connection, official, "MINISTRY", now(citizen.url))
        done = await citizen.submit("CLINIC", comment="<b>Long</b> queue")
        first = (await connection.told())["reviewAdded"]
        assert first["review"]["text"] == "<b>Long</b> queue"
        await citizen.withdraw(done["submission"]["id"])
        # What has no words is no review: the next that is told is the one after it.
        silent = await citizen.submit("CLINIC")
        await citizen.withdraw(silent["submission"]["id"])
        await citizen.submit("CLINIC", comment="Second", publishComment=False)
        second = (await connection.told())["reviewAdded"]
        assert (second["review"]["text"], second["review"]["state"]) == ("Second", "PRIVATE")
    with psycopg.connect(citizen.url) as connection:
        told = "SELECT count(*) FROM audit_event WHERE action = 'DATA_READ' AND details ->> 'field' = 'reviewAdded'"
        assert connection.execute(told).fetchone() == (1,)


async def test_who_resumes_is_told_what_came_meanwhile(
    server: Server, citizen: Citizen, names: Iterator[str], official: str
) -> None:
    another = Citizen(citizen.client, citizen.url, next(names))
    async with socket(server) as connection:
        await hearing(connection, official, "HOSPITAL", now(citizen.url))
        await citizen.submit("HOSPITAL", comment="First")
        cursor = (await connection.told())["reviewAdded"]["cursor"]
    await another.submit("HOSPITAL", comment="Meanwhile")
    async with socket(server) as connection:
        await hearing(connection, official, "HOSPITAL", cursor)
        assert (await connection.told())["reviewAdded"]["review"]["text"] == "Meanwhile"


@pytest.mark.parametrize(("who", "code"), [("nobody", "UNAUTHENTICATED"), ("citizen", "FORBIDDEN")])
async def test_nobody_else_hears_of_them(server: Server, citizen: Citizen, who: str, code: str) -> None:
    payload = {} if who == "nobody" else {"authorization": f"Bearer {citizen.client.token_for(str(citizen.account))}"}
    async with socket(server) as connection:
        await connection.begin(**payload)
        await connection.subscribe("1", HEAR, code="MINISTRY")
        message = await connection.heard()
    assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", code)


async def test_a_role_that_ends_ends_what_is_told(
    server: Server, citizen: Citizen, official: str, watched_url: str
) -> None:
    async with socket(server) as connection:
        await hearing(connection, official, "REGION", now(citizen.url))
        done = await citizen.submit("CLINIC", comment="For them")
        assert (await connection.told())["reviewAdded"]["review"]["text"] == "For them"
        await citizen.withdraw(done["submission"]["id"])
        with psycopg.connect(watched_url) as database:
            database.execute(
                "UPDATE role_grant SET revoked_at = now(), valid_to = current_date FROM organization"
                " WHERE organization.id = organization_id AND organization.code = 'MINISTRY' AND role = 'STAFF'"
            )
        await citizen.submit("CLINIC", comment="Not for them", publishComment=False)
        assert (await connection.told())["reviewAdded"]["review"] is None
