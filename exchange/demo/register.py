"""The demo's register: who exists, what it is called, under whom it stands in both trees."""

from collections import Counter
from itertools import accumulate
from random import Random
from typing import Required, TypedDict, Unpack

from exchange.demo.catalogue import Catalogue, Category, Ministry, Sphere
from exchange.demo.data import rows
from exchange.demo.names import Name, each, filled
from exchange.demo.organizations import ALWAYS, Lifetime, Organization, Site
from exchange.demo.territory import TOWN_FROM, Area, District, Place, Region, Territory

GOVERNMENT = Name("Савет Міністраў", "Совет Министров", "Council of Ministers")
REGION = Name("{} абласны выканаўчы камітэт", "{} областной исполнительный комитет", "{} Regional Executive Committee")
DISTRICT = Name("{} раённы выканаўчы камітэт", "{} районный исполнительный комитет", "{} District Executive Committee")
CAPITAL = Name("{} гарадскі выканаўчы камітэт", "{} городской исполнительный комитет", "{} City Executive Committee")
QUARTERS = Name(
    "Адміністрацыя раёнаў, горад Мінск", "Администрация районов, город Минск", "Minsk District Administration"
)
NUMBERED = Name("{} № {} {}", "{} № {} {}", "{} No. {}, {}")
PLAIN = Name("{} {}", "{} {}", "{}, {}")
TRADING = Name("{} «{}»", "{} «{}»", "{} “{}”")
UNIT = Name("{} № {}: {}", "{} № {}: {}", "{} No. {}: {}")

UNIT_SHARE = 0.25
LATE_SHARE = 0.12
# Counted, not drawn, so that even a small country has one.
ONE_IN_VOLUNTARY = 3
ONE_IN_CLOSED = 100


class Standing(TypedDict, total=False):
    """What an organization does and under whom it stands; what is left out has the class's default."""

    area: Required[Area]
    life: Lifetime
    spheres: tuple[Sphere, ...]
    services: tuple[int, ...]
    parent: Organization | None
    overseer: Organization | None
    overseen: bool
    voluntary: bool


