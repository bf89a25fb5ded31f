"""The demo's territory: the real regions, districts and places, and where people live there."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from math import cos, hypot, radians, sqrt
from typing import Any, NamedTuple

from exchange.demo.data import features, rows
from exchange.demo.names import Name, each

KM_PER_DEGREE = 111.32
# East-west degrees shrink toward the pole; the country is small enough for one factor.
SHRINK = cos(radians(53.7))
COUNTRY = Name("Беларусь", "Беларусь", "Belarus")
TOWN_FROM = 5000


class Area(NamedTuple):
    """A row of the table of areas, without its boundary."""

    id: int
    code: str
    parent: "Area | None"
    name: Name

    @property
    def path(self) -> str:
        """The ids from the country down."""
        return f"{self.parent.path}.{self.id}" if self.parent else str(self.id)


@dataclass(frozen=True)
class Place:
    """A town or village. Whatever is within `radius` kilometres of it is in its region."""

    area: Area
    district: "District"
    title: Name
    longitude: float
    latitude: float
    population: int
    radius: float


@dataclass(frozen=True)
class District:
    """A district, or a city that is none: `city` has an authority of another name."""

    area: Area
    region: "Region"
    adjective: Name
    centre: tuple[float, float]
    places: list[Place] = field(default_factory=list)

    @property
    def city(self) -> bool:
        """The capital is both a region and its only district."""
        return self.region.city

    @property
    def capital(self) -> Place:
        """The largest place."""
        return max(self.places, key=lambda place: place.population)

    @property
    def population(self) -> int:
        """The people of all its places."""
        return sum(place.population for place in self.places)


@dataclass(frozen=True)
class Region:
    """A region, or the capital."""

    area: Area
    adjective: Name
    boundary: dict[str, Any]
    districts: list[District] = field(default_factory=list)

    @property
    def city(self) -> bool:
        """True for the capital."""
        return len(self.districts) == 1

    @property
    def capital(self) -> Place:
        """The largest place."""
        return max((district.capital for district in self.districts), key=lambda place: place.population)


class Territory:
    """All areas; places know their districts, districts their regions."""

    def __init__(self) -> None:
        self.areas: list[Area] = []
        self.boundaries: dict[int, str] = {}
        self._adjectives = {row["code"]: Name(row["be"], row["ru"], "") for row in rows("adjectives")}
        self.country = self._area("BY", None, COUNTRY)
        self.regions = [self._region(feature) for feature in features("regions")]
        self.districts = [self._district(row) for row in rows("districts")]
        self._settle()

    @property
    def places(self) -> Iterator[Place]:
        """Every place in which organizations can be."""
        return (place for district in self.districts for place in district.places)

    def _area(self, code: str, parent: Area | None, name: Name) -> Area:
        area = Area(len(self.areas) + 1, code, parent, name)
        self.areas.append(area)
        return area

    def _region(self, feature: dict[str, Any]) -> Region:
        properties = feature["properties"]
        area = self._area(properties["code"], self.country, Name.of(properties))
        self.boundaries[area.id] = json.dumps(feature["geometry"])
        return Region(area, self._adjective(area.code, properties["name_en"]), feature["geometry"])

    def _adjective(self, code: str, english: str) -> Name:
        return self._adjectives[code]._replace(en=english)

    def _district(self, row: dict[str, str]) -> District:
        region = next(region for region in self.regions if region.area.code == row["region_code"])
        adjective = self._adjective(row["code"], row["name_en"])
        name = Name(f"{adjective.be} раён", f"{adjective.ru} район", f"{adjective.en} District")
        if region.area.name.ru == row["name_ru"]:
            name = each(str.format, Name("горад {}", "город {}", "City of {}"), Name.of(row))
        area = self._area(row["code"], region.area, name)
        district = District(area, region, adjective, (float(row["longitude"]), float(row["latitude"])))
        region.districts.append(district)
        return district

    def _settle(self) -> None:
        regions = {region.area.code: region for region in self.regions}
        names = {row["geoname_id"]: row for row in (*rows("place-names"), *rows("districts"))}
        for row in rows("places"):
            point = float(row["longitude"]), float(row["latitude"])
            district = min(regions[row["region_code"]].districts, key=lambda district: distance(point, district.centre))
            name = Name.of(names[row["geoname_id"]])
            name = name._replace(en=name.en or row["name_en"])
            area = self._area(f"{district.area.code}-{row['geoname_id']}", district.area, name)
            # Generalised boundaries leave some suburbs outside of their region: nobody moves in.
            room = clearance(point, district.region.boundary["coordinates"])
            if room > 0:
                population = max(int(row["population"]), 500)
                radius = min(0.9 * room, 0.25 * sqrt(population / 1000))
                title = designation(name, district, population)
                district.places.append(Place(area, district, title, *point, population, radius))


def designation(name: Name, district: District, population: int) -> Name:
    """How a place is called in names and addresses: villages share names, so they tell their district."""
    if population >= TOWN_FROM:
        return Name(f"г. {name.be}", f"г. {name.ru}", name.en)
    of = district.area.name
    return Name(f"аг. {name.be}, {of.be}", f"аг. {name.ru}, {of.ru}", f"{name.en}, {of.en}")


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres between two points, as on a plane."""
    return KM_PER_DEGREE * hypot((one[0] - other[0]) * SHRINK, one[1] - other[1])


def clearance(point: tuple[float, float], polygons: list[list[list[list[float]]]]) -> float:
    """Kilometres from a point to the nearest boundary of the polygons; 0 outside of them."""
    inside = False
    nearest = float("inf")
    for ring in (ring for polygon in polygons for ring in polygon):
        plane = [((x - point[0]) * SHRINK, y - point[1]) for x, y in ring]
        for (x, y), (next_x, next_y) in pairwise(plane):
            dx, dy = next_x - x, next_y - y
            if (y > 0) != (next_y > 0) and x - y * dx / dy > 0:
                inside = not inside
            square = dx * dx + dy * dy
            along = min(1.0, max(0.0, -(x * dx + y * dy) / square)) if square else 0.0
            nearest = min(nearest, hypot(x + along * dx, y + along * dy))
    return nearest * KM_PER_DEGREE if inside else 0.0
