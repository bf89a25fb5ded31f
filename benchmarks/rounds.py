"""Interleaved rounds: whatever else the machine does meanwhile touches all contestants alike."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.contestants import Contestant
from benchmarks.samples import Sample

Samples = dict[str, dict[str, list[Sample]]]


@dataclass(frozen=True)
class Rounds:
    """How long and how often each contestant is measured; a shorter warming comes first."""

    rounds: int = 5
    seconds: float = 5
    connections: int = 8
    warming: float = 2

    def measure(self, contestants: Sequence[Contestant], queries: Sequence[str], say: Callable[[str], None]) -> Samples:
        """The samples by query and contestant."""
        samples: Samples = {query: {} for query in queries}
        for query in queries:
            for each in contestants:
                if query in each.loads:
                    each.sample(query, self.warming, self.connections)
        for number in range(self.rounds):
            say(f"Round {number + 1} of {self.rounds}.")
            for query, each in self._order(contestants, queries, number):
                sample = each.sample(query, self.seconds, self.connections)
                samples[query].setdefault(each.name, []).append(sample)
        return samples

    def _order(
        self, contestants: Sequence[Contestant], queries: Sequence[str], number: int
    ) -> Iterator[tuple[str, Contestant]]:
        """Another contestant begins each round."""
        start = number % len(contestants)
        for query in queries:
            for each in (*contestants[start:], *contestants[:start]):
                if query in each.loads:
                    yield query, each
