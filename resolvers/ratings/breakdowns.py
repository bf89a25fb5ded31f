"""Breakdowns: what is counted, in cells by one to three dimensions."""

import enum
from collections.abc import Sequence
from typing import Any

from sqlalchemy import FromClause, literal, select
from sqlalchemy.sql.elements import ColumnElement

from engine.meanings.arguments import Argument, Arguments
from engine.meanings.fields import Order, Parts, Rows
from models.errors import InputError
from models.organizations import Organization
from resolvers.columns import own
from resolvers.ratings import slices
from resolvers.ratings.cells import branches, tallies
from resolvers.ratings.cells.dimensions import ORGANIZATIONAL, UNITS, Dimension
from resolvers.ratings.cells.labels import NAMES, Label, label
from resolvers.ratings.cells.question import Question
from resolvers.ratings.ratings import Scope
from resolvers.sets import filters
from resolvers.trees import tree

MAXIMUM_DIMENSIONS = 3
MAXIMUM_CELLS, USUAL_CELLS = 1_000, 100


class Interval(enum.Enum):
    """The intervals of a history."""

    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    QUARTER = "QUARTER"
    YEAR = "YEAR"


def of_organization(o: FromClause, a: Arguments) -> Rows:
    """An organization's own submissions, or those of its subtree, in cells."""
    by, hierarchy = checked(a.by), tree(a)

    def members() -> FromClause:
        if a.scope is Scope.SUBTREE:
            return branches.whole(o, hierarchy)
        return branches.direct(o, hierarchy) if Dimension.SUBORDINATE in by else branches.itself(o)

    def shares() -> FromClause:
        if a.scope is not Scope.SUBTREE or ORGANIZATIONAL.intersection(by):
            return branches.own_shares(members())
        wide = branches.branch_shares if Dimension.SUBORDINATE in by else branches.whole_shares
        return wide(o, hierarchy)

    return _in_cells(Question(by, members, shares, slices.parsed(a.slice), o), a)


def of_summary(summary: FromClause, a: Arguments) -> Rows:
    """The own submissions of a summary's organizations in cells."""
    asked = a.outer

    def members() -> FromClause:
        o = Organization.__table__.alias()
        return branches.each(o, *filters.conditions(o, asked.among))

    def shares() -> FromClause:
        return branches.own_shares(members())

    is_picked = asked.among is not None
    return _in_cells(Question(checked(a.by), members, shares, slices.parsed(asked.slice), summary, is_picked), a)


def checked(by: Any) -> Sequence[Dimension]:
    """The dimensions of the argument `by`: one to three, different ones, one interval at most."""
    # An empty list has no members that would belong to the shape.
    if not isinstance(by, tuple):
        raise InputError("by", "must name one to three dimensions")
    if len(by) > MAXIMUM_DIMENSIONS:
        raise InputError("by", f"must name at most {MAXIMUM_DIMENSIONS} dimensions, not {len(by)}")
    for number, each in enumerate(by):
        if each in by[:number]:
            raise InputError("by", f"names {each.name} twice")
    intervals = [each.name for each in by if each in UNITS]
    if len(intervals) > 1:
        raise InputError("by", f"must name at most one interval, not {' and '.join(intervals)}")
    return by


def _limit(first: Argument | None) -> Argument | int:
    return USUAL_CELLS if first is None else first.map(_checked_size)


def _checked_size(size: int) -> int:
    if not 1 <= size <= MAXIMUM_CELLS:
        raise InputError("first", f"must be between 1 and {MAXIMUM_CELLS}")
    return size


def _in_cells(q: Question, a: Arguments) -> Rows:
    """The cells with their labels, in the order of the dimensions."""
    cell = tallies.published(q)
    source, order = cell, list[ColumnElement[Any]]()
    columns: list[ColumnElement[Any]] = [column for column in cell.c if column.name not in q.keys]
    for place, key in enumerate(q.keys):
        of_key = label(q.by[place], cell.c[key], a.shape.language)
        if of_key.target is not None:
            source = source.outerjoin(of_key.target, of_key.condition)
        order += [*of_key.order, cell.c[key]]
        columns += _key_columns(place, of_key)
    sorting = [by.label(f"order_{place}") for place, by in enumerate(order)]
    row = select(*columns, *sorting).select_from(source).correlate(q.outer).lateral()
    return Rows(row, order=tuple(Order(row.c[by.name]) for by in sorting), limit=_limit(a.first))


# What a key reads of the cell's row, where each column has the key's place behind its name.
KEY_COLUMNS = ("code", "organization_id", *NAMES)


def _key_columns(place: int, label: Label) -> list[ColumnElement[Any]]:
    columns = (label.code, label.organization_id, *label.names)
    return [column.label(f"{name}_{place}") for name, column in zip(KEY_COLUMNS, columns, strict=True)]


def keys(cell: FromClause, a: Arguments) -> Parts:
    """One for each dimension, in the order that they were asked for."""
    return Parts([_key(cell, place, each) for place, each in enumerate(a.outer.by)])


def _key(cell: FromClause, place: int, dimension: Dimension) -> FromClause:
    columns = [cell.c[f"{name}_{place}"].label(name) for name in KEY_COLUMNS]
    return select(literal(dimension.name).label("dimension"), *columns).correlate(cell).lateral()


def rating(cell: FromClause, a: Arguments) -> Rows:
    return Rows(cell)


dimension = own("dimension")
code = own("code")


def organization(key: FromClause, a: Arguments) -> Rows:
    """The organization that a key of SUBORDINATE stands for."""
    row = Organization.__table__.alias()
    return Rows(row, where=(row.c.id == key.c.organization_id,))
