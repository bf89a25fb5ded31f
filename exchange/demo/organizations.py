"""An organization of the demo, and where and when it is."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import cos, sin, sqrt, tau
from random import Random
from typing import NamedTuple, Self

from exchange.demo.catalogue import Sphere
from exchange.demo.data import rows
from exchange.demo.names import Name, each
from exchange.demo.territory import KM_PER_DEGREE, SHRINK, Area, Place
from exchange.demo.timeline import LAST, SLICES, day, slice_days

FOUNDED = date(1995, 1, 1)
STREETS = [Name(row["be"], row["ru"], row["en"]) for row in rows("streets")]


class Site(NamedTuple):
    """A point in or near a place, always inside its region, and the address there."""

    place: Place
    longitude: float
    latitude: float
    address: Name

    @classmethod
    def near(cls, place: Place, random: Random) -> Self:
        """A site nearer to the middle more often than not."""
        away, turn = place.radius * sqrt(random.random()) * random.random(), tau * random.random()
        longitude = place.longitude + away * cos(turn) / (KM_PER_DEGREE * SHRINK)
        latitude = place.latitude + away * sin(turn) / KM_PER_DEGREE
        street, house = random.choice(STREETS), random.randint(1, 160)
        address = each(lambda title, street: f"{title}, {street}, {house}", place.title, street)
        return cls(place, round(longitude, 6), round(latitude, 6), address)


class Lifetime(NamedTuple):
    """When an organization was open: dates, and the slices of the demo's time that it was open throughout."""

    opened: date
    closed: date | None
    first: int
    last: int

    def early(self, random: Random) -> Self:
        """Opened some time before the demo's."""
        return self._replace(opened=FOUNDED + timedelta(days=random.randrange(9000)))

    def late(self, random: Random) -> Self:
        """Opened within the demo's time, some weeks before its first submission: visits come before those."""
        first = random.randint(1, SLICES - 6)
        return self._replace(opened=day(slice_days(first)[0]) - timedelta(days=random.randint(15, 40)), first=first)

    def ended(self, random: Random) -> Self:
        """Closed within the demo's time."""
        last = random.randint(self.first + 2, SLICES - 2)
        closed = day(slice_days(last)[-1]) + timedelta(days=random.randint(1, 40))
        return self._replace(closed=min(closed, LAST), last=last)


ALWAYS = Lifetime(FOUNDED, None, 0, SLICES - 1)


@dataclass(slots=True, frozen=True)
class Organization:
    """A row of the register with its parents: `parent` in subordination, `overseer` in supervision.

    Authorities of a territory have no branch: `overseen` is false, no tree of supervision has them.
    """

    id: int
    code: str
    kind: str
    name: Name
    site: Site
    area: Area
    life: Lifetime = ALWAYS
    spheres: tuple[Sphere, ...] = ()
    services: tuple[int, ...] = ()
    parent: "Organization | None" = None
    overseer: "Organization | None" = None
    overseen: bool = True
    voluntary: bool = False

    @property
    def subordination(self) -> str:
        """The path of ids in the tree of subordination."""
        return f"{self.parent.subordination}.{self.id}" if self.parent else str(self.id)

    @property
    def supervision(self) -> str:
        """The path of ids in the tree of supervision."""
        return f"{self.overseer.supervision}.{self.id}" if self.overseer else str(self.id)
