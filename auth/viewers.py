"""The viewer: for whom a request is answered."""

from dataclasses import dataclass

from sqlalchemy import Select, Text, bindparam, select

from auth import sessions
from auth.secrets import digest
from auth.tokens import Claims
from models.audit import Actor
from models.database import Database, engine_for
from models.errors import Unauthenticated
from models.raters import Account, Rater, RaterKind
from models.sessions import Session, SessionKind


@dataclass(frozen=True)
class Viewer:
    """A signed-in account and its pseudonym, in one request; `session_id` is null for a token without session."""

    account_id: int
    rater_id: int
    kind: RaterKind
    request_id: str | None = None
    session_id: int | None = None

    @property
    def actor(self) -> Actor:
        """The viewer as the audit trail knows it: the account, never the pseudonym."""
        return Actor(self.account_id, self.request_id)


async def viewer_of(database: Database, claims: Claims) -> Viewer:
    """The viewer that a token is for, as of now; raises Unauthenticated where there is none any more.

    What ends a token before its time is asked here: the session that it is of.
    """
    query, session_id = _with_code(claims.subject), None
    if claims.session is not None:
        session_id = _key(claims.session)
        query = query.join(Session, Session.account_id == Account.id)
        query = query.where(Session.id == session_id, sessions.is_open())
    async with database.transaction() as connection:
        row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise Unauthenticated("The access token's account does not exist, or its session is over.")
    return Viewer(row.id, row.rater_id, row.kind, session_id=session_id)


async def viewer_with_cookie(database: Database, secret: str) -> Viewer | None:
    """The viewer of an open session in a browser, if the cookie's secret is one's."""
    query = (
        select(
            Account.id,
            Account.rater_id,
            Rater.kind,
            Session.id.label("session_id"),
            sessions.is_to_be_seen().label("is_to_be_seen"),
        )
        .join(Rater, Rater.id == Account.rater_id)
        .join(Session, Session.account_id == Account.id)
        .where(Session.secret_digest == digest(secret), Session.kind == SessionKind.BROWSER, sessions.is_open())
    )
    async with database.transaction() as connection:
        row = (await connection.execute(query)).one_or_none()
        if row is not None and row.is_to_be_seen:
            await sessions.see(connection, row.session_id)
    return None if row is None else Viewer(row.id, row.rater_id, row.kind, session_id=row.session_id)


def account_exists(url: str, account_code: str) -> bool:
    """Whether a token for that account would be accepted."""
    with engine_for(url).connect() as connection:
        return connection.execute(_with_code(account_code)).one_or_none() is not None


def _with_code(account_code: str) -> Select[int, int, RaterKind]:
    return (
        select(Account.id, Account.rater_id, Rater.kind)
        .join(Rater, Rater.id == Account.rater_id)
        .where(Account.code == bindparam("code", account_code, Text))
    )


def _key(session: str) -> int:
    if not (session.isdecimal() and len(session) < 19):
        raise Unauthenticated("The access token names no session.")
    return int(session)
