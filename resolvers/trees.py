"""Which tree a field looks at, and what stands below in it."""

from typing import Any

from sqlalchemy import BigInteger, CompoundSelect, func, literal, select, union_all

from engine.arguments import Arguments
from models.hierarchies import Hierarchy, Position
from models.trees import below
from resolvers import codes


def tree(a: Arguments) -> Hierarchy:
    """The argument `hierarchy`; most questions mean subordination."""
    return a.hierarchy or Hierarchy.SUBORDINATION


def subtree_of(reference: Any, name: str, hierarchy: Hierarchy) -> CompoundSelect[int]:
    """The ids of a referred organization and of all below it; the database refuses a reference to nothing."""
    top, place = Position.__table__.alias(), Position.__table__.alias()
    known = func.known(codes.meant(reference), literal(name), type_=BigInteger())
    lower = (
        select(place.c.organization_id)
        .join_from(top, place, (place.c.hierarchy == top.c.hierarchy) & below(place.c.path, top.c.path))
        .where(top.c.hierarchy == hierarchy, top.c.organization_id == known)
    )
    return union_all(select(known), lower)
