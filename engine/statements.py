"""Statements: SQL text compiled once a plan, its parameters, and the two parts of its rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import CompoundSelect, Select
from sqlalchemy.dialects.postgresql import psycopg as psycopg_dialect
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BindParameter

from engine.arguments import Argument, Request
from engine.scopes import Scope
from engine.small_tables import SmallTable

# Small tables, and the total of a list.
Once = tuple[Sequence[SmallTable], int | None]
NOTHING: Once = (), None

DIALECT = psycopg_dialect.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class Statement:
    """Text with the parameters `$1`, `$2` and so on, one for each argument that it binds.

    Its last columns are for what it brings `once`: small tables, and the total of a list if it `counts`. They are
    null in all rows but one, which has nothing else; before them is the place of each row, and that one's is 0.
    Where there `is_single` row at most, that row has them.
    """

    text: str
    binds: Sequence[Argument]
    once: int = 0
    counts: bool = False
    is_single: bool = False

    def parameters(self, request: Request) -> list[Any]:
        """The parameters at a request; raises what a derived argument refuses."""
        return [argument.value(request) for argument in self.binds]

    def parted(self, rows: Sequence[Sequence[Any]]) -> tuple[Sequence[Sequence[Any]], Once]:
        """The rows themselves in their order, and what came once."""
        if not self.once or not rows:
            return rows, NOTHING
        if self.is_single:
            return rows, self._once(rows[0])
        bearer, *listed = sorted(rows, key=itemgetter(-1 - self.once))
        return listed, self._once(bearer)

    def _once(self, bearer: Sequence[Any]) -> Once:
        once = bearer[-self.once :]
        return [_table(each) for each in once[: self.once - self.counts]], once[-1] if self.counts else None


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
    parameters = [binds[name] for name in result.positiontup or ()]
    return Statement(str(result), parameters, len(scope.once), scope.total is not None, scope.is_single)


def elements(query: Select[Any] | CompoundSelect[Any]) -> Iterable[visitors.ExternallyTraversible]:
    """Every element of a query once: they share each other, and a walk along all ways is a long one."""
    found: dict[int, visitors.ExternallyTraversible] = {id(query): query}
    waiting: list[visitors.ExternallyTraversible] = [query]
    while waiting:
        children = {id(child): child for child in waiting.pop().get_children()}
        waiting += [child for key, child in children.items() if key not in found]
        found |= children
    return found.values()