class Register:
    """Exactly `size` organizations. Authorities come into being with the first below them."""

    def __init__(self, size: int, territory: Territory, catalogue: Catalogue, random: Random) -> None:
        self.organizations: list[Organization] = []
        self._catalogue, self._random = catalogue, random
        self._words = [Name(row["be"], row["ru"], row["en"]) for row in rows("words")]
        self._known: dict[str, Organization] = {}
        self._numbers: Counter[object] = Counter()
        # Authorities of a territory carry out administrative procedures.
        self._procedures = catalogue.of_sphere("ONESTOP")[0]
        self._minsk = next(region for region in territory.regions if region.city).capital
        self._fill(size, settled(territory, size))

    def _fill(self, size: int, districts: list[District]) -> None:
        """Every sphere and district has somebody; others are where people are; units make the size exact."""
        spheres = self._catalogue.spheres
        for i in range(max(len(spheres), len(districts))):
            category = self._catalogue.of_sphere(spheres[i % len(spheres)].code)[0]
            self._facility(category, districts[i % len(districts)].capital)
        places = [place for district in districts for place in district.places]
        crowds = list(accumulate(place.population**0.9 for place in places))
        weights = list(accumulate(category.weight for category in self._catalogue.categories))
        while len(self.organizations) < size - int(size * UNIT_SHARE):
            category = self._random.choices(self._catalogue.categories, cum_weights=weights)[0]
            self._facility(category, self._random.choices(places, cum_weights=crowds)[0])
        parents = [known for known in self.organizations if known.kind == "ORGANIZATION" and not known.life.closed]
        while len(self.organizations) < size:
            self._unit(self._random.choice(parents))

    def _add(self, code: str, kind: str, name: Name, place: Place, **standing: Unpack[Standing]) -> Organization:
        site = Site.near(place, self._random)
        added = Organization(len(self.organizations) + 1, code, kind, name, site, **standing)
        self.organizations.append(added)
        self._known[code] = added
        return added

    def _government(self) -> Organization:
        code = "BY-GOV"
        return self._known.get(code) or self._add(
            code,
            "GOVERNMENT",
            GOVERNMENT,
            self._minsk,
            area=self._minsk.district.region.area,
            overseen=False,
            spheres=(self._procedures.sphere,),
        )

    def _ministry(self, ministry: Ministry) -> Organization:
        code = f"BY-GOV-{ministry.code}"
        return self._known.get(code) or self._add(
            code,
            "MINISTRY",
            ministry.name,
            self._minsk,
            area=self._minsk.district.region.area,
            parent=self._government(),
            spheres=self._catalogue.of_ministry(ministry),
        )

    def _regional_authority(self, region: Region) -> Organization:
        code = f"{region.area.code}-EXEC"
        return self._known.get(code) or self._add(
            code,
            "REGIONAL_AUTHORITY",
            filled(CAPITAL if region.city else REGION, region.adjective),
            region.capital,
            area=region.area,
            parent=self._government(),
            overseen=False,
            spheres=(self._procedures.sphere,),
            services=self._procedures.service_ids,
        )

    def _district_authority(self, district: District) -> Organization:
        code = f"{district.area.code}-EXEC"
        return self._known.get(code) or self._add(
            code,
            "DISTRICT_AUTHORITY",
            QUARTERS if district.city else filled(DISTRICT, district.adjective),
            district.capital,
            area=district.area,
            parent=self._regional_authority(district.region),
            overseen=False,
            spheres=(self._procedures.sphere,),
            services=self._procedures.service_ids,
        )

    def _body(self, ministry: Ministry, region: Region) -> Organization:
        """A branch's regional body belongs to the region where the branch is run locally."""
        code = f"{region.area.code}-{ministry.code}"
        if code in self._known:
            return self._known[code]
        spheres = self._catalogue.of_ministry(ministry)
        overseer = self._ministry(ministry)
        local = any(sphere.local for sphere in spheres)
        return self._add(
            code,
            "BRANCH_BODY",
            each("{}, {}".format, ministry.body, region.area.name),
            region.capital,
            area=region.area,
            parent=self._regional_authority(region) if local else overseer,
            overseer=overseer,
            spheres=spheres,
        )

    def _facility(self, category: Category, place: Place) -> Organization:
        sphere, district = category.sphere, place.district
        overseer = self._body(sphere.ministry, district.region)
        voluntary = sphere.group.private and self._next("private") % ONE_IN_VOLUNTARY == 1
        return self._add(
            f"{district.area.code}-{category.code}-{self._next(district.area.id, category.id)}",
            "ORGANIZATION",
            self._facility_name(category, place, voluntary=voluntary),
            place,
            area=place.area,
            life=self._lifetime(),
            spheres=(sphere,),
            services=self._services(category),
            parent=self._district_authority(district) if sphere.local else overseer,
            overseer=overseer,
            voluntary=voluntary,
        )

    def _facility_name(self, category: Category, place: Place, *, voluntary: bool) -> Name:
        """Town organizations are numbered, a village's first one is simply the one there."""
        number = self._next(category.type, place.title)
        type_ = filled(TRADING, category.type, self._random.choice(self._words)) if voluntary else category.type
        if number == 1 and place.population < TOWN_FROM:
            name = filled(PLAIN, type_, place.title)
        else:
            name = filled(NUMBERED, type_, same(number), place.title)
        return name if voluntary else filled(category.sphere.group.form, name)

    def _unit(self, parent: Organization) -> Organization:
        group = parent.spheres[0].group
        type_ = self._random.choice(group.units)
        number = self._next(parent.id)
        return self._add(
            f"{parent.code}.{number}",
            "UNIT",
            filled(UNIT, type_, same(number), parent.name),
            parent.site.place,
            area=parent.area,
            life=parent.life,
            spheres=parent.spheres,
            services=tuple(sorted(self._random.sample(parent.services, 2))),
            parent=parent,
            overseer=parent,
        )

    def _services(self, category: Category) -> tuple[int, ...]:
        """All of its category's services, and now and then one of another category of the sphere."""
        if self._random.random() >= 0.2:
            return category.service_ids
        other = self._random.choice(self._catalogue.of_sphere(category.sphere.code))
        return tuple(dict.fromkeys((*category.service_ids, self._random.choice(other.service_ids))))

    def _lifetime(self) -> Lifetime:
        late = self._random.random() < LATE_SHARE
        life = ALWAYS.late(self._random) if late else ALWAYS.early(self._random)
        closes = self._next("lifetime") % ONE_IN_CLOSED == ONE_IN_CLOSED // 4
        return life.ended(self._random) if closes else life

    def _next(self, *key: object) -> int:
        self._numbers[key] += 1
        return self._numbers[key]


def same(number: int) -> Name:
    """A number reads alike in every language."""
    digits = str(number)
    return Name(digits, digits, digits)


def settled(territory: Territory, size: int) -> list[District]:
    """The districts of a country of that size: the largest of each region, then the next largest."""
    largest = [max(region.districts, key=_population) for region in territory.regions]
    others = sorted((known for known in territory.districts if known not in largest), key=_population, reverse=True)
    return [*largest, *others][: max(len(largest), size // 60)]


def _population(district: District) -> int:
    return district.population
