"""Bounding boxes in degrees; one whose west is greater than its east crosses the antimeridian."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Double, and_, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from gis.points import SRID, checked, latitude, longitude
from models.errors import InputError

SIDES = ("west", "south", "east", "north")


def inside(point: ColumnElement[Any], box: Any) -> ColumnElement[bool]:
    """True for points in a box input, its edges included.

    `&&` finds candidates by the index but compares float32 boxes; the coordinates are compared exactly.
    """
    if box.holds(is_whole):
        return _in_part(point, box, 0)
    return or_(_in_part(point, box, 0), _in_part(point, box, 1))


def is_whole(given: Mapping[str, float]) -> bool:
    """Whether a box does not cross the antimeridian."""
    return given["west"] < given["east"]


def _in_part(point: ColumnElement[Any], box: Any, number: int) -> ColumnElement[bool]:
    """In one of the two parts of a box: without the antimeridian both are the whole."""
    west, south, east, north = (
        box.map(lambda given, side=side: halves(given, box.name)[number][side], Double()) for side in range(len(SIDES))
    )
    # A subquery is worked out once, where the function alone would be for each row.
    envelope = select(func.ST_MakeEnvelope(west, south, east, north, SRID)).scalar_subquery()
    return and_(
        point.bool_op("&&")(envelope),
        longitude(point).between(west, east),
        latitude(point).between(south, north),
    )


def halves(given: dict[str, float], field: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """West, south, east and north of the parts on either side of the antimeridian.

    Refuses coordinates out of range, south at or above north, and a box without an area.
    """
    limits = (180, 90, 180, 90)
    west, south, east, north = (
        checked(given[side], limit, f"{field}.{side}") for side, limit in zip(SIDES, limits, strict=True)
    )
    if south >= north:
        raise InputError(f"{field}.south", "must be less than north")
    if west == east:
        raise InputError(f"{field}.west", "must differ from east: the box has no area")
    if west < east:
        whole = (west, south, east, north)
        return whole, whole
    return (west, south, 180.0, north), (-180.0, south, east, north)
