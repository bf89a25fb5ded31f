"""Sessions: opened, renewed, ended.

A browser holds the secret itself. An app holds a refresh token of two parts: the secret, which stays,
and a turn, which is another after each use. A token with the right secret and a wrong turn was used
before, so somebody has a copy: the session ends for both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Interval, delete, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from auth.secrets import digest, new_secret
from models.app_codes import AppCode
from models.raters import Account
from models.sessions import Session, SessionKind

# A session ends when it was not used for so long, and at last after so long.
UNUSED = timedelta(days=30)
LONGEST = timedelta(days=365)
# Being used is written down at most so often.
SEEN_EVERY = timedelta(minutes=10)


@dataclass(frozen=True)
class Opened:
    """An open session, and what its holder has to send: a cookie's value, or a refresh token."""

    id: int
    account_code: str
    kind: SessionKind
    secret: str


async def open_session(
    connection: AsyncConnection, account_id: int, kind: SessionKind, agent: str, language: str
) -> Opened:
    """Sign an account in, inside the caller's transaction; `agent` is what `agents.family` tells.

    Its owner speaks `language`, by its name: letters that others are the reason for are written in it.
    """
    secret, turn = new_secret(), new_secret() if kind is SessionKind.APP else None
    row = {
        "account_id": account_id,
        "kind": kind,
        "secret_digest": digest(secret),
        "turn_digest": digest(turn) if turn else None,
        "agent": agent,
        "expires_at": func.clock_timestamp() + _interval(UNUSED),
    }
    key = (await connection.execute(insert(Session).values(row).returning(Session.id))).scalar_one()
    speaks = update(Account).where(Account.id == account_id).values(language=language).returning(Account.code)
    code = (await connection.execute(speaks)).scalar_one()
    return Opened(key, code, kind, f"{secret}.{turn}" if turn else secret)


async def renew(connection: AsyncConnection, refresh_token: str) -> Opened | None:
    """The same session with the next refresh token; None for a token that is no good.

    One that was good before ends its session, which the caller has to commit.
    """
    secret, _, turn = refresh_token.partition(".")
    query = (
        select(Session.id, Session.turn_digest, Account.code)
        .join(Account, Account.id == Session.account_id)
        .where(Session.secret_digest == digest(secret), Session.kind == SessionKind.APP, is_open())
        .with_for_update(of=Session.__table__)
    )
    found = (await connection.execute(query)).one_or_none()
    if found is None:
        return None
    if found.turn_digest != digest(turn):
        await end(connection, Session.id == found.id)
        return None
    following = new_secret()
    renewed = {"turn_digest": digest(following), **_seen()}
    await connection.execute(update(Session).where(Session.id == found.id).values(renewed))
    return Opened(found.id, found.code, SessionKind.APP, f"{secret}.{following}")


async def end(connection: AsyncConnection, *which: ColumnElement[bool]) -> Sequence[int]:
    """End the open sessions that meet all conditions; their keys. Their secrets are forgotten."""
    ended = {"ended_at": func.clock_timestamp(), "secret_digest": None, "turn_digest": None}
    query = update(Session).where(Session.ended_at.is_(None), *which).values(ended)
    return (await connection.execute(query.returning(Session.id))).scalars().all()


async def end_all(connection: AsyncConnection, account_id: int, but: int | None = None) -> int:
    """End all sessions of an account, except perhaps one; how many there were. Nor do apps get those that they wait for."""
    await connection.execute(delete(AppCode).where(AppCode.account_id == account_id))
    others = () if but is None else (Session.id != but,)
    return len(await end(connection, Session.account_id == account_id, *others))


async def see(connection: AsyncConnection, session_id: int) -> None:
    """Write down that a session is used, so that it lasts."""
    await connection.execute(update(Session).where(Session.id == session_id).values(_seen()))


def is_open() -> ColumnElement[bool]:
    """Whether a session has neither ended nor expired."""
    return Session.ended_at.is_(None) & (Session.expires_at > func.clock_timestamp())


def is_to_be_seen() -> ColumnElement[bool]:
    """Whether a session's last use was written down too long ago."""
    return Session.last_seen_at < func.clock_timestamp() - _interval(SEEN_EVERY)


def _seen() -> dict[str, Any]:
    now = func.clock_timestamp()
    last = Session.opened_at + _interval(LONGEST)
    return {"last_seen_at": now, "expires_at": func.least(now + _interval(UNUSED), last)}


def _interval(length: timedelta) -> ColumnElement[timedelta]:
    return literal(length, Interval())
