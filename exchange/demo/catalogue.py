"""What is done in the demo country: ministries, spheres, categories, services, kinds."""

from dataclasses import dataclass

from exchange.demo.data import rows
from exchange.demo.names import Name, each


@dataclass(frozen=True)
class Ministry:
    """A ministry and what its bodies in the regions are called."""

    code: str
    name: Name
    body: Name


@dataclass(frozen=True)
class Group:
    """What spheres of one nature share: the legal form in a name, structural units."""

    form: Name
    units: tuple[Name, ...]
    services: tuple[tuple[str, Name], ...]
    private: bool


@dataclass(frozen=True)
class Sphere:
    """`local` ones are run by districts' authorities, others by their ministry's regional bodies."""

    id: int
    code: str
    name: Name
    ministry: Ministry
    local: bool
    group: Group


@dataclass(frozen=True)
class Service:
    """A service and its category's id."""

    id: int
    code: str
    category: int
    name: Name


@dataclass(frozen=True)
class Category:
    """A category; `type` names one organization of it, `weight` says how common they are."""

    id: int
    code: str
    sphere: Sphere
    ordinal: int
    name: Name
    type: Name
    weight: int
    services: tuple[Service, ...]

    @property
    def service_ids(self) -> tuple[int, ...]:
        """The ids of its services."""
        return tuple(service.id for service in self.services)


class Catalogue:
    """Everything that the catalogue's files say, with ids."""

    def __init__(self) -> None:
        self.kinds = {row["code"]: (i, Name.of(row)) for i, row in enumerate(rows("kinds"), 1)}
        self.ministries = {
            row["code"]: Ministry(row["code"], Name.of(row), Name.of(row, "body")) for row in rows("ministries")
        }
        self.groups = {row["code"]: _group(row) for row in rows("groups")}
        self.spheres = [self._sphere(i, row) for i, row in enumerate(rows("spheres"), 1)]
        self.services: list[Service] = []
        self.categories: list[Category] = []
        for row in rows("categories"):
            self._add_category(row)

    def of_sphere(self, code: str) -> list[Category]:
        """The categories of a sphere."""
        return [category for category in self.categories if category.sphere.code == code]

    def of_ministry(self, ministry: Ministry) -> tuple[Sphere, ...]:
        """The spheres that a ministry oversees."""
        return tuple(sphere for sphere in self.spheres if sphere.ministry is ministry)

    def _sphere(self, number: int, row: dict[str, str]) -> Sphere:
        ministry, group = self.ministries[row["ministry"]], self.groups[row["group"]]
        return Sphere(number, row["code"], Name.of(row), ministry, row["local"] == "1", group)

    def _add_category(self, row: dict[str, str]) -> None:
        sphere = next(sphere for sphere in self.spheres if sphere.code == row["sphere"])
        number, code, name = len(self.categories) + 1, f"{sphere.code}-{row['code']}", Name.of(row)
        services = tuple(
            Service(len(self.services) + i, f"{code}-{part}", number, each("{}: {}".format, action, each(_lower, name)))
            for i, (part, action) in enumerate(sphere.group.services, 1)
        )
        self.services.extend(services)
        ordinal = len(self.of_sphere(sphere.code)) + 1
        self.categories.append(
            Category(number, code, sphere, ordinal, name, Name.of(row, "type"), int(row["weight"]), services)
        )


def _group(row: dict[str, str]) -> Group:
    code = row["code"]
    units = tuple(Name.of(unit) for unit in rows("units") if unit["group"] == code)
    services = tuple((service["code"], Name.of(service)) for service in rows("services") if service["group"] == code)
    return Group(Name.of(row, "form"), units, services, private=code == "trade")


def _lower(name: str) -> str:
    return name[0].lower() + name[1:] if not name[1:2].isupper() else name
