"""One-time codes: made, sent in a link, and used once."""

from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, Interval, Row, Text, bindparam, delete, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from auth.secrets import digest, new_secret
from models.credentials import CodePurpose, OneTimeCode
from models.raters import Account, RaterKind
from resolvers.problems import InvalidInput

REGISTRATION_LASTS = timedelta(hours=24)
RESET_LASTS = timedelta(hours=1)
EMAIL_LASTS = timedelta(hours=1)


async def for_registration(connection: AsyncConnection, email: str, kind: RaterKind, hash_: str) -> str:
    """A code that makes an account of what it holds."""
    code = new_secret()
    row = {"purpose": CodePurpose.REGISTRATION, "digest": digest(code), "email": email, "kind": kind, "hash": hash_}
    row["expires_at"] = func.clock_timestamp() + literal(REGISTRATION_LASTS, Interval())
    await connection.execute(insert(OneTimeCode).values(row))
    return code


async def for_reset(connection: AsyncConnection, email: str) -> str:
    """A code that sets a password for the account with an e-mail; where there is none, a code of nothing.

    The statement is the same for both, so that both take as long.
    """
    code = new_secret()
    expires = func.clock_timestamp() + literal(RESET_LASTS, Interval())
    found = select(
        literal(CodePurpose.PASSWORD_RESET, OneTimeCode.purpose.type), literal(digest(code)), Account.id, expires
    ).where(func.lower(Account.email) == func.lower(bindparam("email", email)))
    columns = [OneTimeCode.purpose, OneTimeCode.digest, OneTimeCode.account_id, OneTimeCode.expires_at]
    await connection.execute(insert(OneTimeCode).from_select(columns, found))
    return code


async def for_email(connection: AsyncConnection, account_id: int, email: str) -> str | None:
    """A code that gives an account another e-mail; None where an account has that. The statement is the same for both."""
    code = new_secret()
    address = literal(email, Text())
    values = {
        OneTimeCode.purpose: literal(CodePurpose.EMAIL_CHANGE, OneTimeCode.purpose.type),
        OneTimeCode.digest: literal(digest(code)),
        OneTimeCode.account_id: literal(account_id, BigInteger()),
        OneTimeCode.email: address,
        OneTimeCode.expires_at: func.clock_timestamp() + literal(EMAIL_LASTS, Interval()),
    }
    taken = select(Account.id).where(func.lower(Account.email) == func.lower(address)).exists()
    made = insert(OneTimeCode).from_select(list(values), select(*values.values()).where(~taken))
    found = (await connection.execute(made.returning(OneTimeCode.id))).one_or_none()
    return None if found is None else code


async def registration(connection: AsyncConnection, code: str) -> Row[Any]:
    """What a code registers: `id`, `email`, `kind`, `hash`; refuses one that is not good."""
    query = select(OneTimeCode.id, OneTimeCode.email, OneTimeCode.kind, OneTimeCode.hash)
    return await _found(connection, query.where(*_good(code, CodePurpose.REGISTRATION)))


async def reset(connection: AsyncConnection, code: str) -> Row[Any]:
    """What a code resets: its `id`, `account_id`, and the account's `email`; refuses one that is not good."""
    query = select(OneTimeCode.id, OneTimeCode.account_id, Account.email)
    query = query.join(Account, Account.id == OneTimeCode.account_id)
    return await _found(connection, query.where(*_good(code, CodePurpose.PASSWORD_RESET)))


async def email(connection: AsyncConnection, account_id: int, code: str) -> str:
    """The address that an account's own code was sent to, which uses it up; refuses one that is not good."""
    query = select(OneTimeCode.id, OneTimeCode.email)
    own = OneTimeCode.account_id == account_id
    found = await _found(connection, query.where(own, *_good(code, CodePurpose.EMAIL_CHANGE)))
    await use(connection, found.id)
    return str(found.email)


async def use(connection: AsyncConnection, key: int) -> None:
    """Use a code up; refuses one that somebody else has used meanwhile."""
    used = delete(OneTimeCode).where(OneTimeCode.id == key).returning(OneTimeCode.id)
    if (await connection.execute(used)).one_or_none() is None:
        raise not_good()


async def drop_resets(connection: AsyncConnection, account_id: int) -> None:
    """Make all other codes of an account useless: for its password, and for another address."""
    await connection.execute(delete(OneTimeCode).where(OneTimeCode.account_id == account_id))


async def drop_registrations(connection: AsyncConnection, email: str) -> None:
    """Make all other codes for registering an address useless."""
    await connection.execute(delete(OneTimeCode).where(func.lower(OneTimeCode.email) == func.lower(email)))


def not_good() -> InvalidInput:
    """The refusal of a code: unknown, used and expired ones look the same."""
    return InvalidInput("CODE_INVALID", "The code is not good, or not any more: ask for another.", "input", "code")


async def _found(connection: AsyncConnection, query: Any) -> Row[Any]:
    found: Row[Any] | None = (await connection.execute(query)).one_or_none()
    if found is None:
        raise not_good()
    return found


def _good(code: str, purpose: CodePurpose) -> tuple[Any, ...]:
    return (
        OneTimeCode.digest == digest(code),
        OneTimeCode.purpose == purpose,
        OneTimeCode.expires_at > func.clock_timestamp(),
    )
