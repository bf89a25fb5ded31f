"""Names in the portal's three languages."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, Self


class Name(NamedTuple):
    """The same name in Belarusian, Russian and English."""

    be: str
    ru: str
    en: str

    @classmethod
    def of(cls, row: Mapping[str, str], field: str = "name") -> Self:
        """The name in the columns `field_be`, `field_ru` and `field_en` of a record."""
        return cls(row[f"{field}_be"], row[f"{field}_ru"], row[f"{field}_en"])


def each(make: Callable[..., str], *names: Name) -> Name:
    """A name made of others, language by language."""
    return Name(*map(make, *names))


def filled(patterns: Name, *names: Name) -> Name:
    """Patterns with `{}` for each of the names, language by language."""
    return each(lambda pattern, *parts: pattern.format(*parts), patterns, *names)
