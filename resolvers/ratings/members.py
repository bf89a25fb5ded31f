"""Members: the organizations whose submissions count together."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ARRAY, BigInteger, FromClause, Select, any_, func, literal_column, select
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import CTE

from engine.meanings.arguments import Arguments
from models.hierarchies import Hierarchy
from models.organizations import Organization
from models.totals import Pool
from resolvers import codes
from resolvers.sets import filters
from resolvers.trees import with_all_below

Conditions = Callable[[Any], tuple[ColumnElement[bool], ...]]


@dataclass(frozen=True)
class Members:
    """One organization, its subtree, or a set: as conditions that find their rows.

    `said` is true for the organization of a submission that counts. `months` picks the rows of
    `month_total` that add up. `outer` are the rows that both look at. `is_one` says that nobody else's submissions count.
    `ids` are those of a subtree as an array.
    """

    said: Callable[[ColumnElement[int]], ColumnElement[bool]]
    months: Conditions
    outer: tuple[FromClause, ...] = ()
    is_one: bool = False
    ids: ColumnElement[Any] | None = None

    def look(self, query: Select[Any]) -> Select[Any]:
        """A query that has these conditions, seeing the outer rows."""
        return query.correlate(*self.outer) if self.outer else query


def gathered(body: Members) -> tuple[Members, FromClause | None]:
    """The same with the ids of a subtree found once, in a row to be joined beside whatever looks at them.

    Whoever looks seldom or only once does without: a row is found even where nobody does.
    """
    if body.ids is None:
        return body, None
    # OFFSET 0 keeps the planner from finding them again for each condition.
    row = body.look(select(body.ids.label("ids"))).offset(literal_column("0")).lateral()
    return replace(body, said=lambda id_: id_ == any_(row.c.ids), outer=(*body.outer, row)), row


def of_organization(o: FromClause, pool: Pool) -> Members:
    """The members of an organization's pool."""
    if pool is Pool.OWN:
        months: Conditions = lambda m: (m.c.organization_id == o.c.id, m.c.pool == Pool.OWN)  # noqa: E731
        return Members(lambda id_: id_ == o.c.id, months, (o,), is_one=True)
    # As an array: one scan of an index finds all of theirs, however many they are. A join would be planned for the few
    # that the planner expects below anybody.
    ids = func.array(with_all_below(o, Hierarchy[pool.name]).scalar_subquery(), type_=ARRAY(BigInteger()))
    return Members(
        lambda id_: id_ == any_(ids),
        lambda m: (m.c.organization_id == o.c.id, m.c.pool.in_((Pool.OWN, pool))),
        (o,),
        ids=ids,
    )


def of_summary(a: Arguments) -> Members:
    """The organizations of the set that the argument `among` of a summary asks for.

    Where it asks for any, they are found once a statement, whatever is read of them. A whole country is met as it comes.
    """
    if not filters.asks(a.among):
        return of_set(lambda o: filters.conditions(o, a.among))
    ids = chosen(a)
    return Members(
        lambda id_: codes.one_of(id_, ids), lambda m: (codes.one_of(m.c.organization_id, ids), m.c.pool == Pool.OWN)
    )


def chosen(a: Arguments) -> ColumnElement[Any]:
    """The ids of the organizations that a summary is of, as an array."""
    return select(a.once(_chosen).c.ids).scalar_subquery()


def _chosen(a: Arguments) -> CTE:
    o = Organization.__table__.alias()
    ids = select(o.c.id).where(*filters.conditions(o, a.among)).scalar_subquery()
    return select(func.array(ids, type_=ARRAY(BigInteger())).label("ids")).cte()


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
