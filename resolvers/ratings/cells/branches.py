"""Branches: the organizations that count for another one, and the direct subordinate that each is below.

Rows have `organization_id` and `branch_id`. The organization itself is a branch of its own, with
nothing but its own submissions, so that the branches of a subtree add up to it.
"""

from typing import Any

from sqlalchemy import Enum, FromClause, Select, case, cast, func, literal, select
from sqlalchemy.sql.elements import ColumnElement

from models.hierarchies import Hierarchy, Position
from models.totals import Pool
from models.trees import below, depth, node_at

POOL: Any = Enum(Pool, name="pool")


def itself(o: FromClause) -> FromClause:
    """The organization alone."""
    return _itself(o).lateral()


def direct(o: FromClause, hierarchy: Hierarchy) -> FromClause:
    """The organization and its direct subordinates, each for itself."""
    place = Position.__table__.alias()
    children = _member(place.c.organization_id, place.c.organization_id).where(
        place.c.hierarchy == hierarchy, place.c.parent_id == o.c.id
    )
    return _itself(o).union_all(children.correlate(o)).lateral()


def whole(o: FromClause, hierarchy: Hierarchy) -> FromClause:
    """The organization and everything below it. One that stands in no tree is alone.

    It is an outer join of one row, not a union: behind a union PostgreSQL would not look a few
    organizations' submissions up, but read them all.
    """
    one, top, place = select(literal(1)).subquery(), Position.__table__.alias(), Position.__table__.alias()
    subtree = top.join(place, (place.c.hierarchy == top.c.hierarchy) & below(place.c.path, top.c.path))
    found = one.outerjoin(subtree, (top.c.hierarchy == hierarchy) & (top.c.organization_id == o.c.id))
    # The path of the organization itself ends where a branch begins.
    branch = case((place.c.organization_id != o.c.id, node_at(place.c.path, depth(top.c.path))), else_=o.c.id)
    return _member(func.coalesce(place.c.organization_id, o.c.id), branch).select_from(found).correlate(o).lateral()


def each(o: FromClause, *conditions: ColumnElement[bool]) -> FromClause:
    """Organizations of a set, each for itself, with what they are told apart by; `o` is what the conditions are about."""
    return _member(o.c.id, o.c.id).add_columns(o.c.kind_id, o.c.area_id).where(*conditions).subquery()


def _itself(o: FromClause) -> Select[Any]:
    return _member(o.c.id, o.c.id).correlate(o)


def _member(organization_id: ColumnElement[int], branch_id: ColumnElement[int]) -> Select[Any]:
    columns: list[Any] = [organization_id.label("organization_id"), branch_id.label("branch_id")]
    return select(*columns)


def own_shares(member: FromClause) -> FromClause:
    """Each member's own total."""
    return select(*member.c, _pool(Pool.OWN).label("pool")).subquery()


def whole_shares(o: FromClause, hierarchy: Hierarchy) -> FromClause:
    """The organization's own total and that of everything below it: together its subtree's."""
    own, below_it = (_itself(o).add_columns(_pool(pool).label("pool")) for pool in (Pool.OWN, Pool[hierarchy.name]))
    return own.union_all(below_it).lateral()


def branch_shares(o: FromClause, hierarchy: Hierarchy) -> FromClause:
    """The organization's own total, and those of its direct subordinates with all that is below them."""
    own = _itself(o).add_columns(_pool(Pool.OWN).label("pool"))
    place = Position.__table__.alias()
    child = _member(place.c.organization_id, place.c.organization_id).where(
        place.c.hierarchy == hierarchy, place.c.parent_id == o.c.id
    )
    children = (child.add_columns(_pool(pool).label("pool")) for pool in (Pool.OWN, Pool[hierarchy.name]))
    return own.union_all(*(each.correlate(o) for each in children)).lateral()


def _pool(pool: Pool) -> ColumnElement[Any]:
    # In a row of its own, a literal would be a text.
    return cast(literal(pool, POOL), POOL)
