"""Frozen standings: the values of an edition, and its places: those of everyone, or among a set of today's register."""

from functools import cached_property
from typing import Any

from sqlalchemy import ARRAY, FromClause, Integer, Select, case, cast, false, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import CTE

from models.editions import EditionOrganization
from models.policies import PolicyName
from models.totals import Pool
from resolvers.rankings.standings import RankingMethod, Standings
from resolvers.ratings import frozen
from resolvers.ratings.slices import Slice
from resolvers.sets.chosen import Chosen


class FrozenStandings(Standings):
    """The standings of an edition as they were published: values and places are read, not worked out."""

    def __init__(self, slice_: Slice, pool: Pool, method: RankingMethod) -> None:
        self.slice_ = slice_
        self.pool = pool
        self.method = method
        self.minimum = frozen.policy(slice_, PolicyName.MIN_RATERS)
        self.prior = self._prior() if method is RankingMethod.CREDIBLE else None
        self.tallies = self._ranked().cte()
        self.places = self._places()

    @cached_property
    def _steps(self) -> CTE:
        """The places as one row of arrays in the order of their keys; 0 stands for no position."""
        place = self.places
        in_order = {
            "keys": place.c.key,
            "positions": func.coalesce(place.c.position, 0),
            "tied": place.c.tied,
        }
        arrays = [
            func.array_agg(aggregate_order_by(each, place.c.key), type_=ARRAY(Integer())).label(name)
            for name, each in in_order.items()
        ]
        query = select(*arrays, func.max(place.c.out_of).label("out_of"))
        return query.cte().prefix_with("MATERIALIZED", dialect="postgresql")

    def place_of(self, entry: FromClause) -> FromClause:
        """The same from places that were published.

        The key is looked for by halves: a page would else read all places anew for each of its rows.
        """
        steps = self._steps
        number = func.width_bucket(entry.c.key, steps.c["keys"], type_=Integer())
        place = select(
            func.nullif(steps.c.positions[number], 0, type_=Integer()).label("position"),
            steps.c.tied[number].label("tied"),
            steps.c.out_of,
        )
        return place.select_from(steps).correlate(entry).lateral()

    def single(self) -> FromClause:
        return self._ranked().subquery()

    def is_closed(self, o: FromClause) -> ColumnElement[bool]:
        return _was_closed(o, self.slice_)

    def _ranked(self) -> Select[Any]:
        r, where = frozen.rows(self.slice_, self.pool)
        value, _, _ = self._of_method(r)
        key = case((r.c.not_ranked.is_(None), cast(value, Integer)), else_=0)
        numbers = [r.c[name] for name in ("submissions", "mark_sum", "raters")]
        columns = [r.c.organization_id.label("id"), *numbers, false().label("withheld"), value.label("value")]
        return select(*columns, key.label("key")).where(*where)

    def _places(self) -> CTE:
        """Each key's place, which all of its organizations have."""
        r, where = frozen.rows(self.slice_, self.pool)
        value, position, tied = self._of_method(r)
        key = case((r.c.not_ranked.is_(None), cast(value, Integer)), else_=0).label("key")
        numbers = {"position": position, "tied": tied, "out_of": r.c.out_of}
        query = select(key, *(func.max(number).label(name) for name, number in numbers.items()))
        return query.where(*where).group_by(key).cte().prefix_with("MATERIALIZED", dialect="postgresql")

    def _of_method(self, r: FromClause) -> tuple[ColumnElement[Any], ...]:
        prefix = "credible_" if self.method is RankingMethod.CREDIBLE else ""
        return tuple(r.c[prefix + name] for name in ("value", "position", "tied"))

    def _prior(self) -> CTE:
        """What CREDIBLE drew toward then."""
        r, where = frozen.rows(self.slice_, self.pool)
        query = select(
            frozen.policy(self.slice_, PolicyName.CREDIBLE_PRIOR).label("prior"),
            func.sum(r.c.mark_sum).label("mark_sum"),
            func.sum(r.c.submissions).label("submissions"),
        )
        return query.where(*where).cte().prefix_with("MATERIALIZED", dialect="postgresql")


class FrozenAmong(Standings):
    """The standings of some of those that were open when an edition was published, by what it has of them.

    Which these are is told by today's register; their values, and the policies that place them, are frozen.
    """

    def __init__(self, chosen: Chosen, slice_: Slice, pool: Pool, method: RankingMethod) -> None:
        super().__init__(chosen, slice_, pool, frozen.policy(slice_, PolicyName.MIN_RATERS), method)

    def count(self, chosen: Chosen, *, of_all: bool) -> FromClause:
        r, where = frozen.rows(self.slice_, self.pool)
        numbers = [r.c[name] for name in ("organization_id", "submissions", "mark_sum", "raters", "value")]
        query = select(*numbers, false().label("withheld")).where(*where)
        return chosen.among(query, r.c.organization_id).subquery()

    def prior_number(self) -> ColumnElement[int]:
        return frozen.policy(self.slice_, PolicyName.CREDIBLE_PRIOR)

    def is_closed(self, o: FromClause) -> ColumnElement[bool]:
        return _was_closed(o, self.slice_)


def _was_closed(o: FromClause, slice_: Slice) -> ColumnElement[bool]:
    its = EditionOrganization.__table__.alias()
    closed = (frozen.of(slice_, its.c.edition_id), its.c.organization_id == o.c.id, ~its.c.is_open)
    return select(its.c.organization_id).where(*closed).correlate(o).exists()
