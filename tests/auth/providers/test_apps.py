"""Apps sign in through a provider, the whole way: the system's browser, real redirects, and tokens in the end."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from auth.providers.apps import Redirects
from tests.auth.providers.apps import App
from tests.auth.providers.browsers import PORTAL, Browser, browser_of, error_in
from tests.auth.providers.conftest import REDIRECTS, TABLES, Portal

PLAIN = "a" * 43
ADDRESSES = (
    "org.example.rating:/signed-in",
    "https://app.example.org/signed-in",
    "http://127.0.0.1/done",
    "http://127.0.0.1:51004/done",
    "http://[::1]:8/done?a=b",
)
REFUSED = {"__typename": "CredentialsProblem", "code": "SIGN_IN_CODE_INVALID", "path": ["input", "code"]}


@pytest.fixture
async def app(portal: Portal, browser: Browser) -> AsyncIterator[App]:
    """An app on the device of somebody's browser."""
    async with browser_of(portal.application) as own:
        yield App(browser, own.http)


async def begins_nothing(portal: Portal, browser: Browser, address: str) -> str:
    """Where an address leads at once; the test fails where it changes anything, or sends somebody to a provider."""
    before = portal.rows(*TABLES)
    begun = await browser.http.get(address)
    assert portal.rows(*TABLES) == before
    return str(begun.headers["location"])


@pytest.mark.parametrize("redirect_uri", ADDRESSES)
async def test_an_app_has_tokens_in_the_end(portal: Portal, app: App, redirect_uri: str) -> None:
    app = App(app.browser, app.http, redirect_uri)
    told = await app.called_back("adam")
    signed_in = await app.sign_in(told["code"])
    assert signed_in["__typename"] == "SignInPayload"
    viewer = await app.viewer(signed_in["accessToken"])
    assert viewer["account"]["email"] == "adam@mail.test"
    assert {"kind": "APP", "isCurrent": True} in viewer["sessions"]
    renewed = await app.refresh(signed_in["refreshToken"])
    assert await app.viewer(renewed["accessToken"]) == viewer


async def test_a_browser_and_an_app_open_the_same_account(browser: Browser, app: App) -> None:
    await browser.sign_in("yandex", "agata")
    before = await browser.viewer()
    signed_in = await app.sign_in((await app.called_back("agata", "yandex"))["code"])
    assert (await app.viewer(signed_in["accessToken"]))["account"]["code"] == before["account"]["code"]
    assert await browser.viewer() == before  # nor is the browser's session touched


async def test_the_browser_is_signed_in_nowhere_by_that(browser: Browser, app: App) -> None:
    await app.called_back("alba")
    assert await browser.viewer() is None


async def test_only_digests_are_kept(portal: Portal, app: App) -> None:
    told = await app.called_back("alma")
    kept = repr(portal.rows(*TABLES, "app_code"))
    assert not any(secret in kept for secret in (told["code"], app.verifier))


async def test_a_code_is_good_once(portal: Portal, app: App) -> None:
    code = (await app.called_back("amir"))["code"]
    signed_in = await app.sign_in(code)
    before = portal.rows()
    assert await app.sign_in(code) == REFUSED
    assert portal.rows() == before
    assert await app.viewer(signed_in["accessToken"])


async def test_a_code_that_comes_twice_at_once_is_good_once(portal: Portal, app: App) -> None:
    code, before = (await app.called_back("amos"))["code"], len(portal.rows()["session"])
    found = await asyncio.gather(*(app.sign_in(code) for _ in range(4)))
    assert sorted(each["__typename"] for each in found) == ["CredentialsProblem"] * 3 + ["SignInPayload"]
    assert len(portal.rows()["session"]) == before + 1


@pytest.mark.parametrize("verifier", ["", "another", "й", "a" * 200])
async def test_a_code_is_good_for_nobody_else(portal: Portal, app: App, verifier: str) -> None:
    """Nor is it lost to its app: whoever has come by it cannot spoil it."""
    code, before = (await app.called_back("anton"))["code"], portal.rows()
    assert await app.sign_in(code, verifier) == REFUSED
    assert portal.rows() == before
    assert (await app.sign_in(code))["__typename"] == "SignInPayload"


async def test_a_code_of_another_app(portal: Portal, app: App) -> None:
    other = App(app.browser, app.http)
    code, before = (await app.called_back("aron"))["code"], portal.rows()
    assert await other.sign_in(code) == REFUSED
    assert portal.rows() == before


async def test_a_code_does_not_last(portal: Portal, app: App) -> None:
    code = (await app.called_back("asta"))["code"]
    ((left,),) = portal.ask("SELECT max(expires_at) - now() <= interval '1 minute' FROM app_code")
    portal.execute("UPDATE app_code SET expires_at = now()")
    before = portal.rows()
    assert left
    assert await app.sign_in(code) == REFUSED
    assert portal.rows() == before


@pytest.mark.parametrize("code", ["", "none", "й", "a" * 10_000])
async def test_a_code_that_is_none(portal: Portal, app: App, code: str) -> None:
    before = portal.rows()
    assert await app.sign_in(code) == REFUSED
    assert portal.rows() == before


