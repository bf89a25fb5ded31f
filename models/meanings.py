"""Meanings: what the driver's errors tell the portal, and those who ask."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from psycopg_pool import PoolClosed, PoolTimeout
from sqlalchemy.exc import DBAPIError

from models.errors import DatabaseUnavailable, InputError, TookTooLong

# SQLSTATE classes and codes of a server that is away: connection exceptions, too many
# connections, shutting down, crashed, starting up.
AWAY = ("08", "53300", "57P01", "57P02", "57P03")


@asynccontextmanager
async def available() -> AsyncIterator[None]:
    """Raise what the driver's errors mean: that PostgreSQL is away, that a value is refused."""
    try:
        yield
    except psycopg.Error as error:
        raise meant(error) from error
    except DBAPIError as error:
        if not isinstance(error.orig, psycopg.Error):
            raise
        raise meant(error.orig) from error


# What the database's own functions raise for a code or reference that is not there.
UNKNOWN = "PU001"


def meant(error: psycopg.Error) -> Exception:
    """What an error of the driver means to the portal; itself where that is nothing known."""
    if error.sqlstate == UNKNOWN:
        reason = error.diag.message_primary or "unknown"
        return InputError(error.diag.column_name or "", reason)
    if isinstance(error, psycopg.errors.QueryCanceled):
        return TookTooLong("The query took too long: ask for less at once.")
    if isinstance(error, (PoolTimeout, PoolClosed)) or is_lost(error):
        return DatabaseUnavailable("The database cannot be reached now, or has too much to do.")
    return error


def is_lost(error: psycopg.Error) -> bool:
    """Whether an error means that a connection broke, which has no SQLSTATE, or was ended."""
    if not isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError)):
        return False
    if isinstance(error, (PoolTimeout, PoolClosed)):
        return False
    return error.sqlstate is None or error.sqlstate.startswith(AWAY)
