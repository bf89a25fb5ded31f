"""Statements: SQL text compiled once a plan, its parameters, and the two parts of its rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, Select
from sqlalchemy.dialects.postgresql import psycopg as psycopg_dialect
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BindParameter

from engine.arguments import Argument, Request
from engine.scopes import Scope
from engine.small_tables import SmallTable

DIALECT = psycopg_dialect.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class Statement:
    """Text with the parameters `$1`, `$2` and so on, one for each argument that it binds.

    Where `members` is not 0, so many last columns of the rows are for the small tables that the
    statement brings once: they are null in all rows but one, which has nothing else.
    """

    text: str
    binds: Sequence[Argument]
    members: int = 0

    def parameters(self, request: Request) -> list[Any]:
        """The parameters at a request; raises what a derived argument refuses."""
        return [argument.value(request) for argument in self.binds]

    def parted(self, rows: Sequence[Sequence[Any]]) -> tuple[Sequence[Sequence[Any]], Sequence[SmallTable]]:
        """The rows themselves, and the members of each small table."""
        if not self.members:
            return rows, ()
        bearer = next(place for place in reversed(range(len(rows))) if rows[place][-1] is not None)
        tables = rows[bearer][-self.members :]
        return [*rows[:bearer], *rows[bearer + 1 :]], [_table(each) for each in tables]


def _table(columns: list[list[Any] | None]) -> SmallTable:
    """A small table from its columns: the place of each row, its key and its values; null where there are no rows."""
    rows = sorted(zip(*(column or () for column in columns), strict=True))
    return SmallTable({row[1]: row[2:] for row in rows})


def compiled(scope: Scope, binds: dict[str, Argument]) -> Statement:
    """The rows of a scope as a statement; of the binds, those that it uses.

    Constants of the plan stand in the text: they are the program's own, and PostgreSQL plans
    better with what it knows. What a client gives is always a parameter.
    """
    query = scope.whole()
    for element in elements(query):
        if isinstance(element, BindParameter) and element.key not in binds:
            element.literal_execute = True
    result = query.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
    return Statement(str(result), [binds[name] for name in result.positiontup or ()], len(scope.tables))


def elements(query: Select[Any] | CompoundSelect[Any]) -> Iterable[visitors.ExternallyTraversible]:
    """Every element of a query once: they share each other, and a walk along all ways is a long one."""
    found: dict[int, visitors.ExternallyTraversible] = {id(query): query}
    waiting: list[visitors.ExternallyTraversible] = [query]
    while waiting:
        children = {id(child): child for child in waiting.pop().get_children()}
        waiting += [child for key, child in children.items() if key not in found]
        found |= children
    return found.values()
