"""Organizations: their fields, their places in the trees, the lists of them."""

from typing import Any

from sqlalchemy import ARRAY, BigInteger, FromClause, func, select
from sqlalchemy.sql.elements import ColumnElement

from engine.meanings.arguments import Arguments
from engine.meanings.fields import Keys, Members, Order, Rows
from gis import points
from models.areas import Area
from models.errors import InputError
from models.hierarchies import Position
from models.organizations import (
    Organization,
    OrganizationKind,
    OrganizationService,
    OrganizationSphere,
)
from models.services import Service, Sphere
from models.trees import below, depth
from resolvers import codes
from resolvers.catalogue import areas
from resolvers.columns import own
from resolvers.languages import in_language, translated
from resolvers.organizations import orders
from resolvers.organizations.orders import OrganizationOrder
from resolvers.sets import filters
from resolvers.trees import tree

name = translated("name")
address = translated("address")

MAXIMUM_CODES = 1_000


code = own("code")
id_ = own("id")
registration = own("registration")
closed_on = own("closed_on")


def kind(o: FromClause, a: Arguments) -> Rows:
    row = OrganizationKind.__table__.alias()
    return Rows(row, where=(row.c.id == o.c.kind_id,))


def area(o: FromClause, a: Arguments) -> Rows:
    row = Area.__table__.alias()
    return Rows(row, where=(row.c.id == o.c.area_id,))


def location(o: FromClause, a: Arguments) -> Rows:
    return Rows(o, present=o.c.location)


def latitude(o: FromClause, a: Arguments) -> ColumnElement[float]:
    return points.latitude(o.c.location)


def longitude(o: FromClause, a: Arguments) -> ColumnElement[float]:
    return points.longitude(o.c.location)


def distance(o: FromClause, a: Arguments) -> ColumnElement[float]:
    return points.distance(o.c.location, points.point(a.from_))


def merged_into(o: FromClause, a: Arguments) -> Rows:
    row = Organization.__table__.alias()
    return Rows(row, where=(row.c.id == o.c.merged_into_id,))


def merged_from(o: FromClause, a: Arguments) -> Rows:
    """All that it has taken over, and what these had taken over before."""
    row = Organization.__table__.alias()
    return Rows(row, where=(row.c.merged_into_id == o.c.id,), order=(Order(row.c.code), Order(row.c.id)))


def spheres(o: FromClause, a: Arguments) -> Members:
    row, works = Sphere.__table__.alias(), OrganizationSphere.__table__.alias()
    own = select(works.c.sphere_id).where(works.c.organization_id == o.c.id).correlate(o)
    keys = func.array(own.scalar_subquery(), type_=ARRAY(BigInteger()))
    return Members(Rows(row, order=(Order(row.c.ordinal), Order(row.c.id))), keys)


def services(o: FromClause, a: Arguments) -> Rows:
    row, renders = Service.__table__.alias(), OrganizationService.__table__.alias()
    return Rows(
        row,
        joins=((renders, renders.c.service_id == row.c.id),),
        where=(renders.c.organization_id == o.c.id,),
        order=(Order(in_language(row, "name", a.shape.language)), Order(row.c.id)),
    )


def parent(o: FromClause, a: Arguments) -> Rows:
    row, place = Organization.__table__.alias(), Position.__table__.alias()
    return Rows(
        row,
        joins=((place, place.c.parent_id == row.c.id),),
        where=(place.c.organization_id == o.c.id, place.c.hierarchy == tree(a)),
    )


def ancestors(o: FromClause, a: Arguments) -> Rows:
    """From the root down to the parent: the organizations on the path to this one."""
    row, place, own = (
        Organization.__table__.alias(),
        Position.__table__.alias(),
        Position.__table__.alias(),
    )
    on_the_way = (place.c.hierarchy == own.c.hierarchy) & below(own.c.path, place.c.path)
    return Rows(
        row,
        joins=((place, place.c.organization_id == row.c.id), (own, on_the_way)),
        where=(
            own.c.organization_id == o.c.id,
            own.c.hierarchy == tree(a),
            place.c.organization_id != o.c.id,
        ),
        order=(Order(depth(place.c.path)), Order(row.c.id)),
    )


def children(o: FromClause, a: Arguments) -> Rows:
    """Directly below this organization in a hierarchy."""
    row, place = Organization.__table__.alias(), Position.__table__.alias()
    rows = listed(
        row,
        a,
        joins=((place, place.c.organization_id == row.c.id),),
        where=(place.c.hierarchy == tree(a), place.c.parent_id == o.c.id),
    )
    # The names stand beside the places as they are shown, where an index has them in order.
    shown = place.c[f"name_{a.shape.language.value.lower()}"]
    return orders.by(rows, shown) if orders.asked(a) is OrganizationOrder.NAME else rows


def subordinates(o: FromClause, a: Arguments) -> Rows:
    """Below this organization in a hierarchy, at any depth."""
    row = Organization.__table__.alias()
    place, top = Position.__table__.alias(), Position.__table__.alias()
    under = (place.c.hierarchy == top.c.hierarchy) & below(place.c.path, top.c.path)
    return listed(
        row,
        a,
        joins=((place, place.c.organization_id == row.c.id), (top, under)),
        where=(
            top.c.organization_id == o.c.id,
            top.c.hierarchy == tree(a),
            place.c.organization_id != o.c.id,
        ),
    )


def of_area(area: FromClause, a: Arguments) -> Rows:
    """In an area or anywhere below it."""
    row = Organization.__table__.alias()
    return listed(row, a, where=(areas.stands_in(row, area),))


def listed(row: FromClause, a: Arguments, **picked: Any) -> Rows:
    """Organizations picked by their place, then by the filter, in the order asked for."""
    where = (*picked.pop("where", ()), *filters.conditions(row, a.filter, but=orders.picked(a)))
    return orders.ordered(Rows(row, where=where, **picked), a)


def everywhere(_: None, a: Arguments) -> Rows:
    """The root list of organizations."""
    return listed(Organization.__table__.alias(), a)


def one(_: None, a: Arguments) -> Rows:
    row = Organization.__table__.alias()
    return Rows(row, where=(codes.referred(row, a.by, "Organization"),))


def by_code(a: Arguments) -> Keys:
    def check(wanted: list[str]) -> list[str]:
        if len(wanted) > MAXIMUM_CODES:
            raise InputError("codes", f"has more than {MAXIMUM_CODES} codes")
        return wanted

    return Keys("Organization", "id", a.codes.map(check), codes.organizations_known_as)
