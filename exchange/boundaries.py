"""Boundaries of areas as RFC 7946 geometry: [longitude, latitude] in degrees, WGS 84."""

import json
from collections.abc import Callable

from exchange.values import LATITUDE, LONGITUDE, ValueType


def _read(cell: str) -> str:
    """A Polygon or MultiPolygon as EWKT; a Polygon becomes a MultiPolygon of one."""
    try:
        geometry = json.loads(cell)
    except (ValueError, RecursionError):
        raise ValueError("is not a JSON object") from None
    if not isinstance(geometry, dict) or geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        raise ValueError("is neither a Polygon nor a MultiPolygon")
    coordinates = geometry.get("coordinates")
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    return "SRID=4326;MULTIPOLYGON" + _nested(polygons, _polygon)


def _polygon(polygon: object) -> str:
    return _nested(polygon, _ring)


def _ring(ring: object) -> str:
    written = _nested(ring, _position)
    match ring:
        case [first, _, _, *_, last] if first == last:
            return written
    raise ValueError("has a ring that is not closed")


def _position(position: object) -> str:
    match position:
        case [int() | float() as longitude, int() | float() as latitude]:
            return f"{LONGITUDE.read(repr(longitude))} {LATITUDE.read(repr(latitude))}"
    raise ValueError("has a position that is not [longitude, latitude]")


def _nested(parts: object, write: Callable[[object], str]) -> str:
    if not isinstance(parts, list) or not parts:
        raise ValueError("has no coordinates where they are needed")
    return "(" + ",".join(write(part) for part in parts) + ")"


# 17 decimals are more than a double holds, so what is read again is the same boundary.
BOUNDARY = ValueType("geometry(MultiPolygon, 4326)", _read, "ST_AsGeoJSON({}, 17)")
