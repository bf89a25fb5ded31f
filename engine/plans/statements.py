"""Statements: SQL text compiled once a plan, its parameters, and the two parts of its rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, Select
from sqlalchemy.dialects.postgresql import psycopg as psycopg_dialect
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BindParameter

from engine.answers.small_tables import Latest, SmallTable
from engine.meanings.arguments import Argument
from engine.meanings.requests import Request
from engine.plans.scopes import Scope


class Common(NamedTuple):
    """What all rows of a statement have in common, and comes once: small tables, and the total of a list."""

    tables: Sequence[SmallTable] = ()
    total: int | None = None


DIALECT = psycopg_dialect.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class Statement:
    """Text with the parameters `$1`, `$2` and so on, one for each argument that it binds.

    Its last columns are for what comes once: small `tables`, and the total of a list if it `counts`. They are
    null in all rows but one, which has nothing else; before them is the place of each row, and that one's is 0.
    Where there `is_single` row at most, that row has them. Each table remembers what it was read from the last time.
    """

    text: str
    binds: Sequence[Argument]
    tables: Sequence[Latest] = ()
    counts: bool = False
    is_single: bool = False

    def parameters(self, request: Request) -> list[Any]:
        """The parameters at a request; raises what a derived argument refuses."""
        return [argument.value(request) for argument in self.binds]

    def parted(self, rows: Sequence[Sequence[Any]]) -> tuple[Sequence[Sequence[Any]], Common]:
        """The rows themselves in their order, and what they have in common."""
        start = -(len(self.tables) + self.counts)
        if not start or not rows:
            return rows, Common()
        if self.is_single:
            return rows, self._common(rows[0][start:])
        bearer, *listed = sorted(rows, key=itemgetter(start - 1))
        return listed, self._common(bearer[start:])

    def _common(self, columns: Sequence[Any]) -> Common:
        tables = [table.read(text) for table, text in zip(self.tables, columns[: len(self.tables)], strict=True)]
        return Common(tables, columns[-1] if self.counts else None)


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
    parameters = [binds[name] for name in result.positiontup or ()]
    tables = [Latest() for _ in scope.tables]
    return Statement(str(result), parameters, tables, scope.total is not None, scope.is_single)


def elements(query: Select[Any] | CompoundSelect[Any]) -> Iterable[visitors.ExternallyTraversible]:
    """Every element of a query once: they share each other, and a walk along all ways is a long one."""
    found: dict[int, visitors.ExternallyTraversible] = {id(query): query}
    waiting: list[visitors.ExternallyTraversible] = [query]
    while waiting:
        children = {id(child): child for child in waiting.pop().get_children()}
        waiting += [child for key, child in children.items() if key not in found]
        found |= children
    return found.values()
