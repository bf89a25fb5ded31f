"""signOut, signOutEverywhere and endSession: sessions end, and with them their cookies and tokens."""

from dataclasses import dataclass

from sqlalchemy import select

from auth import sessions
from auth.viewers import Viewer
from auth.visits import Visit
from models.database import Database
from models.sessions import Session
from resolvers.keys import key_of
from resolvers.problems import Unknown


@dataclass(frozen=True)
class SignedOut:
    """How many sessions ended."""

    ended_sessions: int


@dataclass(frozen=True)
class Ended:
    """The key of a session that is over."""

    session: int


async def sign_out(database: Database, viewer: Viewer | None, visit: Visit) -> SignedOut:
    """End the session that asks, if one does; signing out again changes nothing."""
    ended = 0
    if viewer is not None and viewer.session_id is not None:
        async with database.transaction() as connection:
            ended = len(await sessions.end(connection, Session.id == viewer.session_id))
    if visit.cookies.own:
        visit.cookies.drop()
    return SignedOut(ended)


async def sign_out_everywhere(database: Database, viewer: Viewer, visit: Visit) -> SignedOut:
    """End all sessions of the viewer."""
    async with database.transaction() as connection:
        ended = await sessions.end_all(connection, viewer.account_id)
    if visit.cookies.own:
        visit.cookies.drop()
    return SignedOut(ended)


async def end_session(database: Database, viewer: Viewer, session: str) -> Ended:
    """End one of the viewer's sessions; ending it again changes nothing."""
    key = key_of(session, "Session", "session")
    async with database.transaction() as connection:
        own = select(Session.id).where(Session.id == key, Session.account_id == viewer.account_id)
        if (await connection.execute(own)).one_or_none() is None:
            raise Unknown("SESSION_UNKNOWN", "You have no such session.", "input", "session")
        await sessions.end(connection, Session.id == key)
    return Ended(key)
