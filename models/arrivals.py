"""Arrivals of reviews, written with them: for officials who wait for new ones."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity, Index, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.changes import TransactionId, unseen
from models.submissions import Submission

# ruff: noqa: S608 - the statements are put together from this file's own constants.


class ReviewArrival(Base):
    """That a review was written, and in which transaction; kept as long as changes of ratings."""

    __tablename__ = "review_arrival"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    transaction: Mapped[int] = mapped_column(TransactionId, server_default=text("pg_current_xact_id()"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("clock_timestamp()"))
    submission_id: Mapped[int] = mapped_column(ForeignKey(Submission.id, ondelete="CASCADE"))

    __table_args__ = (Index(None, "transaction"), Index(None, "at"), Index(None, "submission_id"))


# One row at least: the snapshot that sees them.
BELOW = text(
    f"""
    SELECT pg_current_snapshot()::text AS snapshot, arrived.submission_id
    FROM (VALUES (true)) AS always LEFT JOIN (
        SELECT review_arrival.id, submission_id
        FROM review_arrival JOIN review USING (submission_id)
        WHERE {unseen("review_arrival.transaction")} AND (
            review.organization_id = :organization
            OR EXISTS (
                SELECT FROM organization_position AS top JOIN organization_position AS place
                  ON place.hierarchy = top.hierarchy AND place.path <@ top.path
                WHERE top.hierarchy = CAST(:hierarchy AS hierarchy) AND top.organization_id = :organization
                  AND place.organization_id = review.organization_id))
    ) AS arrived ON true
    ORDER BY arrived.id"""
).bindparams(
    bindparam("since", type_=Text), bindparam("organization", type_=BigInteger), bindparam("hierarchy", type_=Text)
)


async def below(
    connection: AsyncConnection, snapshot: str, organization_id: int, hierarchy: str
) -> tuple[str, Sequence[int]]:
    """The snapshot of the moment, and which reviews of an organization or of one below it came since another one."""
    asked = {"since": snapshot, "organization": organization_id, "hierarchy": hierarchy}
    rows = (await connection.execute(BELOW, asked)).all()
    return rows[0].snapshot, [row.submission_id for row in rows if row.submission_id is not None]
