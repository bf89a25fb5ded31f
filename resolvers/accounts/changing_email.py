"""requestEmailChange and confirmEmailChange: an account is written to at another address, which its owner has shown to own.

What a stranger at a mistyped address finds in the mailbox is of no use without being signed in to the account: else it
would be theirs by "forgot password".
"""

from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import accounts
from auth.viewers import Viewer
from models.mail import MailKind
from models.raters import Account
from resolvers import letters
from resolvers.accounts import desks, one_time_codes, proving
from resolvers.accounts.desks import Desk
from resolvers.accounts.registration import LetterOnItsWay
from resolvers.problems import InvalidInput


@dataclass(frozen=True)
class EmailChanged:
    """The address that the account has from now on."""

    email: str


async def request(desk: Desk, viewer: Viewer, email: str, password: str | None) -> LetterOnItsWay:
    """Send a code to another address; if there is an account with it, its owner is told so by mail instead.

    Both are answered alike, and take the same statements.
    """
    address = desks.checked_email(email)
    with desk.sign_ins.passwords.turn() as turn:
        found = await proving.prove(desk, turn, viewer, password, "password")
    if found.email is not None and found.email.lower() == address.lower():
        raise InvalidInput("EMAIL_UNCHANGED", "This is the account's address already.", "input", "email")
    await desks.count_mail(desk, address)
    async with desk.database.transaction() as connection:
        await proving.still(connection, viewer, found)
        code = await one_time_codes.for_email(connection, viewer.account_id, address)
        if code is None:
            await letters.write(connection, MailKind.EMAIL_IN_USE, address, desk.language)
        else:
            link = desk.link("change-email", code)
            await letters.write(connection, MailKind.EMAIL_CHANGE, address, desk.language, link)
    return LetterOnItsWay(address)


async def confirm(desk: Desk, viewer: Viewer, code: str) -> EmailChanged:
    """Give the viewer's account the address that a code was sent to; who reads mail at the old one is told there."""
    async with desk.database.transaction() as connection:
        await accounts.hold(connection, viewer.account_id)
        email = await one_time_codes.email(connection, viewer.account_id, code)
        before = await _change(connection, viewer.account_id, email)
        # Links that were sent to the old address open the account no more, and registrations with the new one make none.
        await one_time_codes.drop_resets(connection, viewer.account_id)
        await one_time_codes.drop_registrations(connection, email)
        if before is not None:
            await letters.write(connection, MailKind.EMAIL_CHANGED, before, desk.language, desk.sign_ins.public_url)
    return EmailChanged(email)


async def _change(connection: AsyncConnection, account_id: int, email: str) -> str | None:
    """Set the address, and tell the one before; refuses the code where another account has got it meanwhile."""
    before: str | None = (await connection.execute(select(Account.email).where(Account.id == account_id))).scalar_one()
    changed = {"email": email, "email_confirmed_at": func.clock_timestamp()}
    try:
        await connection.execute(update(Account).where(Account.id == account_id).values(changed))
    except IntegrityError:
        raise one_time_codes.not_good() from None
    return before
