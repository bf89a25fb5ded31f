"""signIn and refreshTokens: a session is opened for who knows the password, or has the next refresh token."""

from dataclasses import dataclass

from sqlalchemy import Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import attempts, emails, sessions, weak_passwords
from auth.attempts import Limit
from auth.sessions import Opened
from auth.sign_ins import SignedIn, SignIns
from auth.visits import Visit
from models.credentials import Credential
from models.database import Database
from models.raters import Account
from models.sessions import SessionKind
from resolvers.problems import InvalidInput, TooManyAttempts, WrongCredentials


@dataclass(frozen=True)
class Desk:
    """Where somebody signs in: the database, the parts that it takes, and the request that asks."""

    database: Database
    sign_ins: SignIns
    visit: Visit


async def sign_in(desk: Desk, email: str, password: str, kind: SessionKind) -> SignedIn:
    """Open a session for the account with an e-mail and a password; the same refusal whatever is wrong.

    A password is looked at outside of transactions, so that nothing waits for it, and what was
    found is held against the database again before the session is opened.
    """
    must_be_own(desk, kind)
    address = checked_email(email)
    check_length(password, "password")
    async with desk.database.transaction() as connection:
        await count(connection, desk, address)
        found = await _credential(connection, address)
    if not await desk.sign_ins.passwords.verify(found and found.hash, password):
        raise wrong()
    assert found is not None
    renewed = await desk.sign_ins.passwords.hash(password) if desk.sign_ins.passwords.is_outdated(found.hash) else None
    async with desk.database.transaction() as connection:
        opened = await _open(connection, desk, found, renewed, kind)
        await forgive(connection, desk, address)
    return desk.sign_ins.hand_over(opened, desk.visit)


async def refresh(desk: Desk, refresh_token: str) -> SignedIn:
    """The next tokens of an app's session; a token that was used before ends it."""
    async with desk.database.transaction() as connection:
        opened = await sessions.renew(connection, refresh_token)
    if opened is None:
        message = "The refresh token is not good, or not any more: sign in again."
        raise WrongCredentials("REFRESH_TOKEN_INVALID", message, "input", "refreshToken")
    return desk.sign_ins.hand_over(opened, desk.visit)


def must_be_own(desk: Desk, kind: SessionKind) -> None:
    """Raise Forbidden where another site's page would have a browser signed in."""
    if kind is SessionKind.BROWSER:
        desk.visit.cookies.must_be_own()


def checked_email(given: str, *path: str) -> str:
    """An e-mail address in its normal form; refuses what is none."""
    email = emails.normal(given)
    if email is None:
        raise InvalidInput("EMAIL_INVALID", "This is no e-mail address.", "input", *(path or ("email",)))
    return email


def check_length(password: str, field: str) -> None:
    """Refuse a password that nobody can have."""
    if len(password) > weak_passwords.MOST:
        message = f"A password has at most {weak_passwords.MOST} characters."
        raise InvalidInput("PASSWORD_TOO_LONG", message, "input", field)


def wrong(*path: str) -> WrongCredentials:
    """The refusal of credentials: it does not tell what of them is wrong."""
    return WrongCredentials("CREDENTIALS_WRONG", "The e-mail and the password do not go together.", "input", *path)


async def count(connection: AsyncConnection, desk: Desk, email: str) -> None:
    """Count an attempt to sign in, of the address first; refuses what is tried too often."""
    await count_one(connection, desk, attempts.SIGN_INS_FROM_ADDRESS, desk.visit.address)
    await count_one(connection, desk, attempts.SIGN_INS_OF_ACCOUNT, email)


async def count_one(connection: AsyncConnection, desk: Desk, limit: Limit, whose: str) -> None:
    """Count one attempt; refuses it where there were too many. Counted is what is committed."""
    retry_at = await desk.sign_ins.attempts.count(connection, limit, whose)
    if retry_at is not None:
        raise TooManyAttempts(retry_at)


async def forgive(connection: AsyncConnection, desk: Desk, email: str) -> None:
    """Forget the attempts of an account whose owner is there."""
    await desk.sign_ins.attempts.forgive(connection, attempts.SIGN_INS_FROM_ADDRESS, desk.visit.address)
    await desk.sign_ins.attempts.forget(connection, attempts.SIGN_INS_OF_ACCOUNT, email)


async def _credential(connection: AsyncConnection, email: str) -> Row[int, str] | None:
    query = (
        select(Account.id, Credential.hash)
        .join(Credential, Credential.account_id == Account.id)
        .where(func.lower(Account.email) == func.lower(email))
    )
    return (await connection.execute(query)).one_or_none()


async def _open(
    connection: AsyncConnection, desk: Desk, found: Row[int, str], renewed: str | None, kind: SessionKind
) -> Opened:
    """A session, if the password is still the one that was looked at; its hash renewed where it is outdated."""
    same = (Credential.account_id == found.id, Credential.hash == found.hash)
    still = select(Credential.account_id).where(*same).with_for_update()
    if (await connection.execute(still)).one_or_none() is None:
        raise wrong()
    if renewed is not None:
        await connection.execute(update(Credential).where(*same).values(hash=renewed))
    return await sessions.open_session(connection, found.id, kind, desk.visit.agent)
