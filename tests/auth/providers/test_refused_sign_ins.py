"""Sign-ins that end without one: the person is told a code on a page of the portal's, and nothing has changed."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest

from auth.providers import flows
from auth.providers.client import ProviderClient
from auth.providers.configuration import Names, Provider
from auth.providers.refusals import SignInError, SignInRefused
from portal.app import create_app
from portal.settings import Settings
from tests.auth.providers.browsers import PORTAL, Browser, browser_of, error_in
from tests.auth.providers.conftest import Portal
from transport.sign_in import BROWSER_COOKIE

BAD_TOKENS = (
    "tampered",
    "other-audience",
    "more-audiences",
    "other-issuer",
    "other-nonce",
    "no-nonce",
    "other-hash",
    "expired",
    "from-the-future",
    "unsigned",
    "secret",
    "foreign-key",
    "unknown-key",
    "no-subject",
    "no-token",
    "other-person",
)


def changed(address: str, **parameters: str) -> str:
    """An address with other parameters in its query."""
    url = httpx.URL(address)
    return str(url.copy_with(params=url.params.merge(parameters)))


async def refused(portal: Portal, browser: Browser, address: str) -> str | None:
    """The code that a callback is refused with; the test fails where it changes something."""
    before, viewer = portal.rows(), await browser.viewer()
    end = await browser.open(address)
    assert str(end.url).startswith(f"{PORTAL}/")
    assert portal.rows() == before
    assert await browser.viewer() == viewer
    return error_in(end.url)


@pytest.mark.parametrize("misdeed", BAD_TOKENS)
async def test_a_bad_id_token(portal: Portal, browser: Browser, misdeed: str) -> None:
    callback = await browser.callback("google", f"{misdeed}.anton")
    assert await refused(portal, browser, callback) == "ANSWER_INVALID"


@pytest.mark.parametrize("state", ["another", "", "\0", "a" * 43])
async def test_another_state(portal: Portal, browser: Browser, state: str) -> None:
    callback = await browser.callback("google", "bella")
    assert await refused(portal, browser, changed(callback, state=state)) == "FLOW_UNKNOWN"


async def test_the_state_of_another_browser(portal: Portal, browser: Browser, other_browser: Browser) -> None:
    """Whoever is handed somebody else's callback is not signed in as them; nor is it lost to who began it."""
    callback = await other_browser.callback("google", "carl")
    assert await refused(portal, browser, callback) == "FLOW_UNKNOWN"
    await browser.callback("google", "dina")
    assert await refused(portal, browser, callback) == "FLOW_UNKNOWN"
    assert error_in((await other_browser.open(callback)).url) is None


async def test_a_callback_is_good_once(portal: Portal, browser: Browser) -> None:
    callback = await browser.callback("google", "emma")
    assert error_in((await browser.open(callback)).url) is None
    assert await refused(portal, browser, callback) == "FLOW_UNKNOWN"


async def test_a_flow_does_not_last(portal: Portal, browser: Browser) -> None:
    callback = await browser.callback("google", "emil")
    portal.execute("UPDATE sign_in_flow SET expires_at = now()")
    assert await refused(portal, browser, callback) == "FLOW_UNKNOWN"


async def test_flows_that_are_over_go(portal: Portal, browser: Browser) -> None:
    portal.execute("DELETE FROM sign_in_flow")
    await browser.callback("google", "erik")
    portal.execute("UPDATE sign_in_flow SET expires_at = now() - interval '1 second'")
    await browser.callback("google", "erik")
    assert len(portal.rows("sign_in_flow")["sign_in_flow"]) == 1


async def test_a_callback_of_another_provider(portal: Portal, browser: Browser) -> None:
    """A careless provider's answer is not taken to another one's address (mix-up)."""
    callback = await browser.callback("google-2", "fred")
    mixed = callback.replace("/sign-in/google-2/", "/sign-in/google/")
    assert mixed != callback
    assert await refused(portal, browser, mixed) == "FLOW_UNKNOWN"


async def test_another_issuer_in_the_answer(portal: Portal, browser: Browser) -> None:
    callback = await browser.callback("google", "fedor")
    assert await refused(portal, browser, changed(callback, iss="https://another.test")) == "ANSWER_INVALID"


async def test_an_issuer_that_is_left_out(portal: Portal, browser: Browser) -> None:
    callback = await browser.callback("google", "foma")
    without = re.sub(r"&iss=[^&]+", "", callback)
    assert without != callback
    assert await refused(portal, browser, without) == "ANSWER_INVALID"


async def test_a_parameter_that_comes_twice(portal: Portal, browser: Browser) -> None:
    callback = await browser.callback("google", "frida")
    assert await refused(portal, browser, f"{callback}&code=another") == "ANSWER_INVALID"


@pytest.mark.parametrize("code", ["another", ""])
async def test_another_code(portal: Portal, browser: Browser, code: str) -> None:
    callback = await browser.callback("google", "gleb")
    error = "PROVIDER_REFUSED" if code else "ANSWER_INVALID"
    assert await refused(portal, browser, changed(callback, code=code)) == error


