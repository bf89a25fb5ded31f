"""Registration: an account comes to be for who owns the address and knows the password, and nobody learns of others'."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest

from auth.passwords import Hashes
from tests.browsers import CHEAP, CONFIRM, PASSWORD, REGISTER, Browser, browser_of, with_password
from tests.citizens import result
from tests.clients import Client, client_of
from tests.letters import letters

NEW = "new@example.org"
COUNTS: LiteralString = """SELECT (SELECT count(*) FROM account), (SELECT count(*) FROM rater),
    (SELECT count(*) FROM credential), (SELECT count(*) FROM session), (SELECT count(*) FROM mail),
    (SELECT count(*) FROM one_time_code)"""


@pytest.fixture
async def portal(stage_url: str, tmp_path: Path) -> AsyncIterator[Client]:
    async with client_of(stage_url, tmp_path, public_url="https://portal/by", **CHEAP) as client:
        yield client


@pytest.fixture
async def browser(portal: Client) -> AsyncIterator[Browser]:
    async with browser_of(portal) as browser:
        yield browser


async def register(browser: Browser, email: str = NEW, password: str = PASSWORD, **more: Any) -> Any:
    return result(await browser.ask(REGISTER, input={"email": email, "password": password, **more}))


async def confirm(browser: Browser, code: str, password: str = PASSWORD) -> Any:
    return result(await browser.ask(CONFIRM, input={"code": code, "password": password}))


def counts(url: str) -> Any:
    with psycopg.connect(url) as connection:
        return connection.execute(COUNTS).fetchone()


async def test_somebody_registers_confirms_and_is_signed_in(browser: Browser, stage_url: str) -> None:
    before = counts(stage_url)
    assert await register(browser, f" {NEW} ", kind="BUSINESS") == {"__typename": "RegisterPayload", "email": NEW}
    (letter,) = letters(stage_url)
    assert (letter.kind, letter.recipient) == ("REGISTRATION", NEW)
    assert "https://portal/by/confirm-email#code=" in letter.body
    assert counts(stage_url)[:4] == before[:4]  # there is no account yet
    assert (await browser.sign_in(NEW))["code"] == "CREDENTIALS_WRONG"
    assert (await confirm(browser, letter.code))["__typename"] == "ConfirmEmailPayload"
    who = await browser.ask("{ viewer { kind account { code email emailConfirmedAt hasPassword } sessions { kind } } }")
    viewer = who.data["viewer"]
    assert viewer["account"].pop("code").startswith("user-")
    assert viewer["account"].pop("emailConfirmedAt")
    assert viewer == {
        "kind": "BUSINESS",
        "account": {"email": NEW, "hasPassword": True},
        "sessions": [{"kind": "BROWSER"}],
    }
    assert (await browser.sign_in(NEW))["__typename"] == "SignInPayload"
    assert (await confirm(browser, letter.code))["code"] == "CODE_INVALID"  # it was good once


async def test_neither_the_answer_nor_the_work_tells_whether_there_is_an_account(
    portal: Client, browser: Browser, stage_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, hashed = with_password(stage_url, "citizen-1"), []
    make = Hashes.of

    def counted(self: Hashes, password: str) -> str:
        hashed.append(password)
        return make(self, password)

    monkeypatch.setattr(Hashes, "of", counted)
    seen = []
    for email in (there, NEW, there.upper()):
        hashed.clear()
        portal.statements.clear()
        answer = await browser.ask(REGISTER, input={"email": email, "password": PASSWORD})
        headers = set(answer.response.headers) | {str(answer.response.status_code)}
        seen.append((answer.response.text.replace(email, "it"), headers, len(portal.statements), list(hashed)))
    assert seen[0] == seen[1] == seen[2]
    assert seen[0][3] == [PASSWORD]
    assert [letter.kind for letter in letters(stage_url)] == [
        "ALREADY_REGISTERED",
        "REGISTRATION",
        "ALREADY_REGISTERED",
    ]


async def test_the_number_of_an_account_tells_nothing_of_its_rater(browser: Browser, stage_url: str) -> None:
    """Both are there after an erasure, on the trail and with submissions: neither may lead to the other."""
    await register(browser)
    assert (await confirm(browser, letters(stage_url)[-1].code))["__typename"] == "ConfirmEmailPayload"
    with psycopg.connect(stage_url) as connection:
        query = "SELECT account.id, rater_id FROM account WHERE email = %s"
        ((account, rater),) = connection.execute(query, [NEW]).fetchall()
    assert account < 1_000_000 < rater


async def test_an_account_that_exists_stays_as_it_is(browser: Browser, stage_url: str) -> None:
    there = with_password(stage_url, "citizen-1")
    before = counts(stage_url)[:4]
    await register(browser, there, "another river boat")
    (letter,) = letters(stage_url)
    assert letter.recipient == there
    assert counts(stage_url)[:4] == before
    assert (await confirm(browser, letter.code, "another river boat"))["code"] == "CODE_INVALID"
    assert (await browser.sign_in(there))["__typename"] == "SignInPayload"


async def test_nobody_gets_an_account_under_anothers_address(browser: Browser, stage_url: str) -> None:
    """Its owner opens the link, and does not know the password that somebody else chose."""
    before = counts(stage_url)[:4]
    await register(browser)
    (letter,) = letters(stage_url)
    assert (await confirm(browser, letter.code, "not their password"))["code"] == "CREDENTIALS_WRONG"
    assert counts(stage_url)[:4] == before
    assert browser.secret is None


async def test_of_two_registrations_the_one_that_is_confirmed_counts(browser: Browser, stage_url: str) -> None:
    await register(browser)
    await register(browser, NEW.upper(), "another river boat")
    first, second = letters(stage_url)
    assert (await confirm(browser, second.code, "another river boat"))["__typename"] == "ConfirmEmailPayload"
    assert (await confirm(browser, first.code))["code"] == "CODE_INVALID"
    assert (await browser.sign_in(NEW))["code"] == "CREDENTIALS_WRONG"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"email": "nobody"}, "EMAIL_INVALID", "email"),
        ({"email": "a@b\r\nBcc: c@d.by"}, "EMAIL_INVALID", "email"),
        ({"email": "é@example.org"}, "EMAIL_INVALID", "email"),
        ({"email": f"{'a' * 250}@b.by"}, "EMAIL_INVALID", "email"),
        ({"password": "k7#mwq0zz"}, "PASSWORD_TOO_SHORT", "password"),
        ({"password": "k7#mwq0zzp" * 21}, "PASSWORD_TOO_LONG", "password"),
        ({"password": "qwertyuiop"}, "PASSWORD_GUESSABLE", "password"),
    ],
)
async def test_what_is_refused_leaves_nothing(
    browser: Browser, stage_url: str, changes: Any, code: str, field: str
) -> None:
    before = counts(stage_url)
    refused = await register(browser, **({"email": NEW, "password": PASSWORD} | changes))
    assert refused == {"__typename": "InvalidInputProblem", "code": code, "path": ["input", field]}
    assert counts(stage_url) == before


async def test_addresses_of_any_script_of_domains(browser: Browser, stage_url: str) -> None:
    assert (await register(browser, "ivan@пошта.бел"))["email"] == "ivan@пошта.бел"


async def test_a_code_is_over_after_a_day(browser: Browser, stage_url: str) -> None:
    await register(browser)
    (letter,) = letters(stage_url)
    with psycopg.connect(stage_url) as connection:
        query = "SELECT expires_at BETWEEN now() + interval '23 hours 59 minutes' AND now() + interval '24 hours' FROM one_time_code"
        assert connection.execute(query).fetchall() == [(True,)]
        connection.execute("UPDATE one_time_code SET expires_at = now()")
    before = counts(stage_url)
    assert (await confirm(browser, letter.code))["code"] == "CODE_INVALID"
    assert counts(stage_url) == before


async def test_the_database_has_neither_code_nor_password(browser: Browser, stage_url: str) -> None:
    await register(browser)
    (letter,) = letters(stage_url)
    with psycopg.connect(stage_url) as connection:
        kept = repr(connection.execute("SELECT * FROM one_time_code").fetchall())
    assert letter.code not in kept
    assert PASSWORD not in kept
    assert "$argon2id$" in kept


async def test_nobody_is_flooded_with_letters(browser: Browser, stage_url: str) -> None:
    for _ in range(3):
        assert (await register(browser))["__typename"] == "RegisterPayload"
    refused = await register(browser, NEW.upper())
    assert (refused["__typename"], refused["code"]) == ("TooManyAttemptsProblem", "TOO_MANY_ATTEMPTS")
    assert len(letters(stage_url)) == 3
    assert (await register(browser, "other@example.org"))["__typename"] == "RegisterPayload"


@pytest.mark.parametrize(("language", "subject"), [("be", "Пацвярджэнне"), ("ru", "Подтверждение"), ("en", "Confirm")])
async def test_a_letter_is_in_the_language_of_the_request(
    browser: Browser, stage_url: str, language: str, subject: str
) -> None:
    headers = {**browser.headers, "Accept-Language": language}
    await browser.ask(REGISTER, headers, input={"email": NEW, "password": PASSWORD})
    assert [letter.subject.split()[0] for letter in letters(stage_url)] == [subject]
