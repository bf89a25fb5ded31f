"""Fields that mean a column of their row, as it is."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import FromClause
from sqlalchemy.sql.elements import ColumnElement

from engine.meanings.arguments import Arguments


def own(name: str) -> Callable[[FromClause, Arguments], ColumnElement[Any]]:
    """The meaning of a field that is the column of that name."""

    def column(row: FromClause, a: Arguments) -> ColumnElement[Any]:
        return row.c[name]

    return column