@pytest.mark.parametrize("provider", ["google", "yandex"])
async def test_a_code_of_another_flow(portal: Portal, browser: Browser, provider: str) -> None:
    """Somebody else's code, slipped into one's own flow: its secret (PKCE) does not fit."""
    stolen = httpx.URL(await browser.callback(provider, "hanna")).params["code"]
    callback = await browser.callback(provider, "ilya")
    assert await refused(portal, browser, changed(callback, code=stolen)) == "PROVIDER_REFUSED"


async def test_a_code_that_was_used(portal: Portal, browser: Browser) -> None:
    used = await browser.callback("vk", "ivan")
    assert error_in((await browser.open(used)).url) is None
    again = changed(await browser.callback("vk", "ivan"), code=httpx.URL(used).params["code"])
    assert await refused(portal, browser, again) == "PROVIDER_REFUSED"


async def test_a_parameter_that_the_provider_misses(portal: Portal, browser: Browser) -> None:
    callback = await browser.callback("vk", "jana")
    assert await refused(portal, browser, changed(callback, device_id="another")) == "PROVIDER_REFUSED"


async def test_who_changes_their_mind_is_told_so(portal: Portal, browser: Browser) -> None:
    page = await browser.open(f"{PORTAL}/sign-in/google?next=/welcome")
    (cancel,) = re.findall(r'href="([^"]+/abort)"', page.text)
    before = portal.rows()
    assert error_in((await browser.open(str(page.url.join(cancel)))).url) == "CANCELLED"
    assert portal.rows() == before
    page = await browser.open(f"{PORTAL}/sign-in/yandex?next=/welcome")
    denied = await browser.open(str(page.url), "POST", data={"login": "kira", "answer": "deny"})
    assert error_in(denied.url) == "CANCELLED"
    assert portal.rows() == before


async def test_any_other_error_of_the_provider(portal: Portal, browser: Browser, openid: str) -> None:
    callback = httpx.URL(await browser.callback("google", "lena"))
    told = {"error": "server_error", "state": callback.params["state"], "iss": openid}
    address = f"{PORTAL}/sign-in/google/callback"
    assert await refused(portal, browser, str(httpx.URL(address, params=told))) == "PROVIDER_REFUSED"


@pytest.mark.parametrize("login", ["unverified.maria", "nomail.maria"])
async def test_the_first_sign_in_needs_a_verified_address(portal: Portal, browser: Browser, login: str) -> None:
    callback = await browser.callback("google", login)
    assert await refused(portal, browser, callback) == "EMAIL_NOT_VERIFIED"


async def test_an_address_opens_nobodys_account(portal: Portal, browser: Browser, other_browser: Browser) -> None:
    """Not even a verified one: its owner signs in as before, and links."""
    assert error_in(await other_browser.sign_in("google", "nadia")) is None
    callback = await browser.callback("yandex", "nadia")
    assert await refused(portal, browser, callback) == "EMAIL_IN_USE"


@pytest.mark.parametrize(("provider", "error"), [("google", "EMAIL_NOT_VERIFIED"), ("google-2", None)])
async def test_an_address_that_is_not_verified_tells_nobody_who_has_an_account(
    portal: Portal, provider: str, error: str | None
) -> None:
    """With one that is somebody's, and with one that is nobody's: the same end, and no letter to anybody."""
    portal.execute(
        "WITH one AS (INSERT INTO rater (kind) VALUES ('PERSON') RETURNING id)"
        " INSERT INTO account (code, rater_id, email) SELECT %s, id, %s FROM one",
        f"there-{provider}",
        f"unverified.{provider}@mail.test",
    )
    letters = portal.rows("mail")
    for login in (f"unverified.{provider}", f"unverified.no-{provider}"):
        async with browser_of(portal.application) as each:
            assert error_in(await each.sign_in(provider, login)) == error
            viewer = await each.viewer()
            assert viewer is None if error else viewer["account"]["email"] is None
    assert portal.rows("mail") == letters


async def test_the_case_of_an_address_makes_no_difference(portal: Portal, browser: Browser) -> None:
    portal.execute(
        "WITH one AS (INSERT INTO rater (kind) VALUES ('PERSON') RETURNING id)"
        " INSERT INTO account (code, rater_id, email) SELECT 'imported', id, 'OLEG@Mail.Test' FROM one"
    )
    callback = await browser.callback("google", "oleg")
    assert await refused(portal, browser, callback) == "EMAIL_IN_USE"


async def test_who_comes_for_another_kind(portal: Portal, browser: Browser) -> None:
    """Were one subject a person today and a business tomorrow, each would rate as the other."""
    assert error_in(await browser.sign_in("id-card", "pavel")) is None
    portal.execute(
        "UPDATE rater SET kind = 'BUSINESS' FROM account, identity WHERE rater.id = rater_id"
        " AND account.id = account_id AND subject = 'pavel' AND provider = 'id-card'"
    )
    callback = await browser.callback("id-card", "pavel")
    assert await refused(portal, browser, callback) == "OTHER_KIND"


