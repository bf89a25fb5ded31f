"""Columns of a file."""

from dataclasses import dataclass

from exchange.values import TEXT, ValueType


@dataclass(frozen=True)
class Column:
    """`name` is what the file calls it, `sql` its identifier while it is loaded.

    An empty cell of a `required` column is wrong; of a `kept` one it means "as it is, or the
    default"; of any other it means that there is no such value. `differs` replaces the usual
    comparison with what is stored.
    """

    name: str
    type: ValueType = TEXT
    required: bool = False
    kept: bool = False
    alias: str | None = None
    differs: str | None = None

    @property
    def sql(self) -> str:
        return f'"{self.alias or self.name}"'


def in_languages(name: str) -> tuple[Column, ...]:
    """The three columns of a text in Belarusian, Russian and English."""
    return tuple(Column(f"{name}_{language}") for language in ("be", "ru", "en"))
