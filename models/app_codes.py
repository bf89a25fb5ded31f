"""Codes of apps: sign-ins through a provider that have come back, and that the app has not changed for tokens yet."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.raters import Account


class AppCode(Base):
    """A code that opens an account for the app that began the sign-in, once, and within a minute.

    `code_digest` is its SHA-256. `challenge` is that of the secret which the app has kept to itself, 32 bytes: who
    reads the table has neither.
    """

    __tablename__ = "app_code"

    code_digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(Account.id, ondelete="CASCADE"))
    challenge: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        CheckConstraint("octet_length(challenge) = 32", name="challenge_is_sha256"),
        Index(None, "account_id"),
        Index(None, "expires_at"),
    )
