"""What every table shares: one metadata with named constraints, names in three languages."""

from sqlalchemy import CheckConstraint, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# Names and addresses sort as people expect in every language, whatever the cluster's locale.
COLLATION = "und-x-icu"

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of all tables. They are read through SQLAlchemy Core: no relationship can load lazily."""

    metadata = MetaData(naming_convention=NAMING)


class Named:
    """A name in Belarusian, Russian and English, at least one of them.

    The English one may be missing in a real register; readers fall back to another language.
    """

    name_be: Mapped[str | None] = mapped_column(Text(collation=COLLATION))
    name_ru: Mapped[str | None] = mapped_column(Text(collation=COLLATION))
    name_en: Mapped[str | None] = mapped_column(Text(collation=COLLATION))


def has_a_name() -> CheckConstraint:
    """The constraint that goes with `Named`: a blank name is no name."""
    return CheckConstraint(
        "num_nonnulls(name_be, name_ru, name_en) > 0"
        " AND '' <> ALL (ARRAY[btrim(name_be), btrim(name_ru), btrim(name_en)])",
        name="has_a_name",
    )


# What a code looks like, for PostgreSQL.
CODE_PATTERN = "^[[:alnum:]][[:alnum:]_./:-]{0,63}$"


def is_a_code() -> CheckConstraint:
    """Codes are what other systems know a row by: short, without blanks or control characters."""
    return CheckConstraint(f"code ~ '{CODE_PATTERN}'", name="is_a_code")
