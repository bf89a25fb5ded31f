"""Members: the organizations whose submissions count together."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, BigInteger, FromClause, Select, any_, func, select
from sqlalchemy.sql.elements import ColumnElement

from models.hierarchies import Hierarchy
from models.organizations import Organization
from models.totals import Pool
from resolvers.trees import with_all_below

Conditions = Callable[[Any], tuple[ColumnElement[bool], ...]]


@dataclass(frozen=True)
class Members:
    """One organization, its subtree, or a set: as conditions that find their rows.

    `said` is true for the organization of a submission that counts. `months` picks the rows of
    `month_total` that add up. `outer` are the rows that both look at.
    """

    said: Callable[[ColumnElement[int]], ColumnElement[bool]]
    months: Conditions
    outer: tuple[FromClause, ...] = ()

    def look(self, query: Select[Any]) -> Select[Any]:
        """A query that has these conditions, seeing the outer rows."""
        return query.correlate(*self.outer) if self.outer else query


def of_organization(o: FromClause, pool: Pool) -> Members:
    """The members of an organization's pool."""
    if pool is Pool.OWN:
        return Members(lambda id_: id_ == o.c.id, lambda m: (m.c.organization_id == o.c.id, m.c.pool == Pool.OWN), (o,))
    below = with_all_below(o, Hierarchy[pool.name])
    return Members(
        # As an array: one scan of an index finds all of theirs, however many they are. A join would be planned for the few
        # that the planner expects below anybody.
        lambda id_: id_ == any_(func.array(below.scalar_subquery(), type_=ARRAY(BigInteger()))),
        lambda m: (m.c.organization_id == o.c.id, m.c.pool.in_((Pool.OWN, pool))),
        (o,),
    )


def of_set(among: Conditions, *outer: FromClause) -> Members:
    """The organizations of a set, each with its own submissions."""

    def wanted() -> Select[Any]:
        o = Organization.__table__.alias()
        query = select(o.c.id).where(*among(o))
        return query.correlate(*outer) if outer else query

    return Members(
        lambda id_: id_.in_(wanted()),
        lambda m: (m.c.organization_id.in_(wanted()), m.c.pool == Pool.OWN),
        outer,
    )
