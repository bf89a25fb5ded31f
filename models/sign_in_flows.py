"""Flows: sign-ins that have been sent to a provider, and have not come back yet."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.raters import Account


class SignInFlow(Base):
    """One way to a provider and back; it can be taken once, by the browser that began it.

    `state_digest` and `browser_digest` are SHA-256 of what goes through the provider and of what
    stays in the browser: who reads the table has neither. `account_id` is whom an identity is to be
    linked to; null for signing in. `next` is a path of the front end. An app that signs somebody in is
    called back at `redirect_uri` instead, with its own `app_state`; `challenge` is the SHA-256 of its secret.
    """

    __tablename__ = "sign_in_flow"

    state_digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    browser_digest: Mapped[bytes] = mapped_column(LargeBinary)
    provider: Mapped[str] = mapped_column(Text)
    verifier: Mapped[str] = mapped_column(Text)
    nonce: Mapped[str] = mapped_column(Text)
    next: Mapped[str] = mapped_column(Text)
    redirect_uri: Mapped[str | None] = mapped_column(Text)
    app_state: Mapped[str | None] = mapped_column(Text)
    challenge: Mapped[bytes | None] = mapped_column(LargeBinary)
    account_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey(Account.id, ondelete="CASCADE"))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        CheckConstraint("num_nonnulls(redirect_uri, app_state, challenge) IN (0, 3)", name="app_is_whole"),
        CheckConstraint("redirect_uri IS NULL OR account_id IS NULL", name="apps_link_nothing"),
        Index(None, "expires_at"),
        Index(None, "account_id"),
    )
