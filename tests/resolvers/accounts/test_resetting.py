"""A forgotten password, one that never was, and one that is changed."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from exchange.importing import import_file
from tests.browsers import CHANGE, CHEAP, PASSWORD, REQUEST, RESET, Browser, browser_of, with_password
from tests.citizens import result
from tests.clients import Client, client_of
from tests.letters import letters

ME, EMAIL = "citizen-1", "citizen-1@example.org"
OTHER = "another river boat"
OF_OLD = "old-portal-7"


@pytest.fixture
async def portal(stage_url: str, tmp_path: Path) -> AsyncIterator[Client]:
    async with client_of(stage_url, tmp_path, **CHEAP) as client:
        yield client


@pytest.fixture
async def browser(portal: Client) -> AsyncIterator[Browser]:
    async with browser_of(portal) as browser:
        yield browser


async def request(browser: Browser, email: str) -> Any:
    return result(await browser.ask(REQUEST, email=email))


async def reset(browser: Browser, code: str, password: str = OTHER) -> Any:
    return result(await browser.ask(RESET, input={"code": code, "password": password}))


async def change(browser: Browser, current: str | None, new: str = OTHER) -> Any:
    return result(await browser.ask(CHANGE, input={"currentPassword": current, "newPassword": new}))


def kept(url: str) -> Any:
    """All that a refused change of a password must leave as it is."""
    with psycopg.connect(url) as connection:
        hashes = connection.execute("SELECT account_id, hash FROM credential ORDER BY 1").fetchall()
        return hashes, connection.execute("SELECT id, ended_at FROM session ORDER BY 1").fetchall(), len(letters(url))


async def test_whoever_comes_from_an_older_portal_comes_back_with_all_that_they_had(
    browser: Browser, stage_url: str, tmp_path: Path
) -> None:
    """Four steps of a person: ask, open the letter, choose a password, look."""
    file = tmp_path / "users.csv"
    with psycopg.connect(stage_url) as connection:
        row = connection.execute(
            """SELECT pseudonym, count(*) FROM rater JOIN submission ON rater_id = rater.id
               JOIN account ON account.rater_id = rater.id WHERE account.code = %s GROUP BY 1""",
            [ME],
        ).fetchone()
        assert row
        connection.execute("DELETE FROM account WHERE code = %s", [ME])
    file.write_text(
        f"code,kind,email,registered_at,pseudonym\n{OF_OLD},PERSON,Anna@Example.org,2019-05-01T10:00:00+03:00,{row[0]}\n"
    )
    assert import_file(stage_url, "users", file).inserted == 1

    assert (await browser.sign_in("anna@example.org"))["code"] == "CREDENTIALS_WRONG"
    await request(browser, "anna@example.org")
    (letter,) = letters(stage_url)
    assert letter.kind == "PASSWORD_RESET"
    assert (await reset(browser, letter.code))["__typename"] == "ResetPasswordPayload"
    answer = await browser.ask("{ viewer { account { code emailConfirmedAt } submissions { totalCount } } }")
    viewer = answer.data["viewer"]
    assert viewer["account"]["code"] == OF_OLD
    assert viewer["account"]["emailConfirmedAt"]
    assert viewer["submissions"]["totalCount"] == row[1] > 0
    assert (await browser.sign_in("ANNA@example.org", OTHER))["__typename"] == "SignInPayload"


async def test_neither_the_answer_nor_the_work_tells_whether_there_is_an_account(
    portal: Client, browser: Browser, stage_url: str
) -> None:
    there, seen = with_password(stage_url, ME), []
    for email in (there, "nobody@example.org"):
        portal.statements.clear()
        answer = await browser.ask(REQUEST, email=email)
        seen.append((answer.response.text.replace(email, "it"), answer.response.status_code, len(portal.statements)))
    assert seen[0] == seen[1]
    found, none = letters(stage_url)
    assert (found.kind, none.kind, none.recipient) == ("PASSWORD_RESET", "NO_ACCOUNT", "nobody@example.org")
    assert "code=" not in none.body


async def test_asking_too_often_tells_nothing_either(browser: Browser, stage_url: str) -> None:
    there = with_password(stage_url, ME)
    seen = [[await request(browser, email) for _ in range(4)] for email in (there, "nobody@example.org")]
    kinds = [[each["__typename"] for each in answers] for answers in seen]
    assert kinds[0] == kinds[1] == ["RequestPasswordResetPayload"] * 3 + ["TooManyAttemptsProblem"]


async def test_a_reset_ends_all_sessions_and_old_links(browser: Browser, portal: Client, stage_url: str) -> None:
    email = with_password(stage_url, ME)
    app = await browser.sign_in(email, client="APP")
    for _ in range(2):
        await request(browser, email)
    first, second = letters(stage_url)
    assert (await reset(browser, second.code))["__typename"] == "ResetPasswordPayload"
    answer = await browser.ask("{ __typename }", {"Authorization": f"Bearer {app['accessToken']}"})
    assert answer.response.status_code == 401
    for code in (first.code, second.code):
        assert (await reset(browser, code))["code"] == "CODE_INVALID"
    assert (await browser.sign_in(email))["code"] == "CREDENTIALS_WRONG"
    assert letters(stage_url)[-1].kind == "PASSWORD_CHANGED"


async def test_a_reset_frees_who_was_locked_out_by_guesses(browser: Browser, stage_url: str) -> None:
    email = with_password(stage_url, ME)
    for _ in range(5):
        await browser.sign_in(email, "wrong")
    assert (await browser.sign_in(email))["code"] == "TOO_MANY_ATTEMPTS"
    await request(browser, email)
    await reset(browser, letters(stage_url)[0].code)
    assert (await browser.sign_in(email, OTHER))["__typename"] == "SignInPayload"


@pytest.mark.parametrize(
    ("password", "code"),
    [("short", "PASSWORD_TOO_SHORT"), ("p" * 201, "PASSWORD_TOO_LONG"), ("citizen-1-citizen", "PASSWORD_GUESSABLE")],
)
async def test_a_weak_password_leaves_the_code_good(browser: Browser, stage_url: str, password: str, code: str) -> None:
    await request(browser, with_password(stage_url, ME))
    (letter,) = letters(stage_url)
    before = kept(stage_url)
    assert (await reset(browser, letter.code, password))["code"] == code
    assert kept(stage_url) == before
    assert (await reset(browser, letter.code))["__typename"] == "ResetPasswordPayload"


async def test_a_code_is_over_after_an_hour(browser: Browser, stage_url: str) -> None:
    await request(browser, with_password(stage_url, ME))
    (letter,) = letters(stage_url)
    with psycopg.connect(stage_url) as connection:
        query = (
            "SELECT expires_at BETWEEN now() + interval '59 minutes' AND now() + interval '1 hour' FROM one_time_code"
        )
        assert connection.execute(query).fetchall() == [(True,)]
        connection.execute("UPDATE one_time_code SET expires_at = now()")
    before = kept(stage_url)
    for code in (letter.code, "", "й\0", "x" * 1000):
        assert (await reset(browser, code))["code"] == "CODE_INVALID"
    assert kept(stage_url) == before


async def test_changing_the_password_ends_the_other_sessions(browser: Browser, stage_url: str) -> None:
    email = with_password(stage_url, ME)
    app = await browser.sign_in(email, client="APP")
    await browser.sign_in(email)
    assert await change(browser, PASSWORD) == {"__typename": "ChangePasswordPayload", "endedSessions": 1}
    assert await browser.who() == ME
    answer = await browser.ask("{ __typename }", {"Authorization": f"Bearer {app['accessToken']}"})
    assert answer.response.status_code == 401
    assert (await browser.sign_in(email))["code"] == "CREDENTIALS_WRONG"
    assert (await browser.sign_in(email, OTHER))["__typename"] == "SignInPayload"
    assert [letter.kind for letter in letters(stage_url)] == ["PASSWORD_CHANGED"]


@pytest.mark.parametrize(
    ("current", "new", "code"),
    [
        ("wrong", OTHER, "CREDENTIALS_WRONG"),
        (None, OTHER, "CREDENTIALS_WRONG"),
        (PASSWORD, "password12", "PASSWORD_GUESSABLE"),
    ],
)
async def test_a_change_that_is_refused_changes_nothing(
    browser: Browser, stage_url: str, current: str | None, new: str, code: str
) -> None:
    await browser.sign_in(with_password(stage_url, ME))
    before = kept(stage_url)
    assert (await change(browser, current, new))["code"] == code
    assert kept(stage_url) == before


async def test_a_stolen_session_cannot_guess_the_password(browser: Browser, stage_url: str) -> None:
    await browser.sign_in(with_password(stage_url, ME))
    found = [(await change(browser, f"guess {n}"))["code"] for n in range(6)]
    assert found == ["CREDENTIALS_WRONG"] * 5 + ["TOO_MANY_ATTEMPTS"]
    assert (await change(browser, PASSWORD))["code"] == "TOO_MANY_ATTEMPTS"


async def test_who_has_no_password_must_have_signed_in_just_now(
    browser: Browser, portal: Client, stage_url: str
) -> None:
    await browser.sign_in(with_password(stage_url, ME))
    with psycopg.connect(stage_url) as connection:
        connection.execute("DELETE FROM credential")
        connection.execute("UPDATE session SET opened_at = opened_at - interval '11 minutes'")
    before = kept(stage_url)
    assert (await change(browser, None))["code"] == "SIGN_IN_AGAIN"
    with_token = await portal.query(CHANGE, {"input": {"newPassword": OTHER}}, portal.token_for(ME))
    assert result(with_token)["code"] == "SIGN_IN_AGAIN"
    assert kept(stage_url) == before
    with psycopg.connect(stage_url) as connection:
        connection.execute("UPDATE session SET opened_at = now()")
    assert (await change(browser, None))["__typename"] == "ChangePasswordPayload"
    assert (await browser.sign_in(EMAIL, OTHER))["__typename"] == "SignInPayload"


async def test_nobody_changes_a_password_without_signing_in(browser: Browser) -> None:
    answer = await browser.ask(CHANGE, input={"currentPassword": PASSWORD, "newPassword": OTHER})
    assert answer.refusal == ("UNAUTHENTICATED", None)
