"""Several identities of one account: linked while signed in, unlinked all but the last."""

from typing import Any

import pytest

from tests.auth.providers.browsers import PORTAL, Browser, error_in
from tests.auth.providers.conftest import Portal

UNLINK = """mutation($id: ID!) { unlinkIdentity(input: {identity: $id}) {
    __typename ... on Problem { code path } ... on UnlinkIdentityPayload { provider } } }"""
LINK = f"{PORTAL}/sign-in/yandex?link=1&next=/welcome"
OWN = {"Sec-Fetch-Site": "same-origin"}


async def unlink(browser: Browser, provider: str) -> Any:
    """The result of unlinking the viewer's identity at a provider."""
    (identity,) = [each["id"] for each in (await browser.viewer())["identities"] if each["provider"] == provider]
    return await unlink_id(browser, identity)


async def unlink_id(browser: Browser, identity: str) -> Any:
    return (await browser.ask(UNLINK, id=identity))["unlinkIdentity"]


async def test_either_identity_opens_the_account(browser: Browser, other_browser: Browser) -> None:
    await browser.sign_in("google", "adam")
    assert str(await browser.link("yandex", "adam")) == f"{PORTAL}/welcome"
    assert await browser.providers() == ["google", "yandex"]
    assert error_in(await other_browser.sign_in("yandex", "adam")) is None
    assert (await other_browser.viewer())["account"] == (await browser.viewer())["account"]


async def test_linking_leaves_the_address_and_the_session(browser: Browser) -> None:
    await browser.sign_in("google", "alla")
    before = await browser.viewer()
    await browser.link("yandex", "another-alla")
    after = await browser.viewer()
    assert after["account"] == before["account"]


async def test_the_owner_is_told_by_mail_what_opens_the_account(portal: Portal, browser: Browser) -> None:
    await browser.sign_in("google", "anya")
    await browser.link("vk", "anya")
    await browser.link("vk", "anya")
    await unlink(browser, "vk")
    letters = [row for row in portal.rows("mail")["mail"] if row[2] == "anya@mail.test"]
    assert [row[1] for row in letters] == ["IDENTITY_LINKED", "IDENTITY_UNLINKED"]


async def test_linking_again_changes_nothing(browser: Browser) -> None:
    await browser.sign_in("google", "bob")
    await browser.link("vk", "bob")
    before = await browser.viewer()
    assert error_in(await browser.link("vk", "bob")) is None
    assert await browser.viewer() == before


async def test_two_identities_at_one_provider(browser: Browser) -> None:
    await browser.sign_in("google", "cleo")
    assert error_in(await browser.link("vk", "cleo")) is None
    assert error_in(await browser.link("vk", "cleo-at-work")) is None
    assert await browser.providers() == ["google", "vk", "vk"]


async def test_an_identity_of_another_account(portal: Portal, browser: Browser, other_browser: Browser) -> None:
    await other_browser.sign_in("vk", "eve")
    await browser.sign_in("google", "dan")
    before = portal.rows()
    assert error_in(await browser.link("vk", "eve")) == "IDENTITY_IN_USE"
    assert portal.rows() == before


async def test_a_business_is_not_linked_to_a_person(portal: Portal, browser: Browser) -> None:
    await browser.sign_in("google", "fay")
    before = portal.rows()
    assert error_in(await browser.link("id-card", "business.fay")) == "OTHER_KIND"
    assert portal.rows() == before
    assert error_in(await browser.link("id-card", "fay")) is None


async def test_nobody_links_who_is_not_signed_in(portal: Portal, browser: Browser) -> None:
    before = portal.rows("sign_in_flow", "identity")
    assert error_in((await browser.open(LINK, headers=OWN)).url) == "NOT_SIGNED_IN"
    assert portal.rows("sign_in_flow", "identity") == before


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Origin": "https://evil.test", "Sec-Fetch-Site": "same-origin"},
    ],
    ids=str,
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_another_sites_page_links_nothing(
    portal: Portal, browser: Browser, method: str, headers: dict[str, str]
) -> None:
    await browser.sign_in("google", "gus")
    before = portal.rows("sign_in_flow", "identity")
    assert error_in((await browser.open(LINK, method, headers=headers)).url) == "STARTED_ELSEWHERE"
    assert portal.rows("sign_in_flow", "identity") == before


