"""Bounding boxes in degrees; one whose west is greater than its east crosses the antimeridian."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Double, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from gis.points import checked
from models.errors import InputError

SIDES = ("west", "south", "east", "north")


def inside(coordinates: ColumnElement[Any], box: Any) -> ColumnElement[bool]:
    """True for points of the plane in a box input, its edges included.

    They are compared exactly, by the index as well; that of geometries compares float32 boxes.
    """
    if box.holds(is_whole):
        return _in_part(coordinates, box, 0)
    return or_(_in_part(coordinates, box, 0), _in_part(coordinates, box, 1))


def is_whole(given: Mapping[str, float]) -> bool:
    """Whether a box does not cross the antimeridian."""
    return given["west"] < given["east"]


def _in_part(coordinates: ColumnElement[Any], box: Any, number: int) -> ColumnElement[bool]:
    """In one of the two parts of a box: without the antimeridian both are the whole."""
    name = box.name
    west, south, east, north = (
        box.map(lambda given, side=side: halves(given, name)[number][side], Double()) for side in range(len(SIDES))
    )
    # A subquery is worked out once, where the function alone would be for each row.
    whole = select(func.box(func.point(west, south), func.point(east, north))).scalar_subquery()
    return coordinates.bool_op("<@")(whole)


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
