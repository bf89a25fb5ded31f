"""Signing in and out: with real cookies in a browser's jar, and with an app's tokens."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest

from auth.passwords import Hashes
from tests.browsers import CHEAP, ELSEWHERE, PAGE, REFRESH, SIGN_IN, SIGN_OUT, Browser, browser_of, with_password
from tests.citizens import result
from tests.clients import Client, client_of

ME, EMAIL = "citizen-1", "citizen-1@example.org"
# Of an account that came from an older portal, and has no password yet.
IMPORTED = "imported@example.org"
SESSIONS = "{ viewer { sessions { id kind agent isCurrent endedAt } } }"
END = """mutation($id: ID!) { endSession(input: {session: $id}) {
    __typename ... on Problem { code } ... on EndSessionPayload { session { endedAt } } } }"""


@pytest.fixture
async def portal(stage_url: str, tmp_path: Path) -> AsyncIterator[Client]:
    """The portal over the small country, in which one citizen has a password."""
    with_password(stage_url, ME)
    async with client_of(stage_url, tmp_path, **CHEAP) as client:
        yield client


@pytest.fixture
async def browser(portal: Client) -> AsyncIterator[Browser]:
    async with browser_of(portal) as browser:
        yield browser


def rows(url: str, query: LiteralString) -> list[Any]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


def open_sessions(url: str) -> int:
    ((number,),) = rows(url, "SELECT count(*) FROM session WHERE ended_at IS NULL")
    return int(number)


def age(url: str, days: int) -> None:
    """Make everything that was used look as if that had been some days ago."""
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE session SET expires_at = expires_at - make_interval(days => %s)", [days])


async def test_a_browser_is_signed_in_by_its_cookie(browser: Browser) -> None:
    assert await browser.who() is None
    answer = await browser.ask(SIGN_IN, input={"email": EMAIL.upper(), "password": "yellow river boat"})
    assert result(answer)["__typename"] == "SignInPayload"
    assert {value for name, value in result(answer).items() if name != "__typename"} == {None}
    (cookie,) = answer.response.headers.get_list("set-cookie")
    name, *attributes = cookie.split("; ")
    assert name.startswith("__Host-")
    assert {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"} < set(attributes)
    assert not any(each.startswith("Domain") for each in attributes)
    assert await browser.who() == ME


async def test_an_app_has_tokens_and_no_cookie(browser: Browser, stage_url: str) -> None:
    signed_in = await browser.sign_in(EMAIL, client="APP")
    assert browser.secret is None
    assert await browser.who(signed_in["accessToken"]) == ME
    lasts = datetime.fromisoformat(signed_in["accessTokenExpiresAt"]) - datetime.now(UTC)
    assert timedelta(minutes=9) < lasts < timedelta(minutes=11)
    kept = repr(rows(stage_url, "SELECT * FROM session"))
    assert not any(part in kept for part in signed_in["refreshToken"].split("."))


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (EMAIL, "yellow river boot"),
        ("nobody@example.org", "yellow river boat"),
        (IMPORTED, "yellow river boat"),
        (EMAIL, ""),
    ],
)
async def test_whatever_is_wrong_is_answered_alike_and_takes_the_same_work(
    portal: Client, browser: Browser, stage_url: str, monkeypatch: pytest.MonkeyPatch, email: str, password: str
) -> None:
    verified: list[str] = []
    verify = Hashes.match

    def counted(self: Hashes, hash_: str | None, given: str) -> bool:
        verified.append(given)
        return verify(self, hash_, given)

    monkeypatch.setattr(Hashes, "match", counted)
    with psycopg.connect(stage_url) as connection:
        connection.execute("UPDATE account SET email = %s WHERE code = 'citizen-2'", [IMPORTED])
    portal.statements.clear()
    refused = await browser.sign_in(email, password)
    assert refused == {"__typename": "CredentialsProblem", "code": "CREDENTIALS_WRONG", "path": ["input"]}
    assert verified == [password]
    assert len(portal.statements) == 3  # two attempts are counted, one credential is looked up
    assert open_sessions(stage_url) == 0
    assert browser.secret is None


async def test_an_account_without_a_password_is_nobodys(browser: Browser, stage_url: str) -> None:
    with psycopg.connect(stage_url) as connection:
        connection.execute("DELETE FROM credential")
    assert (await browser.sign_in(EMAIL, ""))["code"] == "CREDENTIALS_WRONG"
    assert (await browser.sign_in(EMAIL, "nobody has this password"))["code"] == "CREDENTIALS_WRONG"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"email": "no address"}, "EMAIL_INVALID"),
        ({"email": "a\0@b.by"}, "EMAIL_INVALID"),
        ({"password": "p" * 201}, "PASSWORD_TOO_LONG"),
    ],
)
async def test_what_nobody_can_have_is_refused(browser: Browser, stage_url: str, changes: Any, code: str) -> None:
    given = {"email": EMAIL, "password": "yellow river boat"} | changes
    assert (await browser.sign_in(given["email"], given["password"]))["code"] == code
    assert rows(stage_url, "SELECT 1 FROM attempt") == []


async def test_guessing_takes_longer_each_time(browser: Browser, stage_url: str) -> None:
    for _ in range(5):
        assert (await browser.sign_in(EMAIL, "wrong"))["code"] == "CREDENTIALS_WRONG"
    prolong(stage_url, minutes=1)
    blocked = await browser.sign_in(EMAIL)
    prolong(stage_url, minutes=-1)
    assert (blocked["__typename"], blocked["code"]) == ("TooManyAttemptsProblem", "TOO_MANY_ATTEMPTS")
    assert open_sessions(stage_url) == 0
    delays = [wait(stage_url)]
    for _ in range(12):
        assert (await browser.sign_in(EMAIL, "wrong"))["code"] == "CREDENTIALS_WRONG"
        delays.append(wait(stage_url))
    assert delays == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
    assert (await browser.sign_in(EMAIL))["__typename"] == "SignInPayload"
    assert rows(stage_url, "SELECT count FROM attempt ORDER BY 1") == [(17,)]  # those of the network address stay


def prolong(url: str, minutes: int) -> None:
    """Have all delays last longer: on a slow machine one of a second is over before the next try."""
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE attempt SET free_at = free_at + make_interval(mins => %s)", [minutes])


def wait(url: str) -> int:
    """How many seconds the longest delay is, which then is over."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT max(free_at - expires_at + interval '1 day') FROM attempt").fetchone()
        connection.execute("UPDATE attempt SET free_at = now() - interval '1 second'")
    assert row
    return round(float(row[0].total_seconds()))


