"""What is kept about somebody is theirs to read, and theirs to have erased."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql

from exchange.verification import verify
from tests.browsers import CHEAP, PASSWORD, Browser, browser_of, with_password
from tests.citizens import PROBLEM, Citizen, answered, result
from tests.clients import Client, client_of
from tests.letters import letters
from tests.officials import appointed

ME, EMAIL = "citizen-1", "citizen-1@example.org"
ERASE = f"""mutation($password: String) {{ eraseMyAccount(input: {{password: $password}}) {{
    __typename {PROBLEM} ... on EraseMyAccountPayload {{ keptSubmissions }} }} }}"""
MY_DATA = "{ viewer { myData } }"
# What is done with each table that leads to an account or to a rater: where myData tells it, and how erasing ends it.
LEADS = {
    "app_code": ("", "deleted with the account, or after a minute"),
    "account": ("account", "deleted; the rater stays"),
    "appointment_code": ("appointmentCodes", "deleted with the account"),
    "complaint": ("complaints", "stays with its ground, under another pseudonym; its words are deleted"),
    "credential": ("account", "deleted with the account"),
    "identity": ("identities", "deleted with the account"),
    "one_time_code": ("codes", "deleted with the account"),
    "organization_application": ("applications", "who applied is forgotten"),
    "role_grant": ("roles", "ended on the trail, then deleted"),
    "session": ("sessions", "deleted with the account"),
    "sign_in_flow": ("", "deleted with the account, or after minutes"),
    "submission": ("submissions", "stays, under another pseudonym"),
    "unfinished_submission": ("drafts", "deleted with the account"),
    "survey_response": ("surveys", "stays, under another pseudonym"),
}
LEADING: LiteralString = """SELECT DISTINCT conrelid::regclass::text FROM pg_constraint
    WHERE contype = 'f' AND confrelid IN ('account'::regclass, 'rater'::regclass)"""


@pytest.fixture
async def portal(stage_url: str, tmp_path: Path) -> AsyncIterator[Client]:
    with_password(stage_url, ME)
    async with client_of(stage_url, tmp_path, **CHEAP) as client:
        yield client


@pytest.fixture
async def browser(portal: Client) -> AsyncIterator[Browser]:
    async with browser_of(portal) as browser:
        await browser.sign_in(EMAIL)
        yield browser


async def erase(browser: Browser, password: str | None = PASSWORD) -> Any:
    return result(await browser.ask(ERASE, password=password))


async def my_data(browser: Browser) -> Any:
    return (await browser.ask(MY_DATA)).data["viewer"]["myData"]


def everything(url: str) -> dict[str, str]:
    """All rows of all tables, as text."""
    with psycopg.connect(url) as connection:
        names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'spatial_ref_sys'"
        found = {}
        for (name,) in connection.execute(names).fetchall():
            query = sql.SQL("SELECT coalesce(string_agg(t::text, ' ' ORDER BY t::text), '') FROM {} AS t")
            (row,) = connection.execute(query.format(sql.Identifier(name))).fetchall()
            found[name] = row[0]
        return found


def value(url: str, query: LiteralString, *parameters: Any) -> Any:
    with psycopg.connect(url) as connection:
        (row,) = connection.execute(query, parameters).fetchall()
    return row[0]


async def test_all_that_is_kept_is_told(portal: Client, browser: Browser, stage_url: str) -> None:
    me = Citizen(portal, stage_url, ME)
    said = await me.submit(
        "SCHOOL",
        visitedOn="2025-01-02",
        comment="A fine school.",
        employee="Ms Teacher",
        answers=answered(yes_no=["true"]),
    )
    assert said["__typename"] == "SubmitQuestionnairePayload", said
    await appointed(me, ME, "STAFF", "CLINIC").ask("{ __typename }")
    await browser.ask("mutation($e: String!) { requestPasswordReset(input: {email: $e}) { __typename } }", e=EMAIL)
    told = await my_data(browser)
    assert set(told) == {section for section, _ in LEADS.values() if section} | {"letters", "audit"}
    assert (told["account"]["code"], told["account"]["email"]) == (ME, EMAIL)
    assert (told["account"]["kind"], told["account"]["passwordChangedAt"] is None) == ("PERSON", False)
    assert [each["agent"] for each in told["sessions"]] == ["Firefox, Linux"]
    assert [each["purpose"] for each in told["codes"]] == ["PASSWORD_RESET"]
    assert [each["kind"] for each in told["letters"]] == ["PASSWORD_RESET"]
    assert [(each["role"], each["organization"]) for each in told["roles"]] == [("STAFF", "CLINIC")]
    hospital, school = told["submissions"]
    assert (hospital["organization"], [each["score"] for each in hospital["scores"]]) == ("HOSPITAL", [5, 4])
    assert (school["visitedOn"], school["review"], school["employee"]) == ("2025-01-02", "A fine school.", "Ms Teacher")
    assert school["scores"] == [{"criterion": "PLAIN", "score": 5}, {"criterion": "POLITE", "score": 4}]
    assert school["answers"] == [{"question": "yes_no", "values": ["true"]}]


async def test_it_is_one_statement_and_nobody_elses(portal: Client, browser: Browser, stage_url: str) -> None:
    portal.statements.clear()
    told = json.dumps(await my_data(browser))
    assert len(portal.statements) == 1
    assert "citizen-2" not in told
    other = await portal.query(MY_DATA, token=portal.token_for("citizen-2"))
    assert other.data["viewer"]["myData"]["account"]["code"] == "citizen-2"
    assert EMAIL not in json.dumps(other.data)
    assert (await portal.query(MY_DATA)).data == {"viewer": None}


async def test_no_secret_is_in_it(browser: Browser, stage_url: str) -> None:
    told = json.dumps(await my_data(browser))
    assert "argon2" not in told
    assert browser.secret
    assert browser.secret not in told


async def test_an_erased_account_leaves_no_trace_but_what_counts(
    portal: Client, browser: Browser, stage_url: str
) -> None:
    draft = {**Citizen(portal, stage_url, ME).draft("SCHOOL"), "idempotencyKey": "mine-alone-4711"}
    submit = "mutation($input: SubmitQuestionnaireInput!) { submitQuestionnaire(input: $input) { __typename } }"
    assert result(await browser.ask(submit, input=draft))["__typename"] == "SubmitQuestionnairePayload"
    rating = '{ organization(by: {code: "SCHOOL"}) { rating { value submissions raters } } }'
    before = (await browser.ask(rating)).data
    data, kept = await my_data(browser), everything(stage_url)["total"]
    rater = value(stage_url, "SELECT rater_id FROM account WHERE code = %s", ME)

    assert await erase(browser) == {"__typename": "EraseMyAccountPayload", "keptSubmissions": 2}

    assert browser.secret is None
    assert (await browser.ask(rating)).data == before
    assert everything(stage_url)["total"] == kept
    assert verify(stage_url).agrees
    assert value(stage_url, "SELECT count(*) FROM submission WHERE rater_id = %s", rater) == 2
    left = everything(stage_url)
    assert EMAIL in left.pop("mail")  # the farewell, until it is sent
    text = "\n".join(left.values())
    for trace in (EMAIL, data["account"]["pseudonym"], "mine-alone-4711", "argon2"):
        assert trace not in text, trace
    assert ME not in text.split(",")
    assert [letter.kind for letter in letters(stage_url)] == ["ERASED"]
    assert (await browser.sign_in(EMAIL))["code"] == "CREDENTIALS_WRONG"


async def test_whatever_leads_to_a_person_is_decided_on(stage_url: str) -> None:
    """A new table that does must be told of in myData, and erased or cut off."""
    with psycopg.connect(stage_url) as connection:
        assert {name for (name,) in connection.execute(LEADING).fetchall()} == set(LEADS)


async def test_an_officials_roles_end_on_the_trail(portal: Client, browser: Browser, stage_url: str) -> None:
    appointed(Citizen(portal, stage_url, ME), ME, "MODERATOR", "REGION")
    applied = """INSERT INTO organization_application (account_id, kind_id, name_en, idempotency_key, request_digest)
        SELECT account.id, organization_kind.id, 'New', 'k', '' FROM account, organization_kind WHERE account.code = %s"""
    with psycopg.connect(stage_url) as connection:
        connection.execute(applied, [ME])
    number = value(stage_url, "SELECT id FROM account WHERE code = %s", ME)
    assert (await erase(browser))["__typename"] == "EraseMyAccountPayload"
    trail = "SELECT concat_ws(' ', action, details->>'role', account_id) FROM audit_event"
    assert value(stage_url, trail) == f"ROLE_REVOKED MODERATOR {number}"
    assert value(stage_url, "SELECT count(*) FROM role_grant WHERE account_id = %s", number) == 0
    assert value(stage_url, "SELECT concat(account_id, name_en) FROM organization_application") == "New"


@pytest.mark.parametrize("password", [None, "wrong", ""])
async def test_without_the_password_nothing_is_erased(browser: Browser, stage_url: str, password: str | None) -> None:
    before = everything(stage_url)
    assert (await erase(browser, password))["code"] == "CREDENTIALS_WRONG"
    after = everything(stage_url)
    assert before.pop("attempt") != after.pop("attempt")
    assert after == before


async def test_a_token_alone_erases_no_account(portal: Client, stage_url: str) -> None:
    before = everything(stage_url)
    refused = await portal.query(ERASE, {"password": None}, portal.token_for("citizen-2"))
    assert result(refused)["code"] == "SIGN_IN_AGAIN"
    assert (await portal.query(ERASE, {"password": PASSWORD})).refusal == ("UNAUTHENTICATED", None)
    assert everything(stage_url) == before


@pytest.mark.parametrize(
    "operation",
    [
        """mutation { eraseMyAccount(input: {password: "a"}) { __typename } }""",
        "mutation { createAppointmentCode { code } }",
        """mutation { changePassword(input: {currentPassword: "a", newPassword: "b"}) { __typename } }""",
        """mutation { applyForRegistration(input: {names: {en: "New"}, kind: "CLINIC", idempotencyKey: "k"}) {
            __typename } }""",
    ],
)
async def test_who_was_erased_elsewhere_is_nobody_here(browser: Browser, stage_url: str, operation: str) -> None:
    """As this server goes on to believe the cookie for some seconds."""
    assert await browser.who() == ME
    with psycopg.connect(stage_url) as connection:
        connection.execute("DELETE FROM account WHERE code = %s", [ME])
    before = everything(stage_url)
    assert (await browser.ask(operation)).refusal == ("UNAUTHENTICATED", None)
    assert everything(stage_url) == before


async def test_whoever_comes_back_is_somebody_else(browser: Browser, stage_url: str) -> None:
    await erase(browser)
    register = "mutation($input: RegisterInput!) { register(input: $input) { __typename } }"
    await browser.ask(register, input={"email": EMAIL, "password": PASSWORD})
    confirm = "mutation($input: ConfirmEmailInput!) { confirmEmail(input: $input) { __typename } }"
    code = letters(stage_url)[-1].code
    assert result(await browser.ask(confirm, input={"code": code, "password": PASSWORD})) == {
        "__typename": "ConfirmEmailPayload"
    }
    assert (await my_data(browser))["submissions"] == []


async def test_complaints_wait_on_without_their_words(browser: Browser, stage_url: str) -> None:
    complain: LiteralString = """INSERT INTO review (submission_id, text) VALUES (3, 'Rude');
        INSERT INTO complaint (submission_id, about, ground, text, rater_id, made_on)
        SELECT 3, 'REVIEW', 'INSULT', 'I am the nurse meant', rater_id, current_date FROM account WHERE code = 'ME'"""
    with psycopg.connect(stage_url) as connection:
        connection.execute(complain.replace("ME", ME).encode())
    (told,) = (await my_data(browser))["complaints"]
    assert (told["ground"], told["text"], told["upheld"]) == ("INSULT", "I am the nurse meant", None)
    await erase(browser)
    with psycopg.connect(stage_url) as connection:
        assert connection.execute("SELECT ground::text, text FROM complaint").fetchall() == [("INSULT", None)]