async def test_a_form_of_the_portals_links(browser: Browser) -> None:
    await browser.sign_in("google", "hal")
    page = await browser.open(LINK, "POST", headers={"Origin": PORTAL})
    assert error_in((await browser.answer(page, "hal")).url) is None
    assert await browser.providers() == ["google", "yandex"]


async def linking(browser: Browser, login: str) -> str:
    """The callback of a link that is begun and not yet ended."""
    page = await browser.open(LINK, headers=OWN)
    return str((await browser.answer(page, login, stop_before=f"{PORTAL}/")).headers["location"])


async def test_who_has_signed_out_meanwhile_links_nothing(portal: Portal, browser: Browser) -> None:
    await browser.sign_in("google", "ida")
    callback = await linking(browser, "ida")
    await browser.ask("mutation { signOut { endedSessions } }")
    before = portal.rows("identity", "session", "account")
    assert error_in((await browser.open(callback)).url) == "NOT_SIGNED_IN"
    assert portal.rows("identity", "session", "account") == before


async def test_who_is_somebody_else_meanwhile_links_nothing(portal: Portal, browser: Browser) -> None:
    await browser.sign_in("google", "jim")
    callback = await linking(browser, "jim")
    await browser.sign_in("google-2", "jim-at-work")
    before = portal.rows("identity", "session", "account")
    assert error_in((await browser.open(callback)).url) == "NOT_SIGNED_IN"
    assert portal.rows("identity", "session", "account") == before


async def test_what_is_unlinked_opens_another_account(browser: Browser, other_browser: Browser) -> None:
    await browser.sign_in("google", "kai")
    await browser.link("vk", "kai")
    assert await unlink(browser, "vk") == {"__typename": "UnlinkIdentityPayload", "provider": "vk"}
    assert await browser.providers() == ["google"]
    assert error_in(await other_browser.sign_in("vk", "kai")) is None
    assert (await other_browser.viewer())["account"]["code"] != (await browser.viewer())["account"]["code"]


async def test_the_last_means_of_sign_in_stays(portal: Portal, browser: Browser) -> None:
    await browser.sign_in("google", "leo")
    before = portal.rows()
    problem = {"code": "LAST_MEANS_OF_SIGN_IN", "path": ["input", "identity"]}
    assert await unlink(browser, "google") == {"__typename": "ConflictProblem"} | problem
    assert portal.rows() == before


async def test_with_a_password_the_last_identity_may_go(portal: Portal, browser: Browser) -> None:
    await browser.sign_in("google", "max")
    portal.execute("INSERT INTO credential (account_id, hash) SELECT id, '' FROM account WHERE email = 'max@mail.test'")
    assert (await unlink(browser, "google"))["__typename"] == "UnlinkIdentityPayload"
    assert await browser.providers() == []


async def test_nobody_elses_identity_is_there(portal: Portal, browser: Browser, other_browser: Browser) -> None:
    for each, login in ((browser, "ned"), (other_browser, "ora")):
        await each.sign_in("google", login)
        await each.link("vk", login)
    (identity, _) = [each["id"] for each in (await other_browser.viewer())["identities"]]
    before = portal.rows()
    problem = {"code": "IDENTITY_UNKNOWN", "path": ["input", "identity"]}
    assert await unlink_id(browser, identity) == {"__typename": "UnknownReferenceProblem"} | problem
    assert await browser.ask("query($id: ID!) { node(id: $id) { id } }", id=identity) == {"node": None}
    assert portal.rows() == before
    seen = await other_browser.ask("query($id: ID!) { node(id: $id) { ... on Identity { provider } } }", id=identity)
    assert seen == {"node": {"provider": "google"}}