async def test_guessing_tells_nobody_whether_there_is_an_account(browser: Browser, stage_url: str) -> None:
    """Delays are those of the address that was tried, whosever it is."""
    seen = []
    for email in (EMAIL, "nobody@example.org"):
        answers = [await browser.sign_in(email, "wrong") for _ in range(5)]
        prolong(stage_url, minutes=1)
        answers.append(await browser.sign_in(email, "wrong"))
        prolong(stage_url, minutes=-1)
        seen.append(([(each["__typename"], each["code"]) for each in answers], wait(stage_url)))
    assert seen[0] == seen[1]
    assert seen[0][0][-1] == ("TooManyAttemptsProblem", "TOO_MANY_ATTEMPTS")


async def test_many_guesses_at_once_are_as_many_one_after_the_other(browser: Browser, stage_url: str) -> None:
    found = await asyncio.gather(*(browser.sign_in(EMAIL, f"guess {n}") for n in range(12)))
    assert sorted(each["code"] for each in found) == ["CREDENTIALS_WRONG"] * 5 + ["TOO_MANY_ATTEMPTS"] * 7


async def test_the_table_of_attempts_tells_nobody_whose_they_are(browser: Browser, stage_url: str) -> None:
    await browser.sign_in("nobody@example.org", "wrong")
    assert "nobody" not in repr(rows(stage_url, "SELECT * FROM attempt"))


async def test_signing_out_ends_the_session_and_the_cookie(browser: Browser, stage_url: str) -> None:
    await browser.sign_in(EMAIL)
    secret = browser.secret
    assert secret
    assert result(await browser.ask(SIGN_OUT)) == {"endedSessions": 1}
    assert (browser.secret, open_sessions(stage_url)) == (None, 0)
    assert await browser.who() is None
    assert result(await browser.ask(SIGN_OUT)) == {"endedSessions": 0}


