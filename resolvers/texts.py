"""Texts in a mutation's input."""

from resolvers.problems import InvalidInput


def check_text(value: str | None, maximum: int, *path: str | int) -> None:
    """Refuse a text that is longer than so many characters, or that the database cannot hold; `path` is below the input."""
    if value is None:
        return
    if len(value) > maximum:
        raise InvalidInput("TEXT_TOO_LONG", f"At most {maximum} characters.", "input", *path)
    if "\0" in value:
        raise InvalidInput("TEXT_INVALID", "The text has a NUL character.", "input", *path)
