"""Entries: what an input says of an organization, held against what there is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ARRAY, Text, any_, delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from gis import points
from models.areas import Area
from models.organizations import OrganizationKind, OrganizationService, OrganizationSphere
from models.services import Service, Sphere
from resolvers.problems import InvalidInput, Unknown
from resolvers.texts import check_text

MAXIMUM_TEXT = 500
MAXIMUM_CODES = 1_000


@dataclass(frozen=True)
class Said:
    """What an input says of an organization. What is not told of is not there, and stays as it is.

    `names` and `address` are texts by the suffix of their language, null for one that is to vanish.
    `more` can have `kind`, `area` (codes), `location` (degrees north, east), `registration`,
    `spheres` and `services` (lists of codes); the area and the location may be null.
    """

    names: Mapping[str, str | None] = field(default_factory=dict)
    address: Mapping[str, str | None] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """The same as columns of a row, and as ids of spheres and services where they are told of."""

    columns: dict[str, Any]
    sphere_ids: list[int] | None
    service_ids: list[int] | None


async def read(connection: AsyncConnection, said: Said) -> Entry:
    """What is said, in the register's own terms; refuses what cannot be."""
    columns: dict[str, Any] = {f"name_{language}": text for language, text in said.names.items()}
    columns |= {f"address_{language}": text for language, text in said.address.items()}
    _check_texts(said.names, "names")
    _check_texts(said.address, "address")
    more = said.more
    if "registration" in more:
        columns["registration"] = more["registration"]
    if "kind" in more:
        columns["kind_id"] = await _id_of(connection, OrganizationKind, more["kind"], "kind")
    if "area" in more:
        columns["area_id"] = more["area"] and await _id_of(connection, Area, more["area"], "area")
    if "location" in more:
        columns["location"] = more["location"] and _point(*more["location"])
    spheres = await _ids_of(connection, Sphere, more["spheres"], "spheres") if "spheres" in more else None
    services = await _ids_of(connection, Service, more["services"], "services") if "services" in more else None
    return Entry(columns, spheres, services)


def check_named(entry: Entry) -> None:
    """Refuse a new entry without any name."""
    if not any(value for name, value in entry.columns.items() if name.startswith("name_")):
        raise InvalidInput("NAME_MISSING", "A name in one language at least is needed.", "input", "names")


async def keep_lists(connection: AsyncConnection, organization_id: int, entry: Entry) -> None:
    """Let an organization work in an entry's spheres and render its services, where it tells of them."""
    lists = (
        (OrganizationSphere, "sphere_id", entry.sphere_ids),
        (OrganizationService, "service_id", entry.service_ids),
    )
    for table, column, ids in lists:
        if ids is not None:
            await connection.execute(delete(table).filter_by(organization_id=organization_id))
        if ids:
            rows = [{"organization_id": organization_id, column: id_} for id_ in ids]
            await connection.execute(insert(table), rows)


def _check_texts(texts: Mapping[str, str | None], field: str) -> None:
    for language, text in texts.items():
        check_text(text, MAXIMUM_TEXT, field, language)
        if text is not None and not text.strip():
            raise InvalidInput("TEXT_BLANK", "The text is blank: null takes it away.", "input", field, language)


def _point(north: float, east: float) -> Any:
    for degrees, limit, name in ((north, 90, "latitude"), (east, 180, "longitude")):
        if not -limit <= degrees <= limit:
            message = f"Degrees are between -{limit} and {limit}."
            raise InvalidInput("DEGREES_OUT_OF_RANGE", message, "input", "location", name)
    return func.ST_SetSRID(func.ST_MakePoint(east, north), points.SRID)


async def _id_of(connection: AsyncConnection, table: Any, code: str, *path: str | int) -> int:
    """The id that a code stands for; refuses an unknown one."""
    check_text(code, MAXIMUM_TEXT, *path)
    found: int | None = (await connection.execute(select(table.id).where(table.code == code))).scalar_one_or_none()
    if found is None:
        raise _unknown(table, *path)
    return found


async def _ids_of(connection: AsyncConnection, table: Any, codes: list[str], field: str) -> list[int]:
    """The ids that codes stand for, each once; refuses the first unknown one."""
    if len(codes) > MAXIMUM_CODES:
        raise InvalidInput("TOO_MANY_CODES", f"At most {MAXIMUM_CODES} codes.", "input", field)
    for place, code in enumerate(codes):
        check_text(code, MAXIMUM_TEXT, field, place)
    query = select(table.code, table.id).where(table.code == any_(literal(codes, ARRAY(Text()))))
    known: dict[str, int] = dict((await connection.execute(query)).all())
    for place, code in enumerate(codes):
        if code not in known:
            raise _unknown(table, field, place)
    return sorted(known.values())


def _unknown(table: Any, *path: str | int) -> Unknown:
    what = table.__tablename__.removeprefix("organization_")
    return Unknown(f"{what.upper()}_UNKNOWN", f"There is no such {what}.", "input", *path)
