"""Which tree a field looks at, and what stands below in it."""

from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, CompoundSelect, FromClause, func, literal, select, union_all

from engine.meanings.arguments import Arguments
from models.hierarchies import Hierarchy, Position
from models.trees import below
from resolvers import codes


def tree(a: Arguments) -> Hierarchy:
    """The argument `hierarchy`; most questions mean subordination."""
    return a.hierarchy or Hierarchy.SUBORDINATION


def in_subtree(
    organization_id: ColumnElement[int], reference: Any, name: str, hierarchy: Hierarchy
) -> ColumnElement[bool]:
    """True for a referred organization and all below it; the database refuses a reference to nothing."""
    return organization_id == func.any(subtree(reference, name, hierarchy))


def subtree(reference: Any, name: str, hierarchy: Hierarchy) -> ColumnElement[Any]:
    """The ids of a referred organization and of all below it; the database refuses a reference to nothing.

    The ids are made a list first. PostgreSQL then looks each up in an index; joined, it would guess
    how many there are, and guess wrong by so much that a page took ten seconds.
    """
    top, place = Position.__table__.alias(), Position.__table__.alias()
    known = func.known(codes.meant(reference), literal(name), type_=BigInteger())
    lower = (
        select(place.c.organization_id)
        .join_from(top, place, (place.c.hierarchy == top.c.hierarchy) & below(place.c.path, top.c.path))
        .where(top.c.hierarchy == hierarchy, top.c.organization_id == known)
    )
    return func.array(union_all(select(known), lower).scalar_subquery(), type_=ARRAY(BigInteger()))


def with_all_below(o: FromClause, hierarchy: Hierarchy) -> CompoundSelect[Any]:
    """The ids of an organization's row, which may stand outside of the tree, and of everything below it."""
    itself = select(o.c.id).correlate(o)
    top, place = Position.__table__.alias(), Position.__table__.alias()
    lower = (
        select(place.c.organization_id)
        .join_from(top, place, (place.c.hierarchy == top.c.hierarchy) & below(place.c.path, top.c.path))
        .where(top.c.hierarchy == hierarchy, top.c.organization_id == o.c.id, place.c.organization_id != o.c.id)
        .correlate(o)
    )
    return itself.union_all(lower)
