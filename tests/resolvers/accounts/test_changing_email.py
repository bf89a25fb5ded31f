"""An account's address is changed by its owner alone, to one that they receive mail at; nobody learns of others'."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest

from auth.passwords import Hashes
from tests.browsers import (
    ASK_FOR_EMAIL,
    CHANGE_EMAIL,
    CHEAP,
    CONFIRM,
    PASSWORD,
    REGISTER,
    REQUEST,
    RESET,
    Browser,
    browser_of,
    with_password,
)
from tests.citizens import result
from tests.clients import Client, client_of
from tests.letters import letters

ME, OTHER, OLD, NEW = "citizen-1", "citizen-2", "citizen-1@example.org", "new@example.org"
KEPT: LiteralString = """SELECT (SELECT string_agg(concat_ws(' ', code, email, email_confirmed_at), ',' ORDER BY id) FROM account),
    (SELECT count(*) FROM mail), (SELECT string_agg(one_time_code::text, ',' ORDER BY id) FROM one_time_code)"""


@pytest.fixture
async def portal(stage_url: str, tmp_path: Path) -> AsyncIterator[Client]:
    with_password(stage_url, ME)
    async with client_of(stage_url, tmp_path, public_url="https://portal", **CHEAP) as client:
        yield client


@pytest.fixture
async def browser(portal: Client) -> AsyncIterator[Browser]:
    async with browser_of(portal) as browser:
        await browser.sign_in(OLD)
        yield browser


async def ask(browser: Browser, email: str = NEW, password: str | None = PASSWORD) -> Any:
    return result(await browser.ask(ASK_FOR_EMAIL, input={"email": email, "password": password}))


async def confirm(browser: Browser, code: str) -> Any:
    return result(await browser.ask(CHANGE_EMAIL, code=code))


def kept(url: str) -> Any:
    with psycopg.connect(url) as connection:
        return connection.execute(KEPT).fetchone()


def execute(url: str, statement: LiteralString) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statement)


async def test_the_whole_way(browser: Browser, stage_url: str) -> None:
    before = kept(stage_url)
    assert await ask(browser, f" {NEW} ") == {"__typename": "RequestEmailChangePayload", "email": NEW}
    (letter,) = letters(stage_url)
    assert (letter.kind, letter.recipient) == ("EMAIL_CHANGE", NEW)
    assert "https://portal/change-email#code=" in letter.body
    assert kept(stage_url)[0] == before[0]
    assert await confirm(browser, letter.code) == {"__typename": "ConfirmEmailChangePayload", "email": NEW}
    assert await browser.who() == ME
    told = letters(stage_url)[-1]
    assert (told.kind, told.recipient) == ("EMAIL_CHANGED", OLD)
    assert NEW not in told.body
    assert (await browser.sign_in(OLD))["code"] == "CREDENTIALS_WRONG"
    assert (await browser.sign_in(NEW))["__typename"] == "SignInPayload"
    account = (await browser.ask("{ viewer { account { email emailConfirmedAt } } }")).data["viewer"]["account"]
    assert account["email"] == NEW
    assert account["emailConfirmedAt"]
    assert (await confirm(browser, letter.code))["code"] == "CODE_INVALID"  # it was good once


async def test_links_that_were_sent_before_are_useless(browser: Browser, stage_url: str) -> None:
    """To the old address for a new password, and to the new one for another account."""
    await browser.ask(REQUEST, email=OLD)
    await browser.ask(REGISTER, input={"email": NEW, "password": "green river boats"})
    reset, registration = (letter.code for letter in letters(stage_url))
    await ask(browser)
    assert (await confirm(browser, letters(stage_url)[-1].code))["__typename"] == "ConfirmEmailChangePayload"
    before = kept(stage_url)
    set_anew = await browser.ask(RESET, input={"code": reset, "password": "green river boats"})
    registered = await browser.ask(CONFIRM, input={"code": registration, "password": "green river boats"})
    assert [result(each)["code"] for each in (set_anew, registered)] == ["CODE_INVALID"] * 2
    assert kept(stage_url) == before


async def test_neither_the_answer_nor_the_work_tells_whose_an_address_is(
    portal: Client, browser: Browser, stage_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, verified, seen = with_password(stage_url, OTHER), list[str](), list[Any]()
    match = Hashes.match

    def counted(self: Hashes, hash_: str | None, given: str) -> bool:
        verified.append(given)
        return match(self, hash_, given)

    monkeypatch.setattr(Hashes, "match", counted)
    for email in (there, NEW, there.upper()):
        verified.clear()
        portal.statements.clear()
        answer = await browser.ask(ASK_FOR_EMAIL, input={"email": email, "password": PASSWORD})
        headers = set(answer.response.headers) | {str(answer.response.status_code)}
        seen.append((answer.response.text.replace(email, "it"), headers, len(portal.statements), list(verified)))
    assert seen[0] == seen[1] == seen[2]
    assert [(letter.kind, "#code=" in letter.body) for letter in letters(stage_url)] == [
        ("EMAIL_IN_USE", False),
        ("EMAIL_CHANGE", True),
        ("EMAIL_IN_USE", False),
    ]


@pytest.mark.parametrize(
    ("email", "password", "code"),
    [
        (NEW, "wrong", "CREDENTIALS_WRONG"),
        (NEW, None, "CREDENTIALS_WRONG"),
        ("no address", PASSWORD, "EMAIL_INVALID"),
        (OLD.upper(), PASSWORD, "EMAIL_UNCHANGED"),
        (NEW, "p" * 201, "PASSWORD_TOO_LONG"),
    ],
)
async def test_a_request_that_is_refused_sends_nothing(
    browser: Browser, stage_url: str, email: str, password: str | None, code: str
) -> None:
    before = kept(stage_url)
    assert (await ask(browser, email, password))["code"] == code
    assert kept(stage_url) == before


async def test_who_has_no_password_must_have_signed_in_just_now(browser: Browser, stage_url: str) -> None:
    execute(stage_url, "DELETE FROM credential")
    execute(stage_url, "UPDATE session SET opened_at = opened_at - interval '11 minutes'")
    before = kept(stage_url)
    assert (await ask(browser, password=None))["code"] == "SIGN_IN_AGAIN"
    assert kept(stage_url) == before
    execute(stage_url, "UPDATE session SET opened_at = now()")
    assert (await ask(browser, password=None))["__typename"] == "RequestEmailChangePayload"


async def test_nobody_is_flooded(browser: Browser, stage_url: str) -> None:
    found = [(await ask(browser))["__typename"] for _ in range(4)]
    assert found == ["RequestEmailChangePayload"] * 3 + ["TooManyAttemptsProblem"]
    assert len(letters(stage_url)) == 3


async def test_a_code_is_its_accounts_alone_and_for_an_hour(browser: Browser, portal: Client, stage_url: str) -> None:
    """Whoever reads mail at a mistyped address, and has an account, or none."""
    await ask(browser)
    (letter,) = letters(stage_url)
    before = kept(stage_url)
    by_another = await portal.query(CHANGE_EMAIL, {"code": letter.code}, portal.token_for(OTHER))
    assert result(by_another)["code"] == "CODE_INVALID"
    assert (await portal.query(CHANGE_EMAIL, {"code": letter.code})).refusal == ("UNAUTHENTICATED", None)
    for code in ("", "й\0", "x" * 1000):
        assert (await confirm(browser, code))["code"] == "CODE_INVALID"
    reset = await browser.ask(RESET, input={"code": letter.code, "password": "green river boats"})
    assert result(reset)["code"] == "CODE_INVALID"
    assert kept(stage_url) == before
    execute(stage_url, "UPDATE one_time_code SET expires_at = now()")
    assert (await confirm(browser, letter.code))["code"] == "CODE_INVALID"
    assert kept(stage_url)[:2] == before[:2]


async def test_an_address_that_was_taken_meanwhile_stays_whose_it_is(browser: Browser, stage_url: str) -> None:
    await ask(browser)
    (letter,) = letters(stage_url)
    execute(stage_url, "UPDATE account SET email = 'New@Example.org' WHERE code = 'citizen-2'")
    before = kept(stage_url)
    assert (await confirm(browser, letter.code))["code"] == "CODE_INVALID"
    assert kept(stage_url) == before
