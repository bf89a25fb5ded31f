"""In which order: OrganizationOrder as keys that are never null and end with the id."""

import enum
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import FromClause, case, func, not_, select, true
from sqlalchemy.sql.elements import ColumnElement

from engine.meanings.arguments import Arguments
from engine.meanings.fields import Order, Rows
from gis import points
from models.errors import InputError
from models.totals import Pool
from resolvers.languages import in_language
from resolvers.rankings import changes, ranks
from resolvers.rankings.standings import Standings
from resolvers.ratings import slices, tallies
from resolvers.ratings.slices import Slice
from resolvers.sets import chosen, search

# Unrated organizations come last in either direction: published values are 100 to 500.
BELOW_ALL, ABOVE_ALL = 0, 501


class OrganizationOrder(enum.Enum):
    """The orders in which organizations can be listed."""

    NAME = "NAME"
    RATING_DESC = "RATING_DESC"
    RATING_ASC = "RATING_ASC"
    SUBMISSIONS_DESC = "SUBMISSIONS_DESC"
    RANK_CHANGE_DESC = "RANK_CHANGE_DESC"
    RANK_CHANGE_ASC = "RANK_CHANGE_ASC"
    DISTANCE = "DISTANCE"
    RELEVANCE = "RELEVANCE"


def ordered(rows: Rows, a: Arguments) -> Rows:
    """The rows in the order that was asked for, or the one that the filter suggests."""
    return ORDERS[asked(a)](rows, a)


def asked(a: Arguments) -> OrganizationOrder:
    """The order that was asked for, or the one that the filter suggests."""
    order: OrganizationOrder | None = a.order_by
    return order or suggested(a.filter)


def picked(a: Arguments) -> str | None:
    """The field of the filter that the order itself picks rows by."""
    return "text" if asked(a) is OrganizationOrder.RELEVANCE else None


def suggested(given: Any) -> OrganizationOrder:
    """What a reader expects: the best match first, else the nearest, else by name."""
    if given is not None and given.text is not None:
        return OrganizationOrder.RELEVANCE
    if given is not None and given.near is not None:
        return OrganizationOrder.DISTANCE
    return OrganizationOrder.NAME


def by(rows: Rows, key: ColumnElement[Any], *, descending: bool = False) -> Rows:
    """The rows in the order of a key."""
    return replace(rows, order=(Order(key, descending), Order(rows.row.c.id, descending)))


def _name(rows: Rows, a: Arguments) -> Rows:
    return by(rows, in_language(rows.row, "name", a.shape.language))


def _with_tally(rows: Rows, a: Arguments) -> tuple[Rows, FromClause]:
    """The rows, each with the tally of its own submissions over the slice."""
    tally = tallies.one(rows.row, slices.parsed_or_edition(a.slice), Pool.OWN)
    return replace(rows, joins=(*rows.joins, (tally, true()))), tally


def _value(tally: FromClause) -> ColumnElement[int]:
    """The published value; what is withheld stands among the unrated."""
    return case((not_(tally.c.withheld), tally.c.value))


def _rating_desc(rows: Rows, a: Arguments) -> Rows:
    rows, tally = _with_tally(rows, a)
    return by(rows, func.coalesce(_value(tally), BELOW_ALL), descending=True)


def _rating_asc(rows: Rows, a: Arguments) -> Rows:
    rows, tally = _with_tally(rows, a)
    return by(rows, func.coalesce(_value(tally), ABOVE_ALL))


def _submissions_desc(rows: Rows, a: Arguments) -> Rows:
    rows, tally = _with_tally(rows, a)
    return by(rows, tally.c.submissions, descending=True)


def _rank_change(rows: Rows, a: Arguments) -> Rows:
    """By the change of place among the filter's open organizations since the day before the slice begins."""
    if a.slice is None or a.slice.from_ is None:
        raise InputError("orderBy", f"{a.order_by.name} needs slice.from")
    moved = a.once(_moved)
    return replace(
        rows,
        joins=(*rows.joins, (moved, moved.c.id == rows.row.c.id)),
        order=(
            changes.order(moved.c.change, descending=a.order_by is OrganizationOrder.RANK_CHANGE_DESC),
            Order(moved.c.key, descending=True),
            Order(rows.row.c.id, descending=True),
        ),
    )


def _moved(a: Arguments) -> FromClause:
    slice_ = slices.parsed(a.slice)
    assert slice_.first is not None
    eve = slice_.first.map(_day_before)
    until, before = replace(slice_, first=None), replace(slice_, first=None, last=eve)
    now, then = (_standings(a, each) for each in (until, before))
    return changes.since(then, now)


def _standings(a: Arguments, slice_: Slice) -> Standings:
    return Standings(chosen.open_ones(a.filter), slice_, Pool.OWN, ranks.minimum(a))


def _day_before(first: date) -> date:
    return date.fromordinal(max(first.toordinal() - 1, 1))


def _distance(rows: Rows, a: Arguments) -> Rows:
    if a.filter is None or a.filter.near is None:
        raise InputError("orderBy", "DISTANCE needs filter.near")
    return by(rows, points.distance(rows.row.c.location, points.point(a.filter.near.point)))


def _relevance(rows: Rows, a: Arguments) -> Rows:
    if a.filter is None or a.filter.text is None:
        raise InputError("orderBy", "RELEVANCE needs filter.text")
    # Sorted before it is joined: only those that the page shows are looked at then.
    best = search.organizations(a.filter.text)
    found = select(best).order_by(*(best.c[name].desc() for name in ("relevance", "brevity", "id"))).subquery()
    # Of what matches as well, the shortest comes first: a body before its units.
    keys = found.c.relevance, found.c.brevity, rows.row.c.id
    return replace(
        rows,
        joins=(*rows.joins, (found, found.c.id == rows.row.c.id)),
        order=tuple(Order(key, descending=True) for key in keys),
    )


ORDERS: dict[OrganizationOrder, Callable[[Rows, Any], Rows]] = {
    OrganizationOrder.NAME: _name,
    OrganizationOrder.RATING_DESC: _rating_desc,
    OrganizationOrder.RATING_ASC: _rating_asc,
    OrganizationOrder.SUBMISSIONS_DESC: _submissions_desc,
    OrganizationOrder.RANK_CHANGE_DESC: _rank_change,
    OrganizationOrder.RANK_CHANGE_ASC: _rank_change,
    OrganizationOrder.DISTANCE: _distance,
    OrganizationOrder.RELEVANCE: _relevance,
}
