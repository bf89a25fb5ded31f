"""Mail goes out after the commit that wrote it: to a real mail server, or into files."""

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest
import structlog.testing
from aiosmtpd.controller import Controller

from events import housekeeping
from events.post import Folder, Smtp, post_at
from events.sender import MOST_TRIES, Sender
from models.database import Database
from models.mail import MailKind
from resolvers import letters
from resolvers.languages import Language
from tests.mailboxes import Mailbox, serving
from tests.servers import free_port

TO = "anna@example.org"
FROM = "portal@portal.example"
LINK = f"https://portal.example/reset-password#code={'x' * 43}"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[Controller]:
    """A mail server on a port of its own."""
    with serving(mailbox) as controller:
        yield controller


@pytest.fixture
async def database(empty_url: str) -> AsyncIterator[Database]:
    database = Database(empty_url, size=4)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
def sender(database: Database, server: Controller) -> Sender:
    return Sender(database, Smtp("127.0.0.1", server.port, FROM), 0.01)


async def write(database: Database, recipient: str = TO, language: Language = Language.EN) -> None:
    async with database.transaction() as connection:
        await letters.write(connection, MailKind.PASSWORD_RESET, recipient, language, LINK)


def rows(url: str, query: LiteralString) -> list[Any]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


def hurry(url: str) -> timedelta:
    """Have the one letter that waits be due; how long it would have waited."""
    with psycopg.connect(url) as connection:
        (row,) = connection.execute(
            "SELECT next_try_at - clock_timestamp() FROM mail WHERE next_try_at IS NOT NULL"
        ).fetchall()
        connection.execute("UPDATE mail SET next_try_at = now() WHERE next_try_at IS NOT NULL")
    waited: timedelta = row[0]
    return waited


@pytest.mark.parametrize("language", Language)
async def test_a_letter_arrives_and_is_forgotten(
    sender: Sender, mailbox: Mailbox, empty_url: str, language: Language
) -> None:
    await write(sender.database, language=language)
    assert await sender.send_due() == 1
    (message,) = mailbox.messages
    letter = letters.LETTERS[MailKind.PASSWORD_RESET][language]
    assert (message["From"], message["To"], message["Subject"]) == (FROM, TO, letter.subject)
    assert message.get_content_type() == "text/plain"
    assert message.get_content().replace("\r\n", "\n").strip() == letter.text.format(link=LINK)
    assert message["Auto-Submitted"] == "auto-generated"
    query = "SELECT recipient, subject, body, next_try_at, tries, sent_at IS NOT NULL FROM mail"
    assert rows(empty_url, query) == [(None, None, None, None, 1, True)]
    assert await sender.send_due() == 0
    assert len(mailbox.messages) == 1


async def test_nothing_is_sent_of_what_was_not_committed(sender: Sender, mailbox: Mailbox, empty_url: str) -> None:
    with pytest.raises(LookupError):
        await self_destructing(sender.database)
    assert await sender.send_due() == 0
    assert (mailbox.messages, rows(empty_url, "SELECT 1 FROM mail")) == ([], [])


async def self_destructing(database: Database) -> None:
    async with database.transaction() as connection:
        await letters.write(connection, MailKind.PASSWORD_RESET, TO, Language.EN, LINK)
        raise LookupError


async def test_a_domain_of_any_script(sender: Sender, mailbox: Mailbox) -> None:
    await write(sender.database, "ivan@пошта.бел")
    assert await sender.send_due() == 1
    assert mailbox.recipients == ["ivan@xn--80a1acn3a.xn--90ais"]


async def test_several_send_each_letter_once(sender: Sender, mailbox: Mailbox) -> None:
    for number in range(8):
        await write(sender.database, f"anna{number}@example.org")
    assert sum(await asyncio.gather(*(sender.send_due() for _ in range(4)))) == 8
    assert sorted(mailbox.recipients) == [f"anna{number}@example.org" for number in range(8)]


async def test_a_server_that_is_away_is_tried_again_later_each_time(database: Database, empty_url: str) -> None:
    sender, waits = Sender(database, Smtp("127.0.0.1", free_port(), FROM), 0.01), []
    await write(database)
    with structlog.testing.capture_logs() as logged:
        for _ in range(MOST_TRIES - 1):
            assert await sender.send_due() == 0
            waits.append(round(hurry(empty_url).total_seconds() / 30))
        assert await sender.send_due() == 0
    assert waits == [1, 2, 4, 8, 16, 32, 64, 120, 120, 120, 120]
    assert rows(empty_url, "SELECT recipient, body, next_try_at, sent_at FROM mail") == [(None, None, None, None)]
    assert [each["given_up"] for each in logged] == [False] * (MOST_TRIES - 1) + [True]
    assert TO not in repr(logged)
    assert "code=" not in repr(logged)


