"""Which organizations: OrganizationFilter as SQL conditions, joined by AND."""

from typing import Any

from sqlalchemy import ARRAY, BigInteger, FromClause, Integer, and_, any_, cast, func, literal, not_, or_, select
from sqlalchemy.sql.elements import ColumnElement
from strawberry.utils.str_converters import to_camel_case

from gis import boxes, points
from models.areas import Area
from models.clock import today
from models.errors import InputError
from models.hierarchies import Hierarchy, Position
from models.organizations import (
    OrganizationKind,
    OrganizationService,
    OrganizationSphere,
)
from models.services import Category, Service, Sphere
from models.totals import Pool, Total
from models.trees import below, depth
from resolvers import codes
from resolvers.sets import search

MAXIMUM_CODES = 1_000


def is_open(o: FromClause) -> ColumnElement[bool]:
    """True for organizations that are not closed today."""
    return or_(o.c.closed_on.is_(None), o.c.closed_on > today())


def conditions(o: FromClause, given: Any, *, but: str | None = None) -> tuple[ColumnElement[bool], ...]:
    """What an OrganizationFilter (or none) asks of an organization's row, `but` for one of its fields."""
    if given is None:
        return (is_open(o),)
    return _closed(o, closed=given.closed), *picked(o, given, but=but)


def picked(o: FromClause, given: Any, *, but: str | None = None) -> tuple[ColumnElement[bool], ...]:
    """The same whether it is open or closed."""
    if given.max_depth is not None and given.subordinate_to is None:
        raise InputError(f"{given.name}.maxDepth", "goes with subordinateTo")
    ids = coded(given)
    return (
        *(each.is_not(None) for each in ids.values()),
        *(CODED[name](o, each) for name, each in ids.items() if name != but),
        *(meaning(o, given) for name, meaning in CONDITIONS.items() if name != but and _is_given(given, name)),
    )


def coded(given: Any) -> dict[str, ColumnElement[Any]]:
    """The ids that each given list of codes means; the database refuses an unknown code."""
    return {name: codes.ids_of(table, getattr(given, name)) for name, table in TABLES.items() if _is_given(given, name)}


def asks(given: Any) -> bool:
    """Whether there is any condition but that of being open."""
    return given is not None and any(_is_given(given, name) for name in NAMES)


def asks_only_of_spheres(given: Any) -> bool:
    """Whether the organizations that are asked for are open ones of spheres, perhaps in areas, and nothing else."""
    if given is None or given.closed is not False or not _is_given(given, "spheres"):
        return False
    return not any(_is_given(given, name) for name in NAMES if name not in BESIDE_SPHERES)


def refuse_closed_beside_edition(given: Any) -> None:
    """An edition tells of those that were open when it was published, whatever has become of them."""
    if given is not None and given.closed is not False:
        reason = "does not go with slice.edition, which tells of all that were open when it was published"
        raise InputError(f"{given.name}.closed", reason)


def refuse_beside_edition(given: Any) -> None:
    """A summary that is frozen is of all that were open: its raters cannot be told apart by organizations."""
    refuse_closed_beside_edition(given)
    for name in NAMES:
        if given is not None and _is_given(given, name):
            reason = "does not go with slice.edition, whose summary is of all that were open when it was published"
            raise InputError(f"{given.name}.{to_camel_case(name)}", reason)


def _is_given(given: Any, name: str) -> bool:
    return getattr(given, name) is not None


def _closed(o: FromClause, *, closed: bool | None) -> ColumnElement[bool]:
    """What was merged is no organization any more, not even a closed one."""
    if closed is False:
        return is_open(o)
    merged = o.c.merged_into_id.is_not(None)
    return not_(merged) if closed is None else not_(or_(merged, is_open(o)))


def _text(o: FromClause, given: Any) -> ColumnElement[bool]:
    found = search.organizations(given.text)
    return o.c.id == any_(func.array(select(found.c.id).scalar_subquery(), type_=ARRAY(BigInteger())))


def _codes(o: FromClause, given: Any) -> ColumnElement[bool]:
    name = given.codes.name

    def check(wanted: list[str]) -> list[str]:
        if len(wanted) > MAXIMUM_CODES:
            raise InputError(name, f"has more than {MAXIMUM_CODES} codes")
        return wanted

    meant = select(func.organizations_known_as(given.codes.map(check))).scalar_subquery()
    return o.c.id == any_(cast(meant, ARRAY(BigInteger())))


def _kinds(o: FromClause, ids: ColumnElement[Any]) -> ColumnElement[bool]:
    return codes.one_of(o.c.kind_id, ids)


