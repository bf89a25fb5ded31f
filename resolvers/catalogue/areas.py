"""Areas: the territory's tree."""

from typing import Any

from sqlalchemy import FromClause, select
from sqlalchemy.sql.elements import ColumnElement

from engine.meanings.arguments import Arguments
from engine.meanings.fields import Order, Rows
from gis import points, shapes
from models.areas import Area
from models.errors import InputError
from models.trees import below
from resolvers import codes
from resolvers.columns import own
from resolvers.languages import in_language

code = own("code")


def parent(area: FromClause, a: Arguments) -> Rows:
    row = Area.__table__.alias()
    return Rows(row, where=(row.c.id == area.c.parent_id,))


def stands_in(o: FromClause, area: FromClause) -> ColumnElement[bool]:
    """True for organizations in an area or anywhere below it."""
    place = Area.__table__.alias()
    return o.c.area_id.in_(select(place.c.id).where(below(place.c.path, area.c.path)).correlate(area))


def boundary(area: FromClause, a: Arguments) -> ColumnElement[Any]:
    return shapes.geojson(area.c.boundary, a.tolerance_meters)


def listed(_: None, a: Arguments) -> Rows:
    """The areas directly below a parent, or the roots."""
    row = Area.__table__.alias()
    where = row.c.parent_id.is_(None) if a.parent is None else codes.among(row.c.parent_id, Area, a.parent)
    order = (Order(in_language(row, "name", a.shape.language)), Order(row.c.id))
    return Rows(row, where=(where,), order=order)


def one(_: None, a: Arguments) -> Rows:
    """By code, or the smallest area that covers a point."""
    row = Area.__table__.alias()
    if (a.code is None) == (a.at is None):
        raise InputError("area", "takes exactly one of code and at")
    if a.code is not None:
        return Rows(row, where=(row.c.code == a.code,))
    covers = shapes.covers(row.c.boundary, points.point(a.at))
    return Rows(row, where=(covers,), order=(Order(shapes.size(row.c.boundary)), Order(row.c.id)))
