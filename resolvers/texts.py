"""Texts in a mutation's input."""

from resolvers.problems import InvalidInput


def check_text(value: str | None, maximum: int, field: str) -> None:
    """Refuse a text that is longer than so many characters, or that the database cannot hold."""
    if value is None:
        return
    if len(value) > maximum:
        raise InvalidInput("TEXT_TOO_LONG", f"At most {maximum} characters.", "input", field)
    if "\0" in value:
        raise InvalidInput("TEXT_INVALID", "The text has a NUL character.", "input", field)
