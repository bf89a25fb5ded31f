"""Accounts: made for people and companies, found by their e-mail."""

import secrets

from sqlalchemy import Row, func, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_unless
from sqlalchemy.ext.asyncio import AsyncConnection

from models.errors import Unauthenticated
from models.raters import Account, Rater, RaterKind

# Numbers of raters made here: far more than there will be, so that none is met twice, and fitting into a bigint.
RATER_BITS = 62


def new_code() -> str:
    """A code for a new account, which tells nothing of it."""
    return f"user-{secrets.token_hex(8)}"


async def create(connection: AsyncConnection, kind: RaterKind, confirmed_email: str | None) -> int | None:
    """Make an account and its pseudonym; its key, or None where an account has that e-mail.

    The e-mail is one that its owner has confirmed, or that whoever vouches for them has.
    """
    if confirmed_email is not None and await with_email(connection, confirmed_email) is not None:
        return None
    # Were numbers given one after the other, an account's would tell its rater's, once it is erased, too.
    row = {"id": secrets.randbits(RATER_BITS), "kind": kind}
    rater = (await connection.execute(insert(Rater).values(row).returning(Rater.id))).scalar_one()
    account = {
        "code": new_code(),
        "rater_id": rater,
        "email": confirmed_email,
        "email_confirmed_at": None if confirmed_email is None else func.clock_timestamp(),
    }
    # Two who confirm the same address at once: the second one's transaction is to be left.
    query = insert_unless(Account).values(account).on_conflict_do_nothing().returning(Account.id)
    return (await connection.execute(query)).scalar_one_or_none()


async def lock(connection: AsyncConnection, account_id: int) -> bool:
    """Whether an account is there; it is not erased, and no other transaction has its lock, until this one ends.

    Whoever writes what belongs to an account locks it before anything of it: whoever erases it does, too.
    """
    query = select(Account.id).where(Account.id == account_id).with_for_update(key_share=True)
    return (await connection.execute(query)).one_or_none() is not None


async def hold(connection: AsyncConnection, account_id: int) -> None:
    """Lock the account of who asks; refuses who was erased since they were looked up."""
    if not await lock(connection, account_id):
        raise Unauthenticated("The account does not exist any more.")


async def with_email(connection: AsyncConnection, email: str) -> Row[int, str] | None:
    """The key and code of the account with an e-mail, whatever the case of its letters."""
    query = select(Account.id, Account.code).where(func.lower(Account.email) == func.lower(email))
    return (await connection.execute(query)).one_or_none()
