"""Criteria: what is scored."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, Identity, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Named, has_a_name, is_a_code
from models.services import Service, Sphere


class Criterion(Named, Base):
    """Scored 1 to 5. Basic ones are compulsory for everyone; others belong to a sphere or service.

    Ids are small and dense because totals keep their sums in arrays indexed by them.
    """

    __tablename__ = "criterion"

    id: Mapped[int] = mapped_column(SmallInteger, Identity(maxvalue=1000), primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    sphere_id: Mapped[int | None] = mapped_column(ForeignKey(Sphere.id))
    service_id: Mapped[int | None] = mapped_column(ForeignKey(Service.id))
    ordinal: Mapped[int] = mapped_column(SmallInteger)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (
        has_a_name(),
        is_a_code(),
        CheckConstraint("num_nonnulls(sphere_id, service_id) <= 1", name="belongs_to_one"),
        CheckConstraint("valid_to >= valid_from", name="valid_to_after_from"),
    )
