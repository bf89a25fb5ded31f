"""When reviews are published: the policy of each sphere, as data with dates."""

import enum
from datetime import datetime

from sqlalchemy import BigInteger, DateTime, Enum, ForeignKey, Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.services import Sphere


class ReviewModeration(enum.Enum):
    """When a moderator looks at a review."""

    BEFORE_PUBLICATION = "BEFORE_PUBLICATION"
    AFTER_PUBLICATION = "AFTER_PUBLICATION"


class ReviewPolicy(Base):
    """The policy of a sphere from a moment on, until a later row replaces it; without a sphere, that of all others.

    Rows that have begun never change: a trigger sees to it. The function review_first_state decides by them.
    """

    __tablename__ = "review_policy"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    sphere_id: Mapped[int | None] = mapped_column(ForeignKey(Sphere.id))
    valid_from: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    moderation: Mapped[ReviewModeration] = mapped_column(Enum(ReviewModeration, name="review_moderation"))

    __table_args__ = (UniqueConstraint("sphere_id", "valid_from", postgresql_nulls_not_distinct=True),)
