"""Proving once more who one is, before what cannot be undone: with the password, or by having just signed in."""

from datetime import timedelta

from sqlalchemy import Interval, Row, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import accounts
from auth.passwords import Turn
from auth.viewers import Viewer
from models.credentials import Credential
from models.errors import Unauthenticated
from models.raters import Account
from models.sessions import Session
from resolvers.accounts import desks
from resolvers.accounts.desks import Desk
from resolvers.problems import WrongCredentials

# Who has no password must have signed in so recently.
JUST_NOW = timedelta(minutes=10)


async def prove(
    desk: Desk, turn: Turn, viewer: Viewer, password: str | None, field: str
) -> Row[str | None, str | None]:
    """The `email` and the `hash` of the viewer's account, once it is proven that the viewer is its owner.

    Refused as `CREDENTIALS_WRONG` where the account has a password, else as `SIGN_IN_AGAIN`.
    """
    desks.check_length(password or "", field)
    async with desk.database.transaction() as connection:
        found = await _account(connection, viewer)
        if found.hash is not None:
            await desks.count(connection, desk, _whose(found, viewer))
    if found.hash is None:
        await _demand_fresh(desk, viewer)
    elif not await turn.verify(found.hash, password or ""):
        raise WrongCredentials("CREDENTIALS_WRONG", "This is not the account's password.", "input", field)
    else:
        async with desk.database.transaction() as connection:
            await desks.forgive(connection, desk, _whose(found, viewer))
    return found


async def still(connection: AsyncConnection, viewer: Viewer, found: Row[str | None, str | None]) -> None:
    """Lock the viewer's account; refuses where its password was changed since it was proven."""
    await accounts.hold(connection, viewer.account_id)
    if (await _account(connection, viewer)).hash != found.hash:
        raise _again()


async def _account(connection: AsyncConnection, viewer: Viewer) -> Row[str | None, str | None]:
    query = (
        select(Account.email, Credential.hash)
        .outerjoin(Credential, Credential.account_id == Account.id)
        .where(Account.id == viewer.account_id)
    )
    found = (await connection.execute(query)).one_or_none()
    if found is None:
        # Who a token is for is believed for some seconds, in which the account can be erased elsewhere.
        raise Unauthenticated("The account does not exist any more.")
    return found


async def _demand_fresh(desk: Desk, viewer: Viewer) -> None:
    recent = Session.opened_at > func.clock_timestamp() - literal(JUST_NOW, Interval())
    query = select(Session.id).where(Session.id == viewer.session_id, Session.ended_at.is_(None), recent)
    async with desk.database.transaction() as connection:
        if (await connection.execute(query)).one_or_none() is None:
            raise _again()


def _again() -> WrongCredentials:
    return WrongCredentials("SIGN_IN_AGAIN", "Sign in again first: the account has no password to ask for.", "input")


def _whose(found: Row[str | None, str | None], viewer: Viewer) -> str:
    """Under which name guesses are counted: together with those of signing in."""
    return found.email or f"account {viewer.account_id}"
