"""Codes that apps are called back with: each opens a session once, for the app that began the sign-in."""

from datetime import timedelta

from sqlalchemy import Interval, delete, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from auth.secrets import digest, new_secret
from models.app_codes import AppCode

# The app is called back at once: it only has to ask.
LASTS = timedelta(minutes=1)


async def issue(connection: AsyncConnection, account_id: int, challenge: bytes) -> str:
    """A code for an account, good for whoever has the secret that the challenge is the SHA-256 of."""
    code = new_secret()
    row = {"code_digest": digest(code), "account_id": account_id, "challenge": challenge}
    row["expires_at"] = func.clock_timestamp() + literal(LASTS, Interval())
    await connection.execute(insert(AppCode).values(row))
    return code


async def account_of(connection: AsyncConnection, code: str, verifier: str) -> int | None:
    """The account that a code opens with its secret, if it is good. It is not used up by that."""
    fits = (AppCode.code_digest == digest(code)) & (AppCode.challenge == digest(verifier))
    query = select(AppCode.account_id).where(fits, AppCode.expires_at > func.clock_timestamp())
    return (await connection.execute(query)).scalar_one_or_none()


async def use(connection: AsyncConnection, code: str) -> bool:
    """Use a code up; False where somebody else has meanwhile."""
    used = delete(AppCode).where(AppCode.code_digest == digest(code)).returning(AppCode.account_id)
    return (await connection.execute(used)).one_or_none() is not None
