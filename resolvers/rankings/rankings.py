"""Rankings: a set of organizations in the order of its ranks."""

import enum
from dataclasses import replace

from sqlalchemy import FromClause, Integer, cast, null

from engine.meanings.arguments import Arguments
from engine.meanings.fields import Known, Order, Rows
from models.errors import InputError
from models.organizations import Organization
from resolvers.rankings import changes, ranks
from resolvers.rankings.standings import RankingMethod, Standings
from resolvers.ratings import ratings, slices

# The fields of a rating that can be read from an entry.
IN_ENTRIES = frozenset({"__typename", "value", "submissions", "raters", "withheld"})


class RankingOrder(enum.Enum):
    """The orders in which a ranking can be read."""

    POSITION = "POSITION"
    CHANGE_DESC = "CHANGE_DESC"
    CHANGE_ASC = "CHANGE_ASC"


def ranking(_: None, a: Arguments) -> Rows:
    """A set in the order of its ranks, or of their changes. Those that are not ranked are in no order but their id's."""
    entry = a.once(ranks.standings).tallies
    by_position = Rows(entry, order=(Order(entry.c.key, True), Order(entry.c.id, True)))
    then = a.once(ranks.earlier)
    return _compared(by_position, then, a) if then else _as_it_is(by_position, a)


def _as_it_is(rows: Rows, a: Arguments) -> Rows:
    if a.order_by not in {None, RankingOrder.POSITION}:
        raise InputError("orderBy", f"{a.order_by.name} needs comparedTo")
    return replace(rows, extras={"previous": cast(null(), Integer)})


def _compared(rows: Rows, then: Standings, a: Arguments) -> Rows:
    now, entry = a.once(ranks.standings), rows.row
    joins = (
        (now.places, now.places.c.key == entry.c.key),
        (then.tallies, then.tallies.c.id == entry.c.id),
        (then.places, then.places.c.key == then.tallies.c.key),
    )
    previous = then.places.c.position
    rows = replace(rows, joins=joins, extras={"previous": previous})
    if a.order_by in {None, RankingOrder.POSITION}:
        return rows
    rising = a.order_by is RankingOrder.CHANGE_DESC
    return replace(rows, order=(changes.order(previous - now.places.c.position, descending=rising), *rows.order))


def organization(e: FromClause, a: Arguments) -> Rows:
    """The organization of an entry."""
    row = Organization.__table__.alias()
    return Rows(row, where=(row.c.id == e.c.id,))


def rating(e: FromClause, a: Arguments) -> Rows:
    """The rating that the entry's rank is by; an entry ranked by the mean of a total has most of it already."""
    asked = a.outer
    rows = ratings.of_organization(e, asked)
    if slices.parsed_or_edition(asked.slice).is_all_time and asked.method in {None, RankingMethod.MEAN}:
        return replace(rows, known=Known(e, IN_ENTRIES))
    return rows
