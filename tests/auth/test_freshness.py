"""A session that ends is over within five seconds, and until then nobody is looked up twice."""

from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest

from auth import sessions
from auth.authenticator import FRESH_SECONDS, Authenticator
from auth.browsers import Browsers
from auth.keys import Keyring
from auth.tokens import Tokens
from models.database import Database
from models.errors import Unauthenticated
from models.sessions import Session, SessionKind


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def database(stage_url: str) -> AsyncIterator[Database]:
    database = Database(stage_url)
    await database.open()
    yield database
    await database.close()


async def opened(database: Database, url: str, kind: SessionKind) -> sessions.Opened:
    with psycopg.connect(url) as connection:
        ((account,),) = connection.execute("SELECT id FROM account WHERE code = 'citizen-1'").fetchall()
    async with database.transaction() as connection:
        return await sessions.open_session(connection, account, kind, "Firefox, Linux", "EN")


async def ended(database: Database, session: int) -> None:
    async with database.transaction() as connection:
        assert await sessions.end(connection, Session.id == session) == [session]


async def test_a_cookie(database: Database, stage_url: str) -> None:
    clock = Clock()
    browsers, session = Browsers(database, clock), await opened(database, stage_url, SessionKind.BROWSER)
    first = await browsers.viewer(session.secret)
    assert first
    assert first.session_id == session.id
    await ended(database, session.id)
    clock.now = FRESH_SECONDS - 0.1
    assert await browsers.viewer(session.secret) is first
    clock.now = FRESH_SECONDS
    assert await browsers.viewer(session.secret) is None


async def test_an_apps_access_token(database: Database, stage_url: str, tmp_path: Path) -> None:
    clock, tokens = Clock(), Tokens(Keyring(tmp_path))
    authenticator, session = Authenticator(tokens, database, clock), await opened(database, stage_url, SessionKind.APP)
    header = f"Bearer {tokens.issue('citizen-1', 600, session=str(session.id))}"
    first = await authenticator.caller(header)
    await ended(database, session.id)
    clock.now = FRESH_SECONDS - 0.1
    assert await authenticator.caller(header) is first
    clock.now = FRESH_SECONDS
    with pytest.raises(Unauthenticated, match="session is over"):
        await authenticator.caller(header)


async def test_an_erased_account(database: Database, stage_url: str, tmp_path: Path) -> None:
    """Of its cookies, its apps' tokens and tokens without a session none is good for more than five seconds."""
    clock, tokens = Clock(), Tokens(Keyring(tmp_path))
    browsers, authenticator = Browsers(database, clock), Authenticator(tokens, database, clock)
    browser, app = [await opened(database, stage_url, kind) for kind in (SessionKind.BROWSER, SessionKind.APP)]
    headers = [f"Bearer {tokens.issue('citizen-1', 600, session=each)}" for each in (str(app.id), None)]
    assert await browsers.viewer(browser.secret)
    assert all([await authenticator.caller(header) for header in headers])
    with psycopg.connect(stage_url) as connection:
        connection.execute("DELETE FROM account WHERE code = 'citizen-1'")
    assert FRESH_SECONDS <= 5
    clock.now = FRESH_SECONDS
    assert await browsers.viewer(browser.secret) is None
    for header in headers:
        with pytest.raises(Unauthenticated, match="does not exist"):
            await authenticator.caller(header)


@pytest.mark.parametrize("session", ["x", "1.0", "-1", "9" * 30, "4711"])
async def test_a_token_of_a_session_that_is_none(database: Database, tmp_path: Path, session: str) -> None:
    tokens = Tokens(Keyring(tmp_path))
    with pytest.raises(Unauthenticated):
        await Authenticator(tokens, database).caller(f"Bearer {tokens.issue('citizen-1', 600, session=session)}")


async def test_a_token_of_anothers_session(database: Database, stage_url: str, tmp_path: Path) -> None:
    tokens, session = Tokens(Keyring(tmp_path)), await opened(database, stage_url, SessionKind.APP)
    token = tokens.issue("citizen-2", 600, session=str(session.id))
    with pytest.raises(Unauthenticated):
        await Authenticator(tokens, database).caller(f"Bearer {token}")
