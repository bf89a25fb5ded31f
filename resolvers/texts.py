"""Texts in a mutation's input."""

import unicodedata

from resolvers.problems import InvalidInput

# Of the characters that control a terminal or a printer, a text may have line breaks and tabs.
ALLOWED_CONTROLS = frozenset("\n\r\t")


def check_text(value: str | None, maximum: int, *path: str | int) -> None:
    """Refuse a text that is longer than so many characters, or that the database cannot hold; `path` is below the input."""
    if value is None:
        return
    if len(value) > maximum:
        raise InvalidInput("TEXT_TOO_LONG", f"At most {maximum} characters.", "input", *path)
    if "\0" in value:
        raise InvalidInput("TEXT_INVALID", "The text has a NUL character.", "input", *path)


def check_words(value: str, maximum: int, *path: str | int) -> None:
    """The same for a text that others read: it says something, and has no control characters.

    Whatever looks like HTML is text as any other: it is kept as it was typed, and nothing here shows it as more.
    """
    check_text(value, maximum, *path)
    if not value.strip():
        raise InvalidInput("TEXT_BLANK", "The text says nothing.", "input", *path)
    if any(unicodedata.category(each) in {"Cc", "Cs"} and each not in ALLOWED_CONTROLS for each in value):
        raise InvalidInput("TEXT_INVALID", "The text has control characters.", "input", *path)
