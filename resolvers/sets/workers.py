"""Workers: the organizations of spheres, read from what stands beside the spheres alone."""

from typing import Any

from sqlalchemy import ARRAY, BigInteger, FromClause, Select, cast, column, func, select
from sqlalchemy.sql.elements import ColumnElement

from models.organizations import OrganizationSphere
from models.trees import Ltree, below
from resolvers import codes


def rows() -> FromClause:
    """A row for each sphere of each organization, with its area and the day when it was closed."""
    return OrganizationSphere.__table__.alias()


def ids(works: FromClause, spheres: ColumnElement[Any], areas: ColumnElement[Any] | None = None) -> Select[Any]:
    """The ids of who works in one of some spheres and stands in one of some areas; who does so twice comes twice."""
    query = select(works.c.organization_id).where(codes.one_of(works.c.sphere_id, spheres))
    if areas is None:
        return query
    path, beyond = column("path", Ltree()), column("beyond", Ltree())
    branches = func.branches_of(cast(areas, ARRAY(BigInteger()))).table_valued(path, beyond)
    # All in an area stand together in the order of paths, and the planner knows that those below a path are few.
    together = (works.c.area_path >= branches.c.path, works.c.area_path < branches.c.beyond)
    return query.where(*together, below(works.c.area_path, branches.c.path))
