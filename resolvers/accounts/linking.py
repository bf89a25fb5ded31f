"""Linking: one more identity opens an account. Its owner is written to, who would notice if it was not them."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import identities
from auth.providers.people import Person
from models.mail import MailKind
from models.raters import Account
from resolvers import letters
from resolvers.languages import Language


async def link(
    connection: AsyncConnection, account_id: int, person: Person, language: Language, public_url: str
) -> None:
    """Link an identity in the caller's transaction; one that is linked already changes nothing, and is no news."""
    if await identities.link(connection, account_id, person):
        await tell(connection, MailKind.IDENTITY_LINKED, account_id, language, public_url)


async def tell(
    connection: AsyncConnection, kind: MailKind, account_id: int, language: Language, public_url: str
) -> None:
    """Tell the owner of an account, if there is an address, what opens it now, or no more."""
    email = (await connection.execute(select(Account.email).where(Account.id == account_id))).scalar_one()
    if email is not None:
        await letters.write(connection, kind, email, language, public_url)
