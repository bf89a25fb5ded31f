"""Polygons: which one covers a point, and as GeoJSON."""

from typing import Any

from sqlalchemy import Double, Float, case, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.elements import ColumnElement

from models.errors import InputError

# Metres in a degree of latitude; a tolerance need not be more exact than that.
METRES_PER_DEGREE = 111_320


def covers(polygon: ColumnElement[Any], point: ColumnElement[Any]) -> ColumnElement[bool]:
    """True for points inside a polygon or on its edge."""
    return func.ST_Covers(polygon, point)


def size(polygon: ColumnElement[Any]) -> ColumnElement[float]:
    """A measure to compare polygons by (square degrees)."""
    return func.ST_Area(polygon, type_=Double())


def geojson(polygon: ColumnElement[Any], tolerance_metres: Any) -> ColumnElement[Any]:
    """A polygon as an RFC 7946 geometry with 6 decimals, simplified where a tolerance is given."""
    if tolerance_metres is not None:
        degrees = tolerance_metres.map(_degrees(tolerance_metres.name), Float())
        polygon = func.ST_SimplifyPreserveTopology(polygon, degrees)
    # RFC 7946 wants outer rings counterclockwise.
    return case((polygon.is_not(None), func.ST_AsGeoJSON(func.ST_ForcePolygonCCW(polygon), 6).cast(JSONB)))


def _degrees(field: str) -> Any:
    def degrees(metres: float) -> float:
        if not 0 <= metres <= 1_000_000:
            raise InputError(field, "must be between 0 and 1000000 metres")
        return metres / METRES_PER_DEGREE

    return degrees
