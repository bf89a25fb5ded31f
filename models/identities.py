"""Identities: what a provider of sign-in knows a person by, and the account that it opens."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Identity, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.raters import Account


class LinkedIdentity(Base):
    """A provider's subject that opens an account. It goes when its account goes.

    The subject alone decides who somebody is: an e-mail address that a provider tells is never a key.
    """

    __tablename__ = "identity"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"))
    provider: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    linked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("now()"))

    __table_args__ = (
        CheckConstraint("provider ~ '^[a-z][a-z0-9-]{0,31}$'", name="provider_is_a_code"),
        CheckConstraint("char_length(subject) BETWEEN 1 AND 255", name="subject_has_a_length"),
        UniqueConstraint("provider", "subject"),
        Index(None, "account_id"),
    )
