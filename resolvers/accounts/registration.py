"""register and confirmEmail: an account comes to be when its owner has shown to own the address and the password."""

from dataclasses import dataclass

from sqlalchemy import insert

from auth import accounts, sessions
from auth.sign_ins import SignedIn
from models.credentials import Credential
from models.mail import MailKind
from models.raters import RaterKind
from models.sessions import SessionKind
from resolvers import letters
from resolvers.accounts import desks, one_time_codes
from resolvers.accounts.desks import Desk


@dataclass(frozen=True)
class LetterOnItsWay:
    """Where a letter goes. It is the same whether there is an account or not."""

    email: str


async def register(desk: Desk, email: str, password: str, kind: RaterKind) -> LetterOnItsWay:
    """Send a link that makes an account; if there is one with that address, its owner is told so by mail instead.

    Both are answered alike, and take the same work: one hash, and the same number of statements.
    """
    address = desks.checked_email(email)
    with desk.sign_ins.passwords.turn() as turn:
        await desks.check_new(turn, password, address, "password")
        await desks.count_mail(desk, address)
        hash_ = await turn.hash(password)
    async with desk.database.transaction() as connection:
        if await accounts.with_email(connection, address) is None:
            reason, page = MailKind.REGISTRATION, "confirm-email"
            code = await one_time_codes.for_registration(connection, address, kind, hash_)
        else:
            reason, page = MailKind.ALREADY_REGISTERED, "reset-password"
            code = await one_time_codes.for_reset(connection, address)
        await letters.write(connection, reason, address, desk.language, desk.link(page, code))
    return LetterOnItsWay(address)


async def confirm(desk: Desk, code: str, password: str, kind: SessionKind) -> SignedIn:
    """Make the account that a code was sent for, and sign its owner in.

    The password is asked for again: whoever registered with somebody else's address does not get an
    account under it because its owner opens a link.
    """
    desks.must_be_own(desk, kind)
    desks.check_length(password, "password")
    with desk.sign_ins.passwords.turn() as turn:
        async with desk.database.transaction() as connection:
            found = await one_time_codes.registration(connection, code)
            await desks.count(connection, desk, found.email)
        if not await turn.verify(found.hash, password):
            raise desks.wrong("password")
    async with desk.database.transaction() as connection:
        await one_time_codes.use(connection, found.id)
        account_id = await accounts.create(connection, found.kind, found.email)
        if account_id is None:
            raise one_time_codes.not_good()
        await connection.execute(insert(Credential).values(account_id=account_id, hash=found.hash))
        await one_time_codes.drop_registrations(connection, found.email)
        await desks.forgive(connection, desk, found.email)
        opened = await sessions.open_session(connection, account_id, kind, desk.visit.agent, desk.language.value)
    return desk.sign_ins.hand_over(opened, desk.visit)
