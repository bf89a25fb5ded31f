"""Sign-in through a provider, the whole way: pages, forms, redirects and cookies of real providers."""

import httpx
import pytest

from auth.cookies import NAME as COOKIE
from tests.auth.providers.browsers import PORTAL, Browser, error_in
from tests.auth.providers.conftest import Portal

WELCOME = f"{PORTAL}/welcome"


async def test_the_first_sign_in_makes_an_account_with_the_verified_address(browser: Browser) -> None:
    assert str(await browser.sign_in("google", "anna")) == WELCOME
    viewer = await browser.viewer()
    assert viewer["kind"] == "PERSON"
    assert viewer["account"]["email"] == "anna@mail.test"
    assert viewer["account"]["emailConfirmedAt"]
    assert not viewer["account"]["hasPassword"]
    assert [each["provider"] for each in viewer["identities"]] == ["google"]


async def test_the_next_sign_in_opens_the_same_account(browser: Browser, other_browser: Browser) -> None:
    for each in (browser, other_browser):
        assert str(await each.sign_in("google", "boris")) == WELCOME
    assert (await browser.viewer())["account"] == (await other_browser.viewer())["account"]


async def test_who_is_signed_in_at_the_provider_sees_no_form_there(browser: Browser) -> None:
    await browser.sign_in("google", "bruno")
    await browser.ask("mutation { signOut { endedSessions } }")
    assert await browser.viewer() is None
    assert str((await browser.open(f"{PORTAL}/sign-in/google?next=/welcome")).url) == WELCOME
    assert (await browser.viewer())["account"]["email"] == "bruno@mail.test"


async def test_two_people_have_two_accounts(browser: Browser, other_browser: Browser) -> None:
    await browser.sign_in("google", "vera")
    await other_browser.sign_in("google", "gleb")
    assert (await browser.viewer())["account"] != (await other_browser.viewer())["account"]


async def test_the_same_login_at_another_provider_is_somebody_else(browser: Browser, other_browser: Browser) -> None:
    await browser.sign_in("vk", "dora")
    await other_browser.sign_in("google-2", "dora")
    assert (await browser.viewer())["account"]["code"] != (await other_browser.viewer())["account"]["code"]


@pytest.mark.parametrize(("provider", "email"), [("yandex", "egor@mail.test"), ("vk", None)])
async def test_a_plain_provider_tells_who_came_by_userinfo(browser: Browser, provider: str, email: str | None) -> None:
    assert str(await browser.sign_in(provider, "egor")) == WELCOME
    viewer = await browser.viewer()
    assert viewer["account"]["email"] == email
    assert [each["provider"] for each in viewer["identities"]] == [provider]


async def test_an_address_that_is_not_verified_is_not_kept(browser: Browser) -> None:
    assert str(await browser.sign_in("google-2", "unverified.zoya")) == WELCOME
    assert (await browser.viewer())["account"]["email"] is None


async def test_who_speaks_for_a_business_is_one(browser: Browser, other_browser: Browser, portal: Portal) -> None:
    assert str(await browser.sign_in("id-card", "business.inna")) == WELCOME
    assert (await browser.viewer())["kind"] == "BUSINESS"
    assert str(await other_browser.sign_in("id-card", "inna")) == WELCOME
    assert (await other_browser.viewer())["kind"] == "PERSON"
    subjects = {row[3] for row in portal.rows("identity")["identity"]}
    assert {"organization-of-business.inna", "inna"} <= subjects


async def test_a_session_takes_the_place_of_the_one_before(browser: Browser) -> None:
    await browser.sign_in("google", "klim")
    first = browser.cookie(COOKIE)
    await browser.sign_in("google", "klim")
    assert browser.cookie(COOKIE) != first
    sessions = (await browser.ask("{ viewer { sessions { isCurrent agent } } }"))["viewer"]["sessions"]
    assert sessions == [{"isCurrent": True, "agent": "python-httpx"}]


