"""The tallies of a question's cells: rows with their keys and the columns of `resolvers.tallies`."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, FromClause, Integer, Select, case, cast, false, func, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.sql.elements import ColumnElement

from models.submissions import MARK_UNITS
from resolvers.cells import months, scans
from resolvers.cells.dimensions import WITHIN, Dimension
from resolvers.cells.question import Question, key_of
from resolvers.cells.scans import TALLY
from resolvers.cells.withholding import enough, withheld

Columns = Mapping[str, ColumnElement[Any]]

# Null, or without elements, where a cell is withheld. Its number of submissions is told.
NUMBERS = ("mark_sum", "satisfied", "marks", "criterion_sums", "criterion_counts", "value")


def published(q: Question) -> FromClause:
    """A row for each cell that has submissions; one that is withheld has nothing but their number."""
    cells = _counted(q).subquery()
    if not q.is_fine and q.short is None:
        return select(*cells.c, false().label("withheld")).subquery()
    found = withheld(_guarded(q, cells), [_line(q, each) for each in q.lines], sorted(q.keys))
    told = [case((~found.c.withheld, found.c[name])).label(name) for name in NUMBERS]
    raters = case((found.c.withheld, 0), else_=found.c.raters).label("raters")
    keys = [found.c[key] for key in q.keys]
    return select(*keys, found.c.submissions, raters, *told, found.c.withheld).subquery()


def _counted(q: Question) -> Select[Any]:
    """The cells with their sums and `rater_ids`; what months cannot fill is worked out only if it is read."""
    if not months.can_tell(q):
        cells = scans.scanned(q)
        return _tally(q, dict(cells.c)).select_from(cells)
    known, rest = months.added(q), scans.summed(q)
    columns = {**rest.c, **{name: known.c[name] for name in [*q.keys, *months.told(q)]}}
    return _tally(q, columns).select_from(known.outerjoin(rest, q.same_cell(known, rest)))


def _tally(q: Question, columns: Columns) -> Select[Any]:
    derived: dict[str, ColumnElement[Any]] = {
        "raters": func.cardinality(columns["rater_ids"]),
        "value": func.rating_value(columns["mark_sum"], columns["submissions"]),
    }
    if q.by_criterion:
        derived |= _of_one_criterion(columns)
    return select(*(column.label(name) for name, column in {**columns, **derived}.items()))


def _of_one_criterion(columns: Columns) -> dict[str, ColumnElement[Any]]:
    """Tallies by criterion that have nothing but the cell's own."""
    key = columns[key_of(Dimension.CRITERION)]
    others = func.array_fill(cast(0, BigInteger), array([cast(key - 1, Integer)]), type_=TALLY)
    return {
        "criterion_sums": func.array_append(others, columns["mark_sum"] // MARK_UNITS, type_=TALLY),
        "criterion_counts": func.array_append(others, columns["submissions"], type_=TALLY),
    }


def _guarded(q: Question, cells: FromClause) -> FromClause:
    """The cells with `size`, how many raters could be recognised there, and `few`, who they are if too few.

    Where only the length of the period decides, raters are looked for only if it is short.
    """
    source, ids = cells, cells.c.rater_ids
    if not q.is_fine and q.short is not None:
        guard = scans.summed(q, q.short)
        source, ids = cells.outerjoin(guard, q.same_cell(cells, guard)), guard.c.rater_ids
    size = func.coalesce(func.cardinality(ids), 0)
    around = [WITHIN[each](cells.c[key_of(each)]).label(within_of(each)) for each in q.lines if each in WITHIN]
    kept = [column for column in cells.c if column.name != "rater_ids"]
    few = case((size < enough(), ids)).label("few")
    return select(*kept, *around, size.label("size"), few).select_from(source).subquery()


def _line(q: Question, dimension: Dimension) -> Sequence[str]:
    """The columns that the cells of a line along a dimension share."""
    others = [key_of(each) for each in q.by if each is not dimension]
    return [*others, within_of(dimension)] if dimension in WITHIN else others


def within_of(dimension: Dimension) -> str:
    """The name of the column with what is around a dimension's key."""
    return f"{dimension.name.lower()}_within"
