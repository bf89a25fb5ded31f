"""What an edition must hold, in exact fractions over the raw scores of its period, as they were at publication."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.oracle import Country, Submission, rating
from tests.oracle_ranks import Ranking
from tests.slices import Slice

POOLS = ("OWN", "SUBORDINATION", "SUPERVISION")


@dataclass(frozen=True)
class Published:
    """A country at the moment of publication, the edition's period, and the policies of that moment."""

    country: Country
    period: Slice
    minimum: int = 5
    prior: int = 10

    @cached_property
    def counted(self) -> dict[str, dict[str, list[Submission]]]:
        """The submissions of the period by pool and organization."""
        trees = {"OWN": None, **{tree: tree for tree in self.country.parents}}
        return {
            pool: {code: self._counted(code, tree) for code in self.country.organizations}
            for pool, tree in trees.items()
        }

    def _counted(self, code: str, tree: str | None) -> list[Submission]:
        members = {code} | (self.country.subordinates(code, tree) if tree else set())
        return self.period.counted(self.country.pool(members))

    @cached_property
    def rankings(self) -> dict[tuple[str, str], Ranking]:
        """By pool and method, the ranking of all that were open."""
        chosen = self.country.chosen()
        return {
            (pool, method): Ranking({code: said[code] for code in chosen}, self.minimum, prior)
            for pool, said in self.counted.items()
            for method, prior in (("MEAN", None), ("CREDIBLE", self.prior))
        }

    def among(self, chosen: Collection[str], pool: str, method: str) -> Ranking:
        """The ranking of some of those that were open."""
        said = self.counted[pool]
        return Ranking(
            {code: said[code] for code in chosen}, self.minimum, self.prior if method == "CREDIBLE" else None
        )

    def rating(self, code: str, pool: str) -> dict[str, Any]:
        """What `tests.oracle.RATING` selects of an organization."""
        return rating(self.counted[pool].get(code, []), self.country.criteria)

    def rank(self, code: str, pool: str, method: str) -> dict[str, Any]:
        """What `tests.oracle_ranks.RANK` selects of an organization."""
        found = self.rankings[pool, method].rank(code)
        closed = code in self.country.organizations and not self.country.organizations[code].open
        return found | {"notRanked": "CLOSED"} if closed else found

    @property
    def summary(self) -> dict[str, Any]:
        """What a summary says of all that were open."""
        chosen = self.country.chosen()
        own = {code: self.counted["OWN"][code] for code in chosen}
        pooled = [each for said in own.values() for each in said]
        return {
            "organizations": len(chosen),
            "rated": sum(bool(said) for said in own.values()),
            "rating": rating(pooled, self.country.criteria),
        }
