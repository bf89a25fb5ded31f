"""Standings: the organizations of a set in the order of a value, as parts of a statement.

There are at most 401 published values, so a set is ranked by counting its organizations at each of
them: nothing is sorted, and one organization's place costs no more than a page's.
"""

import enum
from functools import cached_property
from typing import Any

from sqlalchemy import ARRAY, FromClause, Integer, Select, and_, case, cast, false, func, not_, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import CTE

from models import policies
from models.policies import PolicyName
from models.totals import Pool, Total
from resolvers.rankings import credibility, headcounts
from resolvers.ratings.slices import Slice
from resolvers.sets import filters
from resolvers.sets.chosen import Chosen

# What a ranking by totals is read by, and most often shown with.
KEPT = ("key", "id", "submissions", "raters", "value")


class RankingMethod(enum.Enum):
    """By what organizations are ranked."""

    MEAN = "MEAN"
    CREDIBLE = "CREDIBLE"


class Standings:
    """A set of organizations, counted over a slice, and their places by a method.

    `minimum` is how many raters a place takes. Each part is worked out once a statement, whatever
    the number of rows that read it: PostgreSQL keeps a common table expression that is read twice.

    `tallies` has a row for each organization of the set: `id`, `submissions`, `mark_sum`, `raters`,
    `withheld`, the `value` in hundredths, and the `key` that it is ranked by, which is 0 for who is
    not ranked and else the value. `places` has a row for each key that there is: `position` (null
    for key 0), `tied` and `out_of`. `prior` is what CREDIBLE draws toward.
    """

    def __init__(
        self,
        chosen: Chosen,
        slice_: Slice,
        pool: Pool,
        minimum: ColumnElement[int],
        method: RankingMethod = RankingMethod.MEAN,
        *,
        of_all: bool = False,
    ) -> None:
        self.slice_ = slice_
        self.pool = pool
        self.minimum = minimum
        self.method = method
        self.prior: CTE | None = None
        self._counted = counted = self.count(chosen, of_all=of_all)
        if method is RankingMethod.CREDIBLE:
            counted = _kept(counted).cte()
            self.prior = credibility.prior_of(counted, self.prior_number())
        self.tallies = self._listed(self._valued(counted))
        self.places = _places(self.tallies)

    def _listed(self, valued: Select[Any]) -> FromClause:
        """The rows of the set, worked out once; those of totals with no more than a ranking is read by.

        PostgreSQL writes all of them down, with all that they have. The sums that explain a value are looked up for the
        few whose value is to be explained.
        """
        if not self.slice_.is_all_time or self.prior is not None:
            return valued.cte()
        kept = valued.with_only_columns(*(valued.selected_columns[name] for name in KEPT)).cte()
        t = Total.__table__.alias()
        its = select(t.c.mark_sum).where(t.c.organization_id == kept.c.id, t.c.pool == self.pool)
        return select(*kept.c, its.scalar_subquery().label("mark_sum"), false().label("withheld")).subquery()

    @cached_property
    def _keys(self) -> CTE:
        """The keys of the whole set as one array, the smallest first."""
        key = self.tallies.c.key
        query = select(func.array_agg(aggregate_order_by(key, key), type_=ARRAY(Integer())).label("keys"))
        return query.cte().prefix_with("MATERIALIZED", dialect="postgresql")

    def place_of(self, entry: FromClause) -> FromClause:
        """The `position`, `tied` and `out_of` of a row with a key, lateral to it.

        They are told by how many keys are not above its own, which is found by halves.
        """
        keys = self._keys.c["keys"]

        def up_to(key: Any) -> ColumnElement[int]:
            return func.width_bucket(key, keys, type_=Integer())

        number, key = func.cardinality(keys, type_=Integer()), entry.c.key
        place = select(
            case((key > 0, number - up_to(key) + 1)).label("position"),
            case((key > 0, up_to(key) - up_to(key - 1)), else_=0).label("tied"),
            (number - up_to(0)).label("out_of"),
        )
        return place.select_from(self._keys).correlate(entry).lateral()

    def count(self, chosen: Chosen, *, of_all: bool) -> FromClause:
        """The tallies of the set's organizations, as `headcounts.each` has them."""
        return headcounts.each(chosen, self.slice_, self.pool, self.minimum, of_all=of_all)

    def prior_number(self) -> ColumnElement[int]:
        """How many submissions with the set's mean CREDIBLE adds to each organization's own."""
        return policies.whole(PolicyName.CREDIBLE_PRIOR)

    def single(self) -> FromClause:
        """The rows of the set once more, to pick single ones from by their id.

        A total lies ready: reading it again costs less than keeping those of a whole country.
        """
        return self._valued(self._counted).subquery() if self.slice_.is_all_time else self.tallies

    def is_closed(self, o: FromClause) -> ColumnElement[bool]:
        """Whether an organization that is outside of the set is closed."""
        return not_(filters.is_open(o))

    def _valued(self, counted: FromClause) -> Select[Any]:
        value = counted.c.value if self.prior is None else credibility.value(counted, self.prior)
        enough = and_(counted.c.submissions > 0, counted.c.raters >= self.minimum, not_(counted.c.withheld))
        # What the whole set is read by stands first: PostgreSQL takes a row apart only up to there.
        query = select(
            cast(case((enough, value), else_=0), Integer).label("key"),
            counted.c.organization_id.label("id"),
            *(counted.c[name] for name in ("submissions", "mark_sum", "raters", "withheld")),
            case((not_(counted.c.withheld), value)).label("value"),
        )
        return query if self.prior is None else query.select_from(counted.join(self.prior, true()))


def _kept(counted: FromClause) -> Select[Any]:
    """The columns that are read twice; a common table expression would keep all that it has."""
    return select(*(counted.c[name] for name in ("organization_id", "submissions", "mark_sum", "raters", "withheld")))


def _places(ranked: FromClause) -> CTE:
    here, is_ranked = func.count(), ranked.c.key > 0
    better = func.sum(here).over(order_by=ranked.c.key.desc())
    query = select(
        ranked.c.key,
        # The sum of bigints is numeric in PostgreSQL; these are numbers of organizations.
        case((is_ranked, cast(better - here + 1, Integer))).label("position"),
        cast(case((is_ranked, here), else_=0), Integer).label("tied"),
        cast(func.coalesce(func.sum(here).filter(is_ranked).over(), 0), Integer).label("out_of"),
    ).group_by(ranked.c.key)
    return query.cte().prefix_with("MATERIALIZED", dialect="postgresql")
