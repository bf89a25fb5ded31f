"""What happens at the same time: a button pressed twice, two tabs."""

import asyncio

from tests.auth.providers.browsers import Browser, error_in
from tests.auth.providers.conftest import Portal
from tests.auth.providers.test_linking import unlink


async def test_two_first_sign_ins_make_one_account(portal: Portal, browser: Browser, other_browser: Browser) -> None:
    callbacks = [(each, await each.callback("vk", "yara")) for each in (browser, other_browser)]
    before = len(portal.rows("account")["account"])
    ends = await asyncio.gather(*(each.open(callback) for each, callback in callbacks))
    assert [error_in(end.url) for end in ends] == [None, None]
    assert len(portal.rows("account")["account"]) == before + 1


async def test_a_callback_that_comes_twice_at_once_is_good_once(portal: Portal, browser: Browser) -> None:
    callback = await browser.callback("vk", "yuri")
    before = len(portal.rows("account")["account"])
    ends = await asyncio.gather(*(browser.http.get(callback) for _ in range(3)))
    errors = [error_in(end.headers["location"]) for end in ends]
    assert sorted(errors, key=str) == ["FLOW_UNKNOWN", "FLOW_UNKNOWN", None]
    assert len(portal.rows("account")["account"]) == before + 1


async def test_of_two_identities_unlinked_at_once_one_stays(browser: Browser) -> None:
    await browser.sign_in("google", "zara")
    await browser.link("vk", "zara")
    done = await asyncio.gather(*(unlink(browser, provider) for provider in ("google", "vk")))
    assert sorted(each["__typename"] for each in done) == ["ConflictProblem", "UnlinkIdentityPayload"]
    assert len(await browser.providers()) == 1