async def test_a_server_that_is_back_gets_it(sender: Sender, mailbox: Mailbox, empty_url: str) -> None:
    mailbox.replies = ["451 Try again"]
    await write(sender.database)
    assert await sender.send_due() == 0
    assert mailbox.messages == []
    hurry(empty_url)
    assert await sender.send_due() == 1
    assert mailbox.recipients == [TO]


async def test_an_address_that_takes_no_mail_is_given_up(sender: Sender, mailbox: Mailbox, empty_url: str) -> None:
    mailbox.replies = [f"550 No such user {TO}"]
    await write(sender.database)
    await write(sender.database, "other@example.org")
    with structlog.testing.capture_logs() as logged:
        assert await sender.send_due() == 1
    query = "SELECT next_try_at IS NULL, body IS NULL, sent_at IS NULL FROM mail ORDER BY id"
    assert rows(empty_url, query) == [(True, True, True), (True, True, False)]
    assert [each["event"] for each in logged] == ["mail"]
    assert TO not in repr(logged)


async def test_a_password_goes_to_no_server_without_tls(
    database: Database, server: Controller, mailbox: Mailbox
) -> None:
    post = Smtp("127.0.0.1", server.port, FROM, user="portal", password="secret")  # noqa: S106 - no real one
    await write(database)
    assert await Sender(database, post, 0.01).send_due() == 0
    assert mailbox.messages == []


async def test_by_default_letters_are_files(database: Database, tmp_path: Path) -> None:
    await write(database)
    assert await Sender(database, post_at("", FROM, tmp_path / "mail"), 0.01).send_due() == 1
    (file,) = (tmp_path / "mail").iterdir()
    assert (file.suffix, file.stat().st_mode & 0o777) == (".eml", 0o600)
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert LINK in message.get_content()


@pytest.mark.parametrize(
    ("url", "post"),
    [
        ("", Folder(Path("mail"), FROM)),
        ("smtp://mail.example", Smtp("mail.example", 25, FROM)),
        ("smtps://mail.example", Smtp("mail.example", 465, FROM, tls=True)),
        ("smtp://me%40x:p%3Aw@mail.example:587", Smtp("mail.example", 587, FROM, user="me@x", password="p:w")),  # noqa: S106
    ],
)
def test_where_the_post_is(url: str, post: Any) -> None:
    assert post_at(url, FROM, Path("mail")) == post


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://"])
def test_what_is_no_mail_server(url: str) -> None:
    with pytest.raises(ValueError, match="mail server"):
        post_at(url, FROM, Path("mail"))


async def test_it_runs_until_it_is_stopped(sender: Sender, mailbox: Mailbox) -> None:
    stopped = asyncio.Event()
    running = asyncio.create_task(sender.run(stopped))
    await write(sender.database)
    assert await asyncio.to_thread(mailbox.arrived.wait, 30)
    stopped.set()
    await running


OLD: LiteralString = """
INSERT INTO rater (kind) VALUES ('PERSON');
INSERT INTO account (code, rater_id) SELECT 'a', id FROM rater;
INSERT INTO session (account_id, kind, agent, expires_at, ended_at, secret_digest)
SELECT id, 'BROWSER', name, now() + expires, now() + ended, CASE WHEN ended IS NULL THEN decode(md5(name), 'hex') END
FROM account, (VALUES ('open', interval '1 day', NULL::interval), ('expired', '-1 day', NULL),
    ('long expired', '-31 days', NULL), ('ended', '1 day', '-1 day'), ('long ended', '1 day', '-31 days')) AS s (name, expires, ended);
INSERT INTO attempt (key, count, free_at, expires_at) SELECT decode(md5(n::text), 'hex'), 1, now(), now() + n * interval '1 day'
FROM (VALUES (-1), (1)) AS a (n);
INSERT INTO one_time_code (purpose, digest, account_id, expires_at) SELECT 'PASSWORD_RESET', decode(md5(n::text), 'hex'), id,
    now() + n * interval '1 hour' FROM account, (VALUES (-1), (1)) AS c (n);
INSERT INTO mail (kind, recipient, subject, body, written_at, next_try_at) VALUES
    ('ERASED', 'a', 'waits', 'b', now() - interval '31 days', now()),
    ('ERASED', NULL, NULL, NULL, now() - interval '31 days', NULL), ('ERASED', NULL, NULL, NULL, now(), NULL);"""


async def test_what_is_over_is_deleted(database: Database, empty_url: str) -> None:
    with psycopg.connect(empty_url) as connection:
        connection.execute(OLD)
    await housekeeping.tidy(database)
    assert rows(empty_url, "SELECT agent FROM session ORDER BY 1") == [("ended",), ("expired",), ("open",)]
    assert rows(empty_url, "SELECT count(*) FROM attempt") == [(1,)]
    assert rows(empty_url, "SELECT count(*) FROM one_time_code") == [(1,)]
    assert rows(empty_url, "SELECT subject FROM mail ORDER BY id") == [("waits",), (None,)]
