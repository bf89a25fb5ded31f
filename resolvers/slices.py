"""Slices: what is counted. This version counts all time only, and says so."""

from typing import Any, NoReturn

from sqlalchemy import FromClause

from engine.arguments import Arguments
from models.errors import NotAvailable

CONDITIONS = ("from_", "to", "services", "channels", "rater_kinds", "criteria")


def all_time(slice_: Any) -> None:
    """Accept no slice or an empty one; refuse what cannot be answered yet."""
    given = [name for name in CONDITIONS if slice_ is not None and _given(slice_, name)]
    if given:
        name = f"{slice_.name}.{given[0].rstrip('_')}"
        raise NotAvailable(f"{name}: ratings of a slice are not available yet, only of all time.")


def _given(slice_: Any, name: str) -> bool:
    return getattr(slice_, name) is not None


def not_yet(row: FromClause, a: Arguments) -> NoReturn:
    """The meaning of history and breakdown until they are answered."""
    raise NotAvailable("History and breakdowns are not available yet.")
