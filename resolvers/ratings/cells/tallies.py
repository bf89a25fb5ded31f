"""The tallies of a question's cells: rows with their keys and the columns of any tally (`resolvers.ratings.tallies`)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, FromClause, Integer, Select, case, cast, false, func, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.sql.elements import ColumnElement

from models.submissions import MARK_UNITS
from resolvers.ratings import protection
from resolvers.ratings.arrays import TALLY
from resolvers.ratings.cells import groups, months, scans
from resolvers.ratings.cells.dimensions import WITHIN, Dimension, sortable
from resolvers.ratings.cells.question import Question, key_of
from resolvers.ratings.cells.widening import shown, widened
from resolvers.ratings.cells.withholding import Line, withheld

Columns = Mapping[str, ColumnElement[Any]]

# Null where a cell is withheld.
NUMBERS = ("mark_sum", "satisfied", "marks", "criterion_sums", "criterion_counts", "value")


def published(q: Question) -> FromClause:
    """A row for each cell that has submissions; one that is withheld has nothing but their number."""
    wide = widened(q)
    cells = _counted(wide).subquery()
    if not groups.can_be_small(wide):
        return select(*cells.c, false().label("withheld")).subquery()
    marked = _with_surroundings(wide, groups.marked(wide, cells))
    found = withheld(marked, _lines(wide), _ties(wide, marked))
    return select(*_told(wide, found)).where(*shown(q, found)).subquery()


def _told(q: Question, cells: FromClause) -> Sequence[ColumnElement[Any]]:
    hidden = cells.c.withheld
    return [
        *(cells.c[key] for key in q.keys),
        cells.c.submissions,
        case((hidden, 0), else_=cells.c.raters).label("raters"),
        *(case((~hidden, cells.c[name])).label(name) for name in NUMBERS),
        hidden,
        *([cast(protection.least(), BigInteger).label("least")] if q.is_fine else []),
    ]


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


def _with_surroundings(q: Question, cells: FromClause) -> FromClause:
    """The cells with the coarser keys around theirs."""
    around = [WITHIN[each](cells.c[key_of(each)]).label(_around(each)) for each in q.by if each in WITHIN]
    return select(*cells.c, *around).subquery()


def _lines(q: Question) -> Sequence[Line]:
    """For each dimension whose cells add up to something: the columns that cells share which differ in it only.

    Where there is a coarser key around, they add up to something there as well as in all. The order
    of the lines is not that of `by`.
    """
    lines: list[Line] = []
    for dimension in (each for each in Dimension if each in q.by and each is not Dimension.CRITERION):
        others = [key_of(each) for each in q.by if each is not dimension]
        lines += [[*others, _around(dimension)], others] if dimension in WITHIN else [others]
    return lines


def _around(dimension: Dimension) -> str:
    """The name of the column with the coarser key around a dimension's."""
    return f"around_{key_of(dimension)}"


def _ties(q: Question, cells: FromClause) -> Sequence[ColumnElement[Any]]:
    """What sorts cells, whatever the order of `by`."""
    return [sortable(each, cells.c[key_of(each)]) for each in Dimension if each in q.by]
