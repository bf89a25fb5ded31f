"""Texts in the viewer's language; a missing translation falls back and never fails."""

import enum
from collections.abc import Callable
from typing import Any

from sqlalchemy import FromClause, func
from sqlalchemy.sql.elements import ColumnElement

from engine.meanings.arguments import Arguments


class Language(enum.Enum):
    """The languages of names and texts."""

    BE = "BE"
    RU = "RU"
    EN = "EN"


# In which order languages stand in for each other; the indexes by name follow it.
FALLBACKS = {
    Language.BE: ("be", "ru", "en"),
    Language.RU: ("ru", "be", "en"),
    Language.EN: ("en", "ru", "be"),
}


def in_language(row: Any, column: str, language: Language) -> ColumnElement[str]:
    """A text that has a column for each language."""
    return func.coalesce(*(row.c[f"{column}_{suffix}"] for suffix in FALLBACKS[language]))


def translated(column: str) -> Callable[[Any, Any], ColumnElement[str]]:
    """The meaning of a field that is such a text: the argument's language, or the viewer's."""

    def text(row: FromClause, a: Arguments) -> ColumnElement[str]:
        return in_language(row, column, a.language or a.shape.language)

    return text
