"""Desks: where somebody signs in or registers, and what is checked of everybody there."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from auth import attempts, emails, weak_passwords
from auth.attempts import Limit
from auth.passwords import Turn
from auth.sign_ins import SignIns
from auth.visits import Visit
from models.database import Database
from models.sessions import SessionKind
from resolvers.languages import Language
from resolvers.problems import InvalidInput, TooManyAttempts, WrongCredentials


@dataclass(frozen=True)
class Desk:
    """The database, the parts that signing in takes, the request that asks, and the language of letters."""

    database: Database
    sign_ins: SignIns
    visit: Visit
    language: Language

    def link(self, page: str, code: str) -> str:
        """A link to one of the portal's pages; what stands after # is sent to no server, and stays out of logs."""
        return f"{self.sign_ins.public_url}/{page}#code={code}"


def must_be_own(desk: Desk, kind: SessionKind) -> None:
    """Raise Forbidden where another site's page would have a browser signed in."""
    if kind is SessionKind.BROWSER:
        desk.visit.cookies.must_be_own()


def checked_email(given: str) -> str:
    """An e-mail address in its normal form; refuses what is none."""
    email = emails.normal(given)
    if email is None:
        raise InvalidInput("EMAIL_INVALID", "This is no e-mail address.", "input", "email")
    return email


def check_length(password: str, field: str) -> None:
    """Refuse a password that nobody can have."""
    if len(password) > weak_passwords.MOST:
        message = f"A password has at most {weak_passwords.MOST} characters."
        raise InvalidInput("PASSWORD_TOO_LONG", message, "input", field)


async def check_new(turn: Turn, password: str, email: str | None, field: str) -> None:
    """Refuse a new password that is too short, too long, or among the first that are guessed."""
    if len(password) < weak_passwords.LEAST:
        message = f"A password has at least {weak_passwords.LEAST} characters."
        raise InvalidInput("PASSWORD_TOO_SHORT", message, "input", field)
    check_length(password, field)
    if await turn.beside(lambda: weak_passwords.is_guessable(password, email)):
        message = (
            "This password is guessed soon: it is known from elsewhere, or made of what is. Several words do well."
        )
        raise InvalidInput("PASSWORD_GUESSABLE", message, "input", field)


def wrong(*path: str) -> WrongCredentials:
    """The refusal of credentials: it does not tell what of them is wrong."""
    return WrongCredentials("CREDENTIALS_WRONG", "The e-mail and the password do not go together.", "input", *path)


async def count(connection: AsyncConnection, desk: Desk, email: str) -> None:
    """Count an attempt to sign in, of the address first; refuses what is tried too often."""
    await _count(connection, desk, attempts.SIGN_INS_FROM_ADDRESS, desk.visit.address)
    await _count(connection, desk, attempts.SIGN_INS_OF_ACCOUNT, email)


async def forgive(connection: AsyncConnection, desk: Desk, email: str) -> None:
    """Forget the attempts of an account whose owner is there."""
    await desk.sign_ins.attempts.forgive(connection, attempts.SIGN_INS_FROM_ADDRESS, desk.visit.address)
    await desk.sign_ins.attempts.forget(connection, attempts.SIGN_INS_OF_ACCOUNT, email)


async def count_mail(desk: Desk, email: str) -> None:
    """Count a letter that is asked for, in a transaction of its own; refuses too many to or from one address."""
    async with desk.database.transaction() as connection:
        await _count(connection, desk, attempts.MAIL_FROM_ADDRESS, desk.visit.address)
        await _count(connection, desk, attempts.MAIL_TO_ADDRESS, email)


async def _count(connection: AsyncConnection, desk: Desk, limit: Limit, whose: str) -> None:
    retry_at = await desk.sign_ins.attempts.count(connection, limit, whose)
    if retry_at is not None:
        raise TooManyAttempts(retry_at)
