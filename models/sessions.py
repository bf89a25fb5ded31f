"""Sessions: where an account is signed in."""

import enum
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Enum, ForeignKey, Identity, Index, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.raters import Account


class SessionKind(enum.Enum):
    """What holds a session's secret: a browser in a cookie, an app in a refresh token."""

    BROWSER = "BROWSER"
    APP = "APP"


class Session(Base):
    """Where an account is signed in, until it ends or has not been used for long.

    `secret_digest` is the SHA-256 of the random secret that the session is found by. An app's
    refresh token has a second part, which is another each time: `turn_digest` is that of the last
    one. Both are forgotten when the session ends. `agent` is the family of the browser or the name
    of the app, for its owner to know it by.
    """

    __tablename__ = "session"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"))
    kind: Mapped[SessionKind] = mapped_column(Enum(SessionKind, name="session_kind"))
    secret_digest: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    turn_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    agent: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("clock_timestamp()"))
    last_seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("clock_timestamp()"))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (secret_digest IS NOT NULL)", name="ended_has_no_secret"),
        CheckConstraint("(ended_at IS NULL AND kind = 'APP') = (turn_digest IS NOT NULL)", name="apps_take_turns"),
        Index(None, "account_id"),
        Index(None, "expires_at"),
    )