async def test_a_session_that_is_not_used_is_over(browser: Browser, stage_url: str) -> None:
    app = await browser.sign_in(EMAIL, client="APP")
    await browser.sign_in(EMAIL)
    age(stage_url, 30)
    assert await browser.who() is None
    assert browser.secret is None  # the answer has it dropped
    assert result(await browser.ask(REFRESH, token=app["refreshToken"]))["code"] == "REFRESH_TOKEN_INVALID"
    assert (
        await browser.ask("{ __typename }", {"Authorization": f"Bearer {app['accessToken']}"})
    ).response.status_code == 401


async def test_a_session_that_is_used_lasts(browser: Browser, stage_url: str) -> None:
    await browser.sign_in(EMAIL)
    with psycopg.connect(stage_url) as connection:
        connection.execute(
            "UPDATE session SET last_seen_at = now() - interval '1 day', expires_at = now() + interval '1 day'"
        )
    assert await browser.who() == ME
    query = "SELECT expires_at > now() + interval '29 days', last_seen_at > now() - interval '1 minute' FROM session"
    assert rows(stage_url, query) == [(True, True)]


async def test_no_session_lasts_for_ever(browser: Browser, stage_url: str) -> None:
    await browser.sign_in(EMAIL)
    with psycopg.connect(stage_url) as connection:
        connection.execute(
            "UPDATE session SET opened_at = now() - interval '364 days', last_seen_at = now() - interval '1 day'"
        )
    assert await browser.who() == ME
    assert rows(stage_url, "SELECT expires_at < now() + interval '2 days' FROM session") == [(True,)]


async def test_the_next_refresh_token_is_another(browser: Browser) -> None:
    first = await browser.sign_in(EMAIL, client="APP")
    second = result(await browser.ask(REFRESH, token=first["refreshToken"]))
    third = result(await browser.ask(REFRESH, token=second["refreshToken"]))
    assert len({each["refreshToken"] for each in (first, second, third)}) == 3
    assert await browser.who(third["accessToken"]) == ME


async def test_a_refresh_token_used_twice_ends_the_session_for_both(browser: Browser, stage_url: str) -> None:
    first = await browser.sign_in(EMAIL, client="APP")
    other = await browser.sign_in(EMAIL, client="APP")
    second = result(await browser.ask(REFRESH, token=first["refreshToken"]))
    refused = result(await browser.ask(REFRESH, token=first["refreshToken"]))
    assert (refused["__typename"], refused["code"]) == ("CredentialsProblem", "REFRESH_TOKEN_INVALID")
    assert result(await browser.ask(REFRESH, token=second["refreshToken"])) == refused
    assert (
        await browser.ask("{ __typename }", {"Authorization": f"Bearer {second['accessToken']}"})
    ).response.status_code == 401
    assert open_sessions(stage_url) == 1
    assert await browser.who(other["accessToken"]) == ME


async def test_of_many_who_use_a_refresh_token_at_once_nobody_keeps_the_session(
    browser: Browser, stage_url: str
) -> None:
    first = await browser.sign_in(EMAIL, client="APP")
    asked = await asyncio.gather(*(browser.ask(REFRESH, token=first["refreshToken"]) for _ in range(5)))
    given = [each["refreshToken"] for each in map(result, asked) if each["__typename"] == "RefreshTokensPayload"]
    assert len(given) == 1
    assert open_sessions(stage_url) == 0
    assert result(await browser.ask(REFRESH, token=given[0]))["code"] == "REFRESH_TOKEN_INVALID"


@pytest.mark.parametrize("token", ["", ".", "x.y", "й", "x" * 10_000])
async def test_a_refresh_token_that_is_none_is_refused(browser: Browser, stage_url: str, token: str) -> None:
    await browser.sign_in(EMAIL, client="APP")
    assert result(await browser.ask(REFRESH, token=token))["code"] == "REFRESH_TOKEN_INVALID"
    assert open_sessions(stage_url) == 1


