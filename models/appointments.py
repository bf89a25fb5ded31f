"""Appointment codes: by telling one, a person lets an official name them for a role."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.grants import Grant
from models.raters import Account


class AppointmentCode(Base):
    """The latest code that an account has made: good for one grant, which it remembers, until it expires.

    The code itself is not kept, only its SHA-256: 80 random bits are not to be found again from it.
    """

    __tablename__ = "appointment_code"

    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    grant_id: Mapped[int | None] = mapped_column(ForeignKey(Grant.id, ondelete="SET NULL"), index=True)
