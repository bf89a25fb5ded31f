"""Telling people by mail what became of what they said, without a word of it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.meanings import global_ids
from models.mail import MailKind
from models.raters import Account
from resolvers import letters
from resolvers.languages import Language


@dataclass(frozen=True)
class Letterhead:
    """The portal's own address, for links, and the language of who has never told theirs."""

    public_url: str
    language: Language


async def tell(connection: AsyncConnection, head: Letterhead, kind: MailKind, rater_id: int, review: int) -> None:
    """Write to whoever a rater is, if there is an account with a confirmed address, in its owner's language.

    The letter has no more than a link to the review, which its author finds there.
    """
    found = select(Account.email, Account.language).where(
        Account.rater_id == rater_id, Account.email_confirmed_at.is_not(None)
    )
    reader = (await connection.execute(found)).one_or_none()
    if reader is not None:
        link = f"{head.public_url}/reviews/{global_ids.encode('Review', review)}"
        language = head.language if reader.language is None else Language[reader.language]
        await letters.write(connection, kind, reader.email, language, link)