async def test_a_provider_that_is_away(portal: Portal, browser: Browser) -> None:
    before = portal.rows("account", "identity", "session", "sign_in_flow")
    begun = await browser.open(f"{PORTAL}/sign-in/away?next=/welcome")
    assert error_in(begun.url) == "PROVIDER_UNAVAILABLE"
    assert begun.url.path == "/welcome"
    assert portal.rows("account", "identity", "session", "sign_in_flow") == before


async def test_a_provider_that_is_away_when_somebody_returns(portal: Portal, browser: Browser) -> None:
    callback = httpx.URL(await browser.callback("vk", "rita"))
    begun = await browser.http.get(f"{PORTAL}/sign-in/half-away?next=/welcome")
    state = httpx.URL(begun.headers["location"]).params["state"]
    address = httpx.URL(
        f"{PORTAL}/sign-in/half-away/callback", params={"state": state, "code": callback.params["code"]}
    )
    assert await refused(portal, browser, str(address)) == "PROVIDER_UNAVAILABLE"


async def test_an_unknown_provider(portal: Portal, browser: Browser) -> None:
    for address in ("/sign-in/nobody", "/sign-in/nobody/callback?state=a&code=b"):
        assert await refused(portal, browser, f"{PORTAL}{address}") == "PROVIDER_UNKNOWN"


async def test_too_many_begin_at_one_address(portal: Portal, browser: Browser) -> None:
    ends = [await browser.http.get(f"{PORTAL}/sign-in/yandex") for _ in range(55)]
    errors = [error_in(end.headers["location"]) for end in ends]
    assert errors[:49] == [None] * 49
    # Delays begin with a second: on a slow machine one may be over before the next begins, but not each.
    assert "TOO_MANY_ATTEMPTS" in errors[49:]


async def test_a_database_that_is_away(portal: Portal, configuration: Path, tmp_path: Path) -> None:
    settings = Settings(database_url=portal.url, home=tmp_path, public_url=PORTAL, providers=str(configuration))
    async with browser_of(create_app(settings)) as browser:  # which nobody has started
        for address in ("/sign-in/yandex?next=/welcome", "/sign-in/yandex/callback?state=a&code=b"):
            browser.http.cookies.set(BROWSER_COOKIE, "a" * 43, domain="portal.test")
            assert error_in((await browser.open(f"{PORTAL}{address}")).url) == "UNAVAILABLE"


@asynccontextmanager
async def listening(answer: bytes) -> AsyncIterator[str]:
    """The address of a server that answers each request so, and hangs up; an empty answer is none, for ever."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Who asks may have lost patience before it has said all, and be gone.
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            if answer:
                writer.write(answer)
                writer.write_eof()
            await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def http_answer(body: str, status: str = "200 OK", headers: Mapping[str, str] | None = None) -> bytes:
    told = {"Content-Type": "application/json", "Content-Length": str(len(body)), **(headers or {})}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in told.items()), "", body]
    return "\r\n".join(lines).encode()


@pytest.mark.parametrize(
    ("answer", "error", "reason"),
    [
        (b"", SignInError.PROVIDER_UNAVAILABLE, "TimeoutError"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", SignInError.PROVIDER_UNAVAILABLE, "RemoteProtocolError"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", SignInError.PROVIDER_UNAVAILABLE, "RemoteProtocolError"),
        (http_answer("", "503 Service Unavailable"), SignInError.PROVIDER_UNAVAILABLE, "answered 503"),
        (http_answer("", "302 Found", {"Location": "/"}), SignInError.PROVIDER_UNAVAILABLE, "answered 302"),
        (http_answer("<html>"), SignInError.ANSWER_INVALID, "no JSON object"),
        (http_answer("[]"), SignInError.ANSWER_INVALID, "no JSON object"),
        (http_answer('{"issuer": "https://another.test"}'), SignInError.ANSWER_INVALID, "another issuer's"),
    ],
    ids=["silent", "half", "no-http", "overloaded", "redirect", "no-json", "no-object", "another-issuer"],
)
async def test_a_provider_that_answers_no_sense(answer: bytes, error: SignInError, reason: str) -> None:
    async with listening(answer) as address:
        provider = Provider(
            code="odd",
            names=Names(en="Odd"),
            issuer=address,
            client_id="a",
            client_authentication="none",
            scopes=["openid"],
        )
        # What is to be read is waited for, on the slowest machine; what will not come is not.
        patience = 30.0 if answer else 0.1
        trust = ssl.create_default_context()
        client = ProviderClient(provider, f"{PORTAL}/sign-in/odd/callback", trust, patience)
        with pytest.raises(SignInRefused) as refusal:
            await client.authorization_url(flows.new("odd", "/", None))
    assert refusal.value.error is error
    assert refusal.value.reason.endswith(reason)
