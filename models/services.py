"""What organizations do: spheres, their categories, and the services in them."""

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Named, has_a_name, is_a_code


class Sphere(Named, Base):
    """A direction of services, such as health care or the post."""

    __tablename__ = "sphere"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    ordinal: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (has_a_name(), is_a_code())


class Category(Named, Base):
    """A part of a sphere, such as polyclinics."""

    __tablename__ = "category"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    sphere_id: Mapped[int] = mapped_column(ForeignKey(Sphere.id))
    ordinal: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (has_a_name(), is_a_code(), Index(None, "sphere_id"))


class Service(Named, Base):
    """A service or an administrative procedure."""

    __tablename__ = "service"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    category_id: Mapped[int] = mapped_column(ForeignKey(Category.id))

    __table_args__ = (has_a_name(), is_a_code(), Index(None, "category_id"))
