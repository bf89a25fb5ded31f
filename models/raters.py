"""Who rates: raters are pseudonyms; accounts are the people and companies behind some of them."""

import enum
import uuid
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Enum,
    ForeignKey,
    Identity,
    Index,
    Text,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, is_a_code


class RaterKind(enum.Enum):
    """For whom a rater speaks."""

    PERSON = "PERSON"
    BUSINESS = "BUSINESS"


class Rater(Base):
    """A random pseudonym. It survives the erasure of its account, so that totals stay."""

    __tablename__ = "rater"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    pseudonym: Mapped[uuid.UUID] = mapped_column(Uuid, unique=True, server_default=text("gen_random_uuid()"))
    kind: Mapped[RaterKind] = mapped_column(Enum(RaterKind, name="rater_kind"))


class Account(Base):
    """A person's or a company's account: personal data, never joined in a public answer."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    rater_id: Mapped[int] = mapped_column(ForeignKey(Rater.id), unique=True)
    email: Mapped[str | None] = mapped_column(Text)
    # Null for an address that came with an import: whoever resets the password by it confirms it.
    email_confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    registered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("now()"))
    # In which language its owner signed in last: that of letters that others are the reason for.
    language: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        is_a_code(),
        CheckConstraint("language IN ('BE', 'RU', 'EN')", name="speaks"),
        CheckConstraint("email_confirmed_at IS NULL OR email IS NOT NULL", name="confirms_an_email"),
        Index("uq_account_email", text("lower(email)"), unique=True),
    )
