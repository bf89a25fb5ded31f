"""Whoever wrote a review is told of each step over a real mail server: in their language, and without a word of it."""

import re
from collections.abc import AsyncIterator

import psycopg
import pytest

from auth import sessions
from events.post import Smtp
from events.sender import Sender
from models.database import Database
from models.mail import MailKind
from models.sessions import SessionKind
from resolvers.languages import Language
from resolvers.letters import LETTERS
from tests.letters import letters
from tests.mailboxes import Mailbox, serving
from tests.voices import Voice, confirm, reviewed, voice

WORDS = {
    "review": "Nobody came.",
    "reply": "We are sorry.",
    "edit": "We are very sorry.",
    "measure": "There is a bell.",
}
STEPS = (MailKind.REVIEW_SEEN, MailKind.REVIEW_ANSWERED, MailKind.REPLY_EDITED, MailKind.MEASURE_RECORDED)


@pytest.fixture
async def database(stage_url: str) -> AsyncIterator[Database]:
    database = Database(stage_url, size=2)
    await database.open()
    yield database
    await database.close()


async def handled(author: Voice, head: Voice) -> str:
    """The id of a review that went through all steps of officials, each of them repeated once."""
    review = await reviewed(author, text=WORDS["review"])
    for _ in range(2):
        await head.do("markReviewSeen", review=review)
    await head.do("replyToReview", review=review, text=WORDS["reply"])
    for _ in range(2):
        await head.do("editReply", review=review, version=1, text=WORDS["edit"])
        await head.do("recordMeasure", review=review, text=WORDS["measure"])
    return review


@pytest.mark.parametrize("language", Language)
async def test_each_step_is_one_letter(author: Voice, head: Voice, database: Database, language: Language) -> None:
    address, mailbox = confirm(author, language.value), Mailbox()
    review = await handled(author, head)
    with serving(mailbox) as server:
        assert await Sender(database, Smtp("127.0.0.1", server.port, "portal@portal.example"), 0.01).send_due() == 4
    assert mailbox.recipients == [address] * 4
    assert [each["Subject"] for each in mailbox.messages] == [LETTERS[kind][language].subject for kind in STEPS]
    for message in mailbox.messages:
        body = message.get_content()
        assert re.search(rf"^http\S+/reviews/{review}\s*$", body, re.MULTILINE)
        assert not any(words in str(message) or words in body for words in WORDS.values())


async def test_who_has_no_confirmed_address_gets_no_letter(author: Voice, head: Voice) -> None:
    await handled(author, head)
    assert letters(author.url) == []


async def test_the_language_is_that_of_the_last_sign_in_or_the_portals(author: Voice, head: Voice) -> None:
    confirm(author)
    await handled(author, head)
    assert letters(author.url)[0].subject == LETTERS[MailKind.REVIEW_SEEN][Language.RU].subject
    other = voice(author, "citizen-10")
    confirm(other, "EN")
    await handled(other, head)
    assert letters(author.url)[-1].subject == LETTERS[MailKind.MEASURE_RECORDED][Language.EN].subject


async def test_a_sign_in_tells_the_language(author: Voice, database: Database) -> None:
    with psycopg.connect(author.url) as found:
        ((account,),) = found.execute("SELECT id FROM account WHERE code = 'citizen-9'").fetchall()
    async with database.transaction() as connection:
        await sessions.open_session(connection, account, SessionKind.BROWSER, "Firefox, Linux", Language.BE.value)
    with psycopg.connect(author.url) as told:
        query = "SELECT language FROM account WHERE code = 'citizen-9'"
        assert told.execute(query).fetchall() == [("BE",)]
