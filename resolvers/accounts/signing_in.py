"""signIn, signInWithCode and refreshTokens: a session is opened for who knows the password, or has a good code or token."""

from sqlalchemy import Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import accounts, sessions
from auth.providers import app_codes
from auth.sessions import Opened
from auth.sign_ins import SignedIn
from models.credentials import Credential
from models.raters import Account
from models.sessions import SessionKind
from resolvers.accounts import desks
from resolvers.accounts.desks import Desk
from resolvers.problems import WrongCredentials


async def sign_in(desk: Desk, email: str, password: str, kind: SessionKind) -> SignedIn:
    """Open a session for the account with an e-mail and a password; the same refusal whatever is wrong.

    A password is looked at outside of transactions, so that nothing waits for it, and what was
    found is held against the database again before the session is opened.
    """
    desks.must_be_own(desk, kind)
    address = desks.checked_email(email)
    desks.check_length(password, "password")
    passwords = desk.sign_ins.passwords
    with passwords.turn() as turn:
        async with desk.database.transaction() as connection:
            await desks.count(connection, desk, address)
            found = await _credential(connection, address)
        if not await turn.verify(found and found.hash, password):
            raise desks.wrong()
        assert found is not None
        renewed = await turn.hash(password) if passwords.is_outdated(found.hash) else None
    async with desk.database.transaction() as connection:
        opened = await _open(connection, desk, found, renewed, kind)
        await desks.forgive(connection, desk, address)
    return desk.sign_ins.hand_over(opened, desk.visit)


async def sign_in_with_code(desk: Desk, code: str, verifier: str) -> SignedIn:
    """Open a session for the app that began a sign-in through a provider, and kept its secret to itself.

    A refusal leaves the code as it was: who has come by it cannot spoil it for the app.
    """
    async with desk.database.transaction() as connection:
        account_id = await app_codes.account_of(connection, code, verifier)
        # The account is locked before what belongs to it, as by whoever ends its sessions, or erases it.
        is_there = account_id is not None and await accounts.lock(connection, account_id)
        if account_id is None or not is_there or not await app_codes.use(connection, code):
            message = "The code is not good, or not any more, or was given to another app: begin again."
            raise WrongCredentials("SIGN_IN_CODE_INVALID", message, "input", "code")
        language = desk.language.value
        opened = await sessions.open_session(connection, account_id, SessionKind.APP, desk.visit.agent, language)
    return desk.sign_ins.hand_over(opened, desk.visit)


async def refresh(desk: Desk, refresh_token: str) -> SignedIn:
    """The next tokens of an app's session; a token that was used before ends it."""
    async with desk.database.transaction() as connection:
        opened = await sessions.renew(connection, refresh_token)
    if opened is None:
        message = "The refresh token is not good, or not any more: sign in again."
        raise WrongCredentials("REFRESH_TOKEN_INVALID", message, "input", "refreshToken")
    return desk.sign_ins.hand_over(opened, desk.visit)


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
    if not await accounts.lock(connection, found.id):
        raise desks.wrong()
    same = (Credential.account_id == found.id, Credential.hash == found.hash)
    still = select(Credential.account_id).where(*same).with_for_update()
    if (await connection.execute(still)).one_or_none() is None:
        raise desks.wrong()
    if renewed is not None:
        await connection.execute(update(Credential).where(*same).values(hash=renewed))
    return await sessions.open_session(connection, found.id, kind, desk.visit.agent, desk.language.value)
