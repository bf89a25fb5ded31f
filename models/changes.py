"""Changes of ratings, written by a trigger in the transaction that makes them: nobody can forget to tell of one.

Rows say in which transaction they were written. What a snapshot of the database saw is known by its text, so whoever
keeps one can ask for exactly the changes that were committed since, however long each transaction took.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, BigInteger, DateTime, Identity, Index, Text, bindparam, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from models.base import Base
from models.totals import Pool

# Whoever waits for changes listens here. Commits are told together, some times a second.
CHANNEL = "rating_change"
# So long changes are kept for who comes back.
KEPT = timedelta(days=3)

# As PostgreSQL writes a snapshot: xmin, xmax, and the transactions between them that were under way.
SNAPSHOT = re.compile(r"\d{1,18}:\d{1,18}:(\d{1,18}(,\d{1,18}){0,999})?")


# A total, by its key.
Total = tuple[Pool, int]


class TransactionId(UserDefinedType[int]):
    """PostgreSQL's xid8."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "xid8"


class RatingChange(Base):
    """The totals that one statement changed: the ids of organizations, by pool."""

    __tablename__ = "rating_change"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    transaction: Mapped[int] = mapped_column(TransactionId, server_default=text("pg_current_xact_id()"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("clock_timestamp()"))
    own: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    subordination: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    supervision: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))

    __table_args__ = (Index(None, "transaction"), Index(None, "at"))


# ruff: noqa: S608 - the statements are put together from this file's own constants.


def unseen(transaction: str) -> str:
    """That a snapshot (`:since`) has not seen what a transaction wrote: one before its xmin it saw for certain."""
    snapshot = "CAST(:since AS pg_snapshot)"
    return f"{transaction} >= pg_snapshot_xmin({snapshot}) AND NOT pg_visible_in_snapshot({transaction}, {snapshot})"


FRESH = f"FROM rating_change WHERE {unseen('transaction')}"

# The snapshot that sees them comes with them, and alone where there are none.
CHANGED = text(
    f"""
    WITH fresh AS MATERIALIZED (SELECT * {FRESH})
    SELECT pg_current_snapshot()::text AS snapshot, pool, organization_id, at
    FROM (VALUES (true)) AS always LEFT JOIN (
        SELECT pool, organization_id, max(at) AS at
        FROM fresh, LATERAL (
            SELECT 'OWN' AS pool, unnest(own) AS organization_id
            UNION ALL SELECT 'SUBORDINATION', unnest(subordination)
            UNION ALL SELECT 'SUPERVISION', unnest(supervision)
        ) AS total
        GROUP BY pool, organization_id
    ) AS changed ON true"""
).bindparams(bindparam("since", type_=Text))

LAST = text(
    f"""
    SELECT pg_current_snapshot()::text AS snapshot, max(at) AS at {FRESH} AND :organization = ANY (
        CASE :pool WHEN 'OWN' THEN own WHEN 'SUBORDINATION' THEN subordination ELSE supervision END)"""
).bindparams(bindparam("since", type_=Text), bindparam("organization", type_=BigInteger), bindparam("pool", type_=Text))

NOW = text("SELECT pg_current_snapshot()::text")

# Whether a snapshot can have been this database's: none of its transactions is still to come.
KNOWN = text(
    "SELECT pg_snapshot_xmax(CAST(:since AS pg_snapshot)) <= pg_snapshot_xmax(pg_current_snapshot())"
).bindparams(bindparam("since", type_=Text))


async def now(connection: AsyncConnection) -> str:
    """The snapshot of the moment."""
    return str((await connection.execute(NOW)).scalar_one())


async def since(connection: AsyncConnection, snapshot: str) -> tuple[str, Mapping[Total, datetime]]:
    """The snapshot of the moment, and when each total that changed since another one did so last."""
    rows = (await connection.execute(CHANGED, {"since": snapshot})).all()
    return rows[0].snapshot, {(Pool[row.pool], row.organization_id): row.at for row in rows if row.pool is not None}


async def last(connection: AsyncConnection, snapshot: str, total: Total) -> tuple[str, datetime | None]:
    """The snapshot of the moment, and when a total changed last since another one, if it did."""
    pool, organization_id = total
    asked = {"since": snapshot, "pool": pool.value, "organization": organization_id}
    found = (await connection.execute(LAST, asked)).one()
    return found.snapshot, found.at


async def is_known(connection: AsyncConnection, snapshot: str) -> bool:
    """Whether a text is a snapshot that this database can have had."""
    if SNAPSHOT.fullmatch(snapshot) is None:
        return False
    try:
        return bool((await connection.execute(KNOWN, {"since": snapshot})).scalar_one())
    except DBAPIError:  # numbers that are none of a snapshot, such as an xmax below its xmin
        return False
