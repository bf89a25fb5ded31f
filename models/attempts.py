"""Attempts: how often something was tried that must not be guessed, or done too often."""

from datetime import datetime

from sqlalchemy import DateTime, Index, Integer, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Attempt(Base):
    """How often one thing was tried, and from when it may be tried again; forgotten some time after.

    `key` is a keyed hash of what was tried and of the e-mail or network address, so that the table
    tells nobody whose they are.
    """

    __tablename__ = "attempt"

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    free_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (Index(None, "expires_at"),)