async def test_who_ends_all_sessions_ends_what_an_app_waits_for(browser: Browser, app: App) -> None:
    await browser.sign_in("google", "axel")
    code = (await app.called_back("axel"))["code"]
    await browser.ask("mutation { signOutEverywhere { endedSessions } }")
    assert await app.sign_in(code) == REFUSED


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "",
        "org.example.rating:/elsewhere",
        "org.example.rating:/signed-in/",
        "org.example.rating:/signed-in?a=b",
        "org.example.other:/signed-in",
        "ORG.EXAMPLE.RATING:/signed-in",
        "https://evil.test/signed-in",
        "https://app.example.org:444/signed-in",
        "https://app.example.org.evil.test/signed-in",
        "http://localhost:51004/done",
        "http://127.0.0.2:51004/done",
        "http://127.0.0.1:51004/elsewhere",
        "http://127.0.0.1:51004@evil.test/done",
        "http://127.0.0.1:51004.evil.test/done",
        "https://127.0.0.1:51004/done",
        "http://[::1]:51004/done",
        "javascript:alert(1)",
        "//evil.test/",
        f"{PORTAL}/welcome",
    ],
)
async def test_nobody_is_called_back_elsewhere(portal: Portal, browser: Browser, app: App, redirect_uri: str) -> None:
    end = await begins_nothing(portal, browser, app.address(redirect_uri=redirect_uri))
    assert end.startswith(f"{PORTAL}/?error=REDIRECT_NOT_ALLOWED&requestId=")


@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge_method": "plain", "code_challenge": PLAIN},
        {"code_challenge_method": None},
        {"code_challenge_method": ""},
        {"code_challenge": None},
        {"code_challenge": ""},
        {"code_challenge": "short"},
        {"code_challenge": "a" * 42 + "="},
        {"code_challenge": "a" * 42 + "b"},
        {"code_challenge": "a" * 44},
        {"link": "1"},
    ],
)
async def test_an_app_without_a_proper_challenge(portal: Portal, browser: Browser, app: App, changes: Any) -> None:
    told = app.told(await begins_nothing(portal, browser, app.address(**changes)))
    assert told["error"] == "REQUEST_INVALID"
    assert told.keys() == {"state", "error", "requestId"}


@pytest.mark.parametrize("state", [None, "", "a\nb", "й", "a" * 501])
async def test_an_app_without_a_state(portal: Portal, browser: Browser, app: App, state: str | None) -> None:
    end = httpx.URL(await begins_nothing(portal, browser, app.address(state=state)))
    assert (end.params["error"], "state" in end.params) == ("REQUEST_INVALID", False)


async def test_errors_of_the_beginning_are_told_to_the_app(portal: Portal, browser: Browser, app: App) -> None:
    for provider, error in {"nobody": "PROVIDER_UNKNOWN", "away": "PROVIDER_UNAVAILABLE"}.items():
        told = app.told(await begins_nothing(portal, browser, app.address(provider)))
        assert told["error"] == error


async def test_errors_of_the_end_are_told_to_the_app(portal: Portal, browser: Browser, app: App) -> None:
    before = portal.rows(*TABLES[:-1])
    for login, error in {"unverified.ben": "EMAIL_NOT_VERIFIED", "tampered.ben": "ANSWER_INVALID"}.items():
        told = await app.called_back(login)
        assert told["error"] == error
        assert "code" not in told
    page = await browser.open(app.address("yandex"))
    denied = await browser.open(str(page.url), "POST", app.redirect_uri, data={"login": "ben", "answer": "deny"})
    assert app.told(denied.headers["location"])["error"] == "CANCELLED"
    assert portal.rows(*TABLES[:-1]) == before


async def test_a_callback_of_an_app_in_another_browser(portal: Portal, browser: Browser, app: App) -> None:
    """Whoever lures somebody to the end of a sign-in that they began themselves gets no code for them."""
    page = await browser.open(app.address())
    callback = (await browser.answer(page, "berta", stop_before=f"{PORTAL}/")).headers["location"]
    before = portal.rows(*TABLES[:-1])
    async with browser_of(portal.application) as another:
        assert error_in((await another.http.get(callback)).headers["location"]) == "FLOW_UNKNOWN"
    assert portal.rows(*TABLES[:-1]) == before


@pytest.mark.parametrize(
    "address",
    [
        "rating:/signed-in",
        "javascript:alert(1)",
        "com.example:alert(1)",
        "http://example.org/",
        "http://localhost/",
        "http://127.0.0.1:8000/",
        "http://127.0.0.1:a/",
        "https:///path",
        "https://user@example.org/",
        "com.example:/#fragment",
        "com.example:/й",
        "/path",
    ],
)
def test_an_address_that_is_no_apps_is_not_configured(address: str) -> None:
    with pytest.raises(ValueError, match="is no address of an app"):
        Redirects.of(f"{REDIRECTS} {address}")


def test_without_configuration_no_app_is_called_back() -> None:
    assert not any(Redirects.of("").allow(each) for each in (*ADDRESSES, ""))
