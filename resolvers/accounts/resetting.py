"""requestPasswordReset and resetPassword: how those come back who forgot their password, or never had one."""

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import accounts, sessions
from auth.sign_ins import SignedIn
from models.credentials import Credential
from models.mail import MailKind
from models.raters import Account
from models.sessions import SessionKind
from resolvers import letters
from resolvers.accounts import desks, one_time_codes
from resolvers.accounts.desks import Desk
from resolvers.accounts.registration import LetterOnItsWay


async def request(desk: Desk, email: str) -> LetterOnItsWay:
    """Send a link that sets a password; to an address without an account, a letter that there is none.

    Both are answered alike, and take the same statements.
    """
    address = desks.checked_email(email)
    await desks.count_mail(desk, address)
    async with desk.database.transaction() as connection:
        account = await accounts.with_email(connection, address)
        code = await one_time_codes.for_reset(connection, address)
        if account is None:
            link = f"{desk.sign_ins.public_url}/register"
            await letters.write(connection, MailKind.NO_ACCOUNT, address, desk.language, link)
        else:
            link = desk.link("reset-password", code)
            await letters.write(connection, MailKind.PASSWORD_RESET, address, desk.language, link)
    return LetterOnItsWay(address)


async def reset(desk: Desk, code: str, password: str, kind: SessionKind) -> SignedIn:
    """Set the password of the account that a code was sent for, end all of its sessions, and sign its owner in."""
    desks.must_be_own(desk, kind)
    async with desk.database.transaction() as connection:
        found = await one_time_codes.reset(connection, code)
    with desk.sign_ins.passwords.turn() as turn:
        await desks.check_new(turn, password, found.email, "password")
        hash_ = await turn.hash(password)
    async with desk.database.transaction() as connection:
        if not await accounts.lock(connection, found.account_id):
            raise one_time_codes.not_good()
        await one_time_codes.use(connection, found.id)
        await set_password(connection, found.account_id, hash_)
        confirmed = func.coalesce(Account.email_confirmed_at, func.clock_timestamp())
        query = update(Account).where(Account.id == found.account_id, Account.email.is_not(None))
        await connection.execute(query.values(email_confirmed_at=confirmed))
        await sessions.end_all(connection, found.account_id)
        await desks.forgive(connection, desk, found.email)
        await tell(connection, desk, found.email)
        opened = await sessions.open_session(connection, found.account_id, kind, desk.visit.agent, desk.language.value)
    return desk.sign_ins.hand_over(opened, desk.visit)


async def set_password(connection: AsyncConnection, account_id: int, hash_: str) -> None:
    """Set an account's password, and make all links for it useless."""
    row = {"hash": hash_, "changed_at": func.clock_timestamp()}
    query = insert(Credential).values(account_id=account_id, **row)
    await connection.execute(query.on_conflict_do_update(index_elements=[Credential.account_id], set_=row))
    await one_time_codes.drop_resets(connection, account_id)


async def tell(connection: AsyncConnection, desk: Desk, email: str | None) -> None:
    """Tell the owner of an account that its password was changed, so that they notice if it was not them."""
    if email is not None:
        link = f"{desk.sign_ins.public_url}/forgot-password"
        await letters.write(connection, MailKind.PASSWORD_CHANGED, email, desk.language, link)
