"""Arrays of tallies: numbers by what they count, in places that begin with 1.

Scores stand in the order of a form, marks by what they round to, and what is added up of both, by criterion,
in the order of the criteria's ids.
"""

from typing import Any

from sqlalchemy import ARRAY, BigInteger, func, literal, literal_column
from sqlalchemy.sql.elements import ColumnElement

TALLY = ARRAY(BigInteger())
NOTHING = literal_column("'{}'::bigint[]", TALLY)
NO_MARKS = literal([0, 0, 0, 0, 0], TALLY)
# Where a form's scores are kept, and what a mark rounds to.
PLACES, WHOLES = range(1, 17), range(1, 6)


def added_up(tallies: ColumnElement[Any], nothing: ColumnElement[Any] = NOTHING) -> ColumnElement[Any]:
    """The tallies of a group place by place, a shorter one filled up with zeros; `nothing`, if there are none."""
    return func.coalesce(func.tally_sum(tallies, type_=TALLY), nothing, type_=TALLY)
