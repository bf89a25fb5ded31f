"""Points: coordinates in degrees, distances in metres on the spheroid."""

from typing import Any

from geoalchemy2 import Geography
from sqlalchemy import Double, func
from sqlalchemy.sql.elements import ColumnElement

from models.errors import InputError

SRID = 4326


def latitude(point: ColumnElement[Any]) -> ColumnElement[float]:
    """Degrees north."""
    return func.ST_Y(point, type_=Double())


def longitude(point: ColumnElement[Any]) -> ColumnElement[float]:
    """Degrees east."""
    return func.ST_X(point, type_=Double())


def checked(degrees: float, limit: int, field: str) -> float:
    """A coordinate within its range, or an error that says so."""
    if not -limit <= degrees <= limit:
        raise InputError(field, f"must be between -{limit} and {limit} degrees")
    return degrees


def point(given: Any) -> ColumnElement[Any]:
    """The geometry of a point input with `latitude` and `longitude`."""
    north, east = given.latitude, given.longitude
    return func.ST_SetSRID(
        func.ST_MakePoint(
            east.map(lambda value: checked(value, 180, east.name)),
            north.map(lambda value: checked(value, 90, north.name)),
        ),
        SRID,
    )


def distance(of: ColumnElement[Any], to: ColumnElement[Any]) -> ColumnElement[float]:
    """Metres between two points."""
    return func.ST_Distance(geography(of), geography(to), type_=Double())


def within_metres(of: ColumnElement[Any], to: ColumnElement[Any], metres: Any) -> ColumnElement[bool]:
    """True at most so many metres away; served by the index on the geography."""
    return func.ST_DWithin(geography(of), geography(to), metres)


def geography(geometry: ColumnElement[Any]) -> ColumnElement[Any]:
    """The same place on the spheroid; as indexed, so the spelling matters."""
    return func.geography(geometry, type_=Geography(srid=SRID))
