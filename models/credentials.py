"""Credentials: what an account proves itself with by a password, and codes that are good once."""

import enum
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Enum, ForeignKey, Identity, Index, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.raters import Account, RaterKind


class Credential(Base):
    """An account's password, as argon2id's encoded hash with its salt and parameters.

    Accounts that come from an older portal, or from a provider of identities, have none.
    """

    __tablename__ = "credential"

    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True)
    hash: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("clock_timestamp()"))


class CodePurpose(enum.Enum):
    """What a code sent by e-mail is good for."""

    REGISTRATION = "REGISTRATION"
    PASSWORD_RESET = "PASSWORD_RESET"  # noqa: S105 - the name of a purpose
    EMAIL_CHANGE = "EMAIL_CHANGE"


class OneTimeCode(Base):
    """A code that was sent by e-mail, as the SHA-256 of it: the code itself is random, and nowhere kept.

    One for a registration holds what the account is to be made of: there is none until its owner
    has confirmed. One for a reset belongs to an account, and so does one for an e-mail, which holds
    the address that it was sent to. A used code is gone.
    """

    __tablename__ = "one_time_code"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    purpose: Mapped[CodePurpose] = mapped_column(Enum(CodePurpose, name="code_purpose"))
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"))
    email: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[RaterKind | None] = mapped_column(Enum(RaterKind, name="rater_kind"))
    hash: Mapped[str | None] = mapped_column(Text)
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        CheckConstraint("(purpose = 'REGISTRATION') = (account_id IS NULL)", name="is_of_an_account"),
        CheckConstraint(
            "num_nonnulls(kind, hash) = CASE purpose WHEN 'REGISTRATION' THEN 2 ELSE 0 END", name="registers_somebody"
        ),
        CheckConstraint("(purpose = 'PASSWORD_RESET') = (email IS NULL)", name="is_about_an_email"),
        Index(None, "account_id"),
        Index(None, "expires_at"),
    )
