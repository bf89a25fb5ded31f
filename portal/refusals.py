"""What commands do where something is refused: tell it in a sentence, and end with 1."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import TypeVar

import typer

Word = TypeVar("Word", bound=Enum)


def chosen(words: type[Word], given: str, option: str) -> Word:
    """The member of an enumeration that an option names; refuses what names none, telling all."""
    if given not in words.__members__:
        raise typer.BadParameter(f"is none of {', '.join(words.__members__)}", param_hint=option)
    return words[given]


@contextmanager
def plain_errors() -> Iterator[None]:
    """Show what the portal refuses, a wrong setting, and a database that is away or full, as a sentence."""
    import psycopg
    from pydantic import ValidationError
    from sqlalchemy.exc import DBAPIError

    from models.errors import PortalError

    try:
        yield
    except ValidationError as error:
        for wrong in error.errors():
            name = str(wrong["loc"][0])
            variable = name if name.isupper() else f"PORTAL_{name.upper()}"
            typer.echo(f"portal: {variable}: {wrong['msg']}", err=True)
        raise typer.Exit(1) from None
    except (PortalError, psycopg.OperationalError, DBAPIError) as error:
        cause = getattr(error, "orig", None) or error
        if not isinstance(cause, (PortalError, psycopg.OperationalError)):
            raise
        typer.echo(f"portal: {str(cause).strip()}", err=True)
        raise typer.Exit(1) from None
