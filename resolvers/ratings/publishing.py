"""publishEdition: the operator freezes a period, once and for good.

The first statement takes the editions' table for writers, before there is a snapshot: so the snapshot that all
others share has every edition that was published before this one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import literal, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import permissions
from auth.permissions import Permission
from auth.viewers import Viewer
from models import audit, freezing
from models.audit import Actor, AuditAction, AuditSubject, Subject
from models.base import CODE_PATTERN
from models.clock import today
from models.database import Database
from models.editions import Edition
from resolvers.problems import Conflict, InvalidInput
from resolvers.ratings import periods
from resolvers.texts import check_text

MAXIMUM_CODE, MAXIMUM_TITLE = 64, 500
LANGUAGES = ("be", "ru", "en")

# At ten times the usual size a year takes a minute or two.
ALONE = ("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", "SET LOCAL statement_timeout = '10min'")
LOCK = "LOCK TABLE edition IN SHARE ROW EXCLUSIVE MODE"


@dataclass(frozen=True)
class Wanted:
    """An edition to publish: titles by the suffix of their language, dates inclusive."""

    code: str
    titles: Mapping[str, str | None]
    first_day: date
    last_day: date

    @property
    def columns(self) -> dict[str, Any]:
        """The same as columns of a row."""
        titles = {f"title_{language}": self.titles.get(language) for language in LANGUAGES}
        return {"code": self.code, **titles, "first_day": self.first_day, "last_day": self.last_day}


@dataclass(frozen=True)
class Published:
    """The key of an edition."""

    edition: int


async def publish(database: Database, viewer: Viewer, wanted: Wanted) -> Published:
    """Publish an edition on behalf of an operator."""
    _check(wanted)
    async with database.transaction() as connection:
        await begin(connection)
        await permissions.demand(connection, viewer, Permission.PUBLISH_EDITIONS)
        return await make(connection, viewer.actor, wanted)


async def begin(connection: AsyncConnection) -> None:
    """Take a snapshot in which no edition is on its way: the first thing in a transaction."""
    for statement in (*ALONE, LOCK):
        await connection.execute(text(statement))


async def make(connection: AsyncConnection, actor: Actor, wanted: Wanted) -> Published:
    """Publish an edition in a transaction that has begun; the same one again answers the same."""
    _check(wanted)
    existing, day = await _situation(connection, wanted)
    if existing is not None:
        return Published(existing)
    row = {**wanted.columns, "account_id": actor.account_id}
    frozen = await freezing.freeze(connection, row, day)
    details = {
        "code": wanted.code,
        "from": wanted.first_day.isoformat(),
        "to": wanted.last_day.isoformat(),
        "digest": frozen.digest,
    }
    await audit.append(
        connection, actor, AuditAction.EDITION_PUBLISHED, Subject(AuditSubject.EDITION, frozen.id), details
    )
    return Published(frozen.id)


def _check(wanted: Wanted) -> None:
    """Refuse what no edition can be, whatever there is."""
    check_text(wanted.code, MAXIMUM_CODE, "code")
    for language, title in wanted.titles.items():
        check_text(title, MAXIMUM_TITLE, "titles", language)
        if title is not None and not title.strip():
            raise InvalidInput("TEXT_BLANK", "The title is blank: leave it out.", "input", "titles", language)
    if all(title is None for title in wanted.titles.values()):
        raise InvalidInput("TITLE_MISSING", "A title in one language at least is needed.", "input", "titles")
    if wanted.first_day != periods.month_of(wanted.first_day):
        raise InvalidInput("NOT_WHOLE_MONTHS", "An edition begins with the first day of a month.", "input", "from")
    if not periods.ends_a_month(wanted.last_day):
        raise InvalidInput("NOT_WHOLE_MONTHS", "An edition ends with the last day of a month.", "input", "to")
    if wanted.first_day > wanted.last_day:
        raise InvalidInput("PERIOD_BACKWARDS", "The period ends before it begins.", "input", "from")


async def _situation(connection: AsyncConnection, wanted: Wanted) -> tuple[int | None, date]:
    """The key of the same edition, if it was published before, and today's date.

    Refuses a code that is taken, or is none, and a period that is not over.
    """
    e = Edition.__table__
    query = select(
        literal(wanted.code).regexp_match(CODE_PATTERN).label("fits"), today().label("today"), *e.c
    ).select_from(select(literal(1)).subquery().outerjoin(e, e.c.code == wanted.code))
    row = (await connection.execute(query)).one()
    if not row.fits:
        message = "A code has 1 to 64 letters, digits or _./:- and begins with a letter or a digit."
        raise InvalidInput("CODE_INVALID", message, "input", "code")
    if row.id is not None:
        if any(getattr(row, name) != value for name, value in wanted.columns.items()):
            raise Conflict("CODE_TAKEN", "Another edition has this code.", "input", "code")
        return int(row.id), row.today
    if wanted.last_day >= row.today:
        raise InvalidInput("PERIOD_NOT_OVER", "The period is not over yet.", "input", "to")
    return None, row.today
