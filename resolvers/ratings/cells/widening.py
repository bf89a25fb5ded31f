"""Widening: a slice that asks for some cells of a dimension is counted with all, and shown with those.

What is withheld among some channels, services, kinds of raters or days is decided among all of them:
their total is public, and would tell of the others.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, FromClause
from sqlalchemy.sql.elements import ColumnElement

from engine.meanings.arguments import Argument
from models.services import Service
from resolvers import codes
from resolvers.ratings import slices
from resolvers.ratings.cells.dimensions import MEMBERS, Dimension
from resolvers.ratings.cells.question import Conditions, Question, key_of
from resolvers.ratings.periods import month_of, next_month


def widened(q: Question) -> Question:
    """The same question without what its slice asks for of its dimensions; of days, over whole months."""
    s, dropped = q.slice_, dict[str, Any]()
    if Dimension.DAY in q.by:
        dropped = {"first": s.first and s.first.map(month_of, Date()), "last": s.last and s.last.map(_end, Date())}
    dropped |= {name: None for dimension, name in CONDITIONS.items() if dimension in q.by}
    return replace(q, slice_=replace(s, **dropped))


CONDITIONS = {
    Dimension.SERVICE: "services",
    Dimension.CHANNEL: "channels",
    Dimension.RATER_KIND: "rater_kinds",
    Dimension.VERIFIED: "verified",
}


def _end(day: date) -> date:
    """The last day of a date's month."""
    following = next_month(day)
    return following if following == date.max else following - timedelta(days=1)


def shown(q: Question, cells: FromClause) -> Conditions:
    """True for the cells that the slice asks for; unknown codes are refused also where there are no cells."""
    found = [*slices.known(q.slice_)]
    if Dimension.DAY in q.by:
        found += q.days(cells.c[key_of(Dimension.DAY)])
    for dimension, name in CONDITIONS.items():
        wanted = getattr(q.slice_, name)
        if dimension in q.by and wanted is not None:
            found.append(_is_one_of(dimension, cells.c[key_of(dimension)], wanted))
    return tuple(found)


def _is_one_of(dimension: Dimension, key: ColumnElement[Any], wanted: Any) -> ColumnElement[bool]:
    if dimension is Dimension.SERVICE:
        return codes.among(key, Service, wanted)
    if dimension is Dimension.VERIFIED:
        return key == (1 if wanted else 2)
    # An empty list has no members that would belong to the shape, and fits nothing.
    places = () if isinstance(wanted, Argument) else [list(MEMBERS[dimension]).index(each) + 1 for each in wanted]
    return key.in_(places)
