"""Where opinions come from: how many an organization gets when, from whom, and how good it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import floor
from random import Random

from exchange.demo.forms import Form, Forms
from exchange.demo.organizations import Organization
from exchange.demo.phrases import FLAVOURS
from exchange.demo.schemes import ACCOUNTS, Honest, NewAccounts, schemes
from exchange.demo.timeline import BUSYNESS, DAYS, SHARES, number_of, slice_days

LONG_TAIL = 1.6
ONE_IN_UNRATED = 37
AUTHORITIES_SHARE = 0.5
# The share of submissions with a mark below 4, over the whole country.
DISSATISFIED = 0.068
REPEAT_SECONDS = 24 * 3600
NO_SERVICE = r"\N"


@dataclass(slots=True)
class Source:
    """One organization's stream of opinions. `crowd` raters from `home` on rate it."""

    organization: Organization
    count: int
    phase: float
    forms: list[tuple[int, Form]]
    services: list[str]
    dissatisfied: float
    trend: float
    flavour: int
    home: int
    crowd: int
    scheme: Honest

    def due(self, number: int) -> int:
        """How many fall into a slice of time; over all slices exactly `count`."""
        life = self.organization.life
        if not life.first <= number <= life.last:
            return 0
        begin, end = SHARES[life.first], SHARES[life.last + 1]
        before, after = ((SHARES[i] - begin) / (end - begin) for i in (number, number + 1))
        # The last share may be a hair below 1.
        ending = self.count if number == life.last else floor(self.count * after + self.phase)
        starting = 0 if number == life.first else floor(self.count * before + self.phase)
        return min(ending, self.count) - min(starting, self.count)

    def unhappiness(self, day: int) -> float:
        """The share of dissatisfied raters on a day: quality drifts."""
        return self.dissatisfied * (1 + self.trend * (day / DAYS - 0.5))

    def form(self, day: int) -> Form:
        """The form that was shown on a day."""
        return next(form for published, form in reversed(self.forms) if published <= day)

    def visits(self, number: int, people: int, random: Random) -> Iterator[tuple[int, int, int]]:
        """Day, second of the day and rater (from 0) of each submission due in a slice.

        Raters of even and odd slices are different people, so that keeping a day between two
        submissions of one of them inside a slice keeps it everywhere.
        """
        days, weights = WEIGHTED[number]
        seconds: dict[int, int] = {}
        drawn = random.choices(days, cum_weights=weights, k=self.due(number))
        scheme = self.scheme
        moments = (day * 86400 + 25000 + int(random.random() * 57000) for day in drawn)
        for moment in sorted(scheme.moment(number, moment) for moment in moments):
            drawn_rater = self.home + 2 * int(random.random() * self.crowd / 2) + number % 2
            rater = scheme.rater(number, self.home, drawn_rater) % people
            while moment - seconds.get(rater, -REPEAT_SECONDS) < REPEAT_SECONDS:
                rater = (rater + 2) % people
            seconds[rater] = moment
            yield *divmod(moment, 86400), rater


WEIGHTED = [
    (days, list(accumulate(BUSYNESS[day] for day in days))) for days in (slice_days(i) for i in range(len(SHARES) - 1))
]


def sources(
    organizations: Sequence[Organization], forms: Forms, total: int, people: int, random: Random
) -> list[Source]:
    """A source for every organization; their counts add up to `total`."""
    counts = _counts(organizations, total, random)
    bent = schemes(organizations, counts)
    qualities = _qualities(counts, random)
    homes = _homes(organizations, people)
    made = []
    for organization, count, quality, scheme in zip(organizations, counts, qualities, bent, strict=True):
        shown = forms.over_time([sphere.id for sphere in organization.spheres])
        services = [str(service) for service in organization.services]
        home, neighbours = homes[organization.site.place.district.area.id]
        made.append(
            Source(
                organization,
                count,
                random.random(),
                [(number_of(form.published), form) for form in shown],
                [*services, *services, NO_SERVICE] if services else [NO_SERVICE],
                quality,
                max(-1.8, min(1.8, random.gauss(0, 0.8))),
                random.randrange(FLAVOURS),
                home,
                min(people, max(neighbours, 3 * count, 20)),
                scheme,
            )
        )
    return made


def made_for_it(known: Sequence[Source], people: int) -> set[int]:
    """The raters (from 0) whose accounts were made for a scheme."""
    schemers = [source for source in known if isinstance(source.scheme, NewAccounts)]
    return {(source.home + number) % people for source in schemers for number in range(ACCOUNTS)}


def _counts(organizations: Sequence[Organization], total: int, random: Random) -> list[int]:
    """Long-tailed: most have some dozens, a few thousands, some none."""
    weights = []
    for organization in organizations:
        life = organization.life
        open_share = SHARES[life.last + 1] - SHARES[life.first]
        rated = 0.0 if organization.id % ONE_IN_UNRATED == 0 else 1.0 if organization.services else AUTHORITIES_SHARE
        weights.append(random.lognormvariate(0, LONG_TAIL) * open_share * rated)
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    counts = [int(count) for count in exact]
    left_over = total - sum(counts)
    for i in sorted(range(len(exact)), key=lambda i: counts[i] - exact[i])[:left_over]:
        counts[i] += 1
    return counts


def _qualities(counts: Sequence[int], random: Random) -> list[float]:
    """Shares of dissatisfied raters that spread widely and, weighted by counts, have the wanted mean."""
    drawn = [random.betavariate(0.5, 6.5) for _ in counts]
    mean = sum(count * share for count, share in zip(counts, drawn, strict=True)) / sum(counts)
    return [min(0.85, share * DISSATISFIED / mean) for share in drawn]


def _homes(organizations: Sequence[Organization], people: int) -> dict[int, tuple[int, int]]:
    """By district: the first of its raters, an even number, and how many live there."""
    districts = {known.site.place.district.area.id: known.site.place.district for known in organizations}
    population = sum(district.population for district in districts.values())
    homes, first = {}, 0
    for number, district in districts.items():
        neighbours = people * district.population // population
        homes[number] = first - first % 2, neighbours
        first += neighbours
    return homes