def _spheres(o: FromClause, ids: ColumnElement[Any]) -> ColumnElement[bool]:
    works = OrganizationSphere.__table__.alias()
    return (
        select(works.c.sphere_id)
        .where(works.c.organization_id == o.c.id, codes.one_of(works.c.sphere_id, ids))
        .correlate(o)
        .exists()
    )


def _categories(o: FromClause, ids: ColumnElement[Any]) -> ColumnElement[bool]:
    renders, service = OrganizationService.__table__.alias(), Service.__table__.alias()
    return (
        select(renders.c.service_id)
        .join_from(renders, service, service.c.id == renders.c.service_id)
        .where(renders.c.organization_id == o.c.id, codes.one_of(service.c.category_id, ids))
        .correlate(o)
        .exists()
    )


def _services(o: FromClause, ids: ColumnElement[Any]) -> ColumnElement[bool]:
    renders = OrganizationService.__table__.alias()
    return (
        select(renders.c.service_id)
        .where(renders.c.organization_id == o.c.id, codes.one_of(renders.c.service_id, ids))
        .correlate(o)
        .exists()
    )


def _areas(o: FromClause, ids: ColumnElement[Any]) -> ColumnElement[bool]:
    area, root = Area.__table__.alias(), Area.__table__.alias()
    below_them = and_(below(area.c.path, root.c.path), codes.one_of(root.c.id, ids))
    return o.c.area_id.in_(select(area.c.id).join_from(root, area, below_them))


def _subordinate_to(o: FromClause, given: Any) -> ColumnElement[bool]:
    """Below the referred organization, itself excluded, at most `maxDepth` levels down."""
    hierarchy = given.hierarchy or Hierarchy.SUBORDINATION
    place, top = Position.__table__.alias(), _path(given, hierarchy)
    found = [
        place.c.organization_id == o.c.id,
        place.c.hierarchy == hierarchy,
        below(place.c.path, top),
        depth(place.c.path) > depth(top),
    ]
    if given.max_depth is not None:
        levels = given.max_depth.map(_checked_depth(given.max_depth.name), Integer())
        found.append(depth(place.c.path) <= depth(top) + levels.sql)
    return select(place.c.organization_id).where(*found).correlate(o).exists()


def _path(given: Any, hierarchy: Hierarchy) -> ColumnElement[str]:
    """The path of the referred organization; the database refuses a reference to nothing."""
    place = Position.__table__.alias()
    known = func.known(codes.meant(given.subordinate_to), literal(f"{given.name}.subordinateTo"))
    return (
        select(place.c.path).where(place.c.hierarchy == hierarchy, place.c.organization_id == known).scalar_subquery()
    )


def _checked_depth(field: str) -> Any:
    def check(value: int) -> int:
        if not 1 <= value <= 100:
            raise InputError(field, "must be between 1 and 100")
        return value

    return check


def _within(o: FromClause, given: Any) -> ColumnElement[bool]:
    return boxes.inside(o.c.coordinates, given.within)


def _near(o: FromClause, given: Any) -> ColumnElement[bool]:
    near = given.near
    if near.radius_meters is None:
        return o.c.location.is_not(None)
    metres = near.radius_meters.map(_checked_radius(near.radius_meters.name))
    return points.within_metres(o.c.location, points.point(near.point), metres)


def _checked_radius(field: str) -> Any:
    def check(value: float) -> float:
        if not 0 < value <= 20_040_000:
            raise InputError(field, "must be above 0 and at most half round the Earth (metres)")
        return value

    return check


def _rated(o: FromClause, given: Any) -> ColumnElement[bool]:
    total = Total.__table__.alias()
    counted = (
        select(total.c.organization_id)
        .where(total.c.organization_id == o.c.id, total.c.pool == Pool.OWN, total.c.submissions > 0)
        .correlate(o)
        .exists()
    )
    return counted if given.rated else not_(counted)


# Lists of codes, each looked up before anything else, so that a wrong one is never silent.
TABLES = {
    "kinds": OrganizationKind,
    "spheres": Sphere,
    "categories": Category,
    "services": Service,
    "areas": Area,
}
CODED = {
    "kinds": _kinds,
    "spheres": _spheres,
    "categories": _categories,
    "services": _services,
    "areas": _areas,
}

# What rows beside spheres tell of.
BESIDE_SPHERES = {"spheres", "areas"}

CONDITIONS = {
    "text": _text,
    "codes": _codes,
    "subordinate_to": _subordinate_to,
    "within": _within,
    "near": _near,
    "rated": _rated,
}

NAMES = (*CODED, *CONDITIONS, "max_depth")