async def test_cookies_are_bound_to_the_host_and_kept_from_scripts(browser: Browser) -> None:
    begun = await browser.http.get(f"{PORTAL}/sign-in/google")
    (cookie,) = begun.headers.get_list("set-cookie")
    assert cookie.startswith("__Host-portal-flow=")
    assert cookie.endswith("; Max-Age=900; Path=/; Secure; HttpOnly; SameSite=Lax")
    assert begun.headers["cache-control"] == "no-store"
    assert begun.headers["referrer-policy"] == "no-referrer"


async def test_what_is_asked_of_a_provider(browser: Browser, openid: str) -> None:
    begun = await browser.http.get(f"{PORTAL}/sign-in/google")
    asked = httpx.URL(begun.headers["location"])
    assert str(asked).startswith(f"{openid}/auth?")
    told = dict(asked.params)
    assert told["redirect_uri"] == f"{PORTAL}/sign-in/google/callback"
    assert told["code_challenge_method"] == "S256"
    assert told["scope"] == "openid email"
    assert told["response_type"] == "code"
    secrets = [told[name] for name in ("state", "nonce", "code_challenge")]
    assert len(set(secrets)) == 3
    assert min(map(len, secrets)) == 43


@pytest.mark.parametrize("next", ["/welcome?tab=1", "/", "/a/b?error=mine"])
async def test_the_way_back_is_the_page_that_was_asked_for(browser: Browser, next: str) -> None:
    page = await browser.open(f"{PORTAL}/sign-in/google", params={"next": next})
    assert str((await browser.answer(page, "lev")).url) == f"{PORTAL}{next}"


@pytest.mark.parametrize(
    "next",
    [
        "https://evil.test/",
        "//evil.test/",
        "/\\evil.test/",
        "\\/evil.test",
        ".evil.test/",
        "@evil.test/",
        ":80@evil.test/",
        "/a\tb",
        "/a\nSet-Cookie: x=y",
        "javascript:alert(1)",
        "/" + "a" * 2000,
        "",
    ],
)
async def test_the_way_back_leads_nowhere_else(browser: Browser, next: str) -> None:
    page = await browser.open(f"{PORTAL}/sign-in/google", params={"next": next})
    assert str((await browser.answer(page, "mila")).url) == f"{PORTAL}/"
    refused = await browser.http.get(f"{PORTAL}/sign-in/nobody", params={"next": next})
    assert refused.headers["location"].startswith(f"{PORTAL}/?error=PROVIDER_UNKNOWN&requestId=")


async def test_two_tabs_find_their_own_ways_back(browser: Browser) -> None:
    pages = [await browser.open(f"{PORTAL}/sign-in/{code}?next=/{code}") for code in ("yandex", "vk")]
    ends = [str((await browser.answer(page, "nina")).url) for page in pages]
    assert ends == [f"{PORTAL}/yandex", f"{PORTAL}/vk"]


@pytest.mark.parametrize("login", ["just-expired.olga", "a-little-ahead.olga", "good-hash.olga", "rotated.olga"])
async def test_a_good_token_is_good(browser: Browser, login: str) -> None:
    """A clock that is off by less than 30 seconds; a hash of the access token; a key that is new."""
    assert error_in(await browser.sign_in("google", login)) is None
    assert (await browser.viewer())["account"]["email"] == f"{login}@mail.test"


async def test_providers_are_offered_in_their_order_and_by_their_names(browser: Browser) -> None:
    query = "query($in: Language) { signInProviders { code name(language: $in) } }"
    for language, names in {"BE": ["Гугл", "ID-карта", "Яндекс"], "EN": ["Google", "ID-карта", "Яндекс"]}.items():
        offered = (await browser.ask(query, **{"in": language}))["signInProviders"]
        assert [each["code"] for each in offered] == [
            "google",
            "google-2",
            "id-card",
            "yandex",
            "vk",
            "away",
            "half-away",
        ]
        assert [offered[place]["name"] for place in (0, 2, 3)] == names
