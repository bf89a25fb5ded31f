"""Withholding: which cells would tell of a few raters, by themselves or by what is left of a total.

A cell with fewer raters than the policy asks for is withheld. What it has would still be found by
taking the others of its line from the line's total. A line is all cells that differ in one dimension
only; those within an interval or a category are one, too, as its total is published. So the line's
next smallest cell is withheld as well, unless several are withheld there that have enough raters
together. Each cell stands in several lines, and what one withholds can be alone in another: so lines
are gone through again. Decision 0018 tells what can still be found out.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import FromClause, and_, func, or_, select, true
from sqlalchemy.sql.elements import ColumnElement

from resolvers.ratings import protection

# How often lines are gone through where they cross: then hardly ever is a cell alone.
ROUNDS = 3

# The names of the columns that all cells of a line share.
Line = Sequence[str]


def withheld(cells: FromClause, lines: Sequence[Line], ties: Sequence[ColumnElement[Any]]) -> FromClause:
    """The cells with one more column, `withheld`.

    Of their columns are read those of `groups.marked`. `ties` are what tells which of two cells is
    next, where as many have rated.
    """
    place = func.row_number().over(order_by=[cells.c.size, *ties])
    small = or_(cells.c.few.is_not(None), cells.c.hidden)
    found: FromClause = select(*cells.c, place.label("place"), small.label("withheld")).subquery()
    for line in [*lines] * (ROUNDS if len(lines) > 1 else 1):
        found = _covered(found, line)
    return found


def _covered(cells: FromClause, line: Line) -> FromClause:
    """The cells; in each line where that is needed, the one with the fewest raters of the others is withheld, too."""
    shared, few = [cells.c[name] for name in line], cells.c.few
    first = func.row_number().over(partition_by=[*shared, cells.c.withheld], order_by=cells.c.place)
    one = select(
        *cells.c,
        first.label("first"),
        func.count().filter(cells.c.withheld).over(partition_by=shared).label("number"),
        func.count(few).over(partition_by=shared).label("number_few"),
        func.json_agg(few).filter(few.is_not(None)).over(partition_by=shared).label("fews"),
    ).subquery()
    alone = or_(one.c.number == 1, and_(one.c.number == one.c.number_few, _together(one.c.fews) < protection.least()))
    taken = and_(one.c.first == 1, one.c.number > 0, alone)
    rest = [one.c[column.name] for column in cells.c if column.name != "withheld"]
    return select(*rest, or_(one.c.withheld, taken).label("withheld")).subquery()


def _together(fews: ColumnElement[object]) -> ColumnElement[int]:
    """How many raters several cells have together: who rated in two of them is one."""
    few = func.json_array_elements(fews).table_valued("raters").render_derived()
    one = func.json_array_elements_text(few.c.raters).table_valued("rater").render_derived()
    return select(func.count(one.c.rater.distinct())).select_from(few.join(one, true())).scalar_subquery()