async def test_a_cookies_secret_is_no_refresh_token_nor_the_other_way_round(browser: Browser, stage_url: str) -> None:
    app = await browser.sign_in(EMAIL, client="APP")
    await browser.sign_in(EMAIL)
    assert result(await browser.ask(REFRESH, token=browser.secret))["code"] == "REFRESH_TOKEN_INVALID"
    browser.http.cookies.clear()
    headers = {**PAGE, "Cookie": f"__Host-portal-session={app['refreshToken'].split('.')[0]}"}
    assert (await browser.ask("{ viewer { kind } }", headers)).data == {"viewer": None}
    assert open_sessions(stage_url) == 2


async def test_sessions_are_listed_and_ended_one_by_one(portal: Client, browser: Browser, stage_url: str) -> None:
    await browser.sign_in(EMAIL)
    app = await browser.sign_in(EMAIL, client="APP")
    listed = (await browser.ask(SESSIONS)).data["viewer"]["sessions"]
    assert [(each["kind"], each["isCurrent"]) for each in listed] == [("APP", False), ("BROWSER", True)]
    assert {each["agent"] for each in listed} == {"Firefox, Linux"}
    ended = result(await browser.ask(END, id=listed[0]["id"]))
    assert ended["session"]["endedAt"]
    assert result(await browser.ask(END, id=listed[0]["id"])) == ended
    assert (
        await browser.ask("{ __typename }", {"Authorization": f"Bearer {app['accessToken']}"})
    ).response.status_code == 401
    assert len((await browser.ask(SESSIONS)).data["viewer"]["sessions"]) == 1
    assert open_sessions(stage_url) == 1


async def test_nobody_sees_or_ends_anothers_session(portal: Client, browser: Browser, stage_url: str) -> None:
    await browser.sign_in(EMAIL)
    (session,) = (await browser.ask(SESSIONS)).data["viewer"]["sessions"]
    other = portal.token_for("citizen-2")
    refused = result(await portal.query(END, {"id": session["id"]}, other))
    assert refused == {"__typename": "UnknownReferenceProblem", "code": "SESSION_UNKNOWN"}
    node = "query($id: ID!) { node(id: $id) { id } }"
    for token in (other, None):
        assert (await portal.query(node, {"id": session["id"]}, token)).data == {"node": None}
    assert (await portal.query(END, {"id": session["id"]})).refusal == ("UNAUTHENTICATED", None)
    assert open_sessions(stage_url) == 1


async def test_signing_out_everywhere_ends_them_all(portal: Client, browser: Browser, stage_url: str) -> None:
    with_password(stage_url, "citizen-2")
    await browser.sign_in("citizen-2@example.org", client="APP")
    app = await browser.sign_in(EMAIL, client="APP")
    await browser.sign_in(EMAIL)
    assert result(await browser.ask("mutation { signOutEverywhere { endedSessions } }")) == {"endedSessions": 2}
    assert await browser.who() is None
    assert (
        await browser.ask("{ __typename }", {"Authorization": f"Bearer {app['accessToken']}"})
    ).response.status_code == 401
    assert open_sessions(stage_url) == 1
    assert (await portal.query("mutation { signOutEverywhere { endedSessions } }")).refusal == ("UNAUTHENTICATED", None)


async def test_a_hash_is_renewed_when_the_parameters_change(browser: Browser, stage_url: str, tmp_path: Path) -> None:
    ((before,),) = rows(stage_url, "SELECT hash FROM credential")
    async with (
        client_of(stage_url, tmp_path, password_memory=16, password_passes=1) as client,
        browser_of(client) as later,
    ):
        assert (await later.sign_in(EMAIL))["__typename"] == "SignInPayload"
    ((after,),) = rows(stage_url, "SELECT hash FROM credential")
    assert ("m=8," in before, "m=16," in after) == (True, True)
    assert (await browser.sign_in(EMAIL))["__typename"] == "SignInPayload"


@pytest.mark.parametrize("headers", [ELSEWHERE, {"Origin": "null"}, {}, {"Sec-Fetch-Site": "same-site"}])
async def test_another_sites_page_signs_no_browser_in(browser: Browser, stage_url: str, headers: Any) -> None:
    answer = await browser.ask(SIGN_IN, headers, input={"email": EMAIL, "password": "yellow river boat"})
    assert answer.refusal == ("FORBIDDEN", None)
    assert (browser.secret, open_sessions(stage_url)) == (None, 0)
