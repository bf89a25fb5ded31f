"""Exporting: the same files that importing takes, so that what goes out comes back in exactly."""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson
import psycopg

from exchange.columns import Column
from exchange.formats import is_geojson
from exchange.kinds import kind_of
from exchange.kinds.kind import Kind
from exchange.progress import Nobody, Watcher
from exchange.trail import record_export
from exchange.values import CODES
from exchange.whole_file import whole_file
from models.database import conninfo_for


def export(url: str, kind: str, path: Path, progress: Watcher | None = None) -> None:
    """Write everything of a kind into a CSV or GeoJSON file, in a fixed order, as of one moment.

    The trail is told of it first: without that, nothing is read.
    """
    with psycopg.connect(conninfo_for(url, "portal-export")) as connection:
        definition = kind_of(kind, connection)
        record_export(connection, definition)
        connection.commit()
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        pieces = _features if is_geojson(path, definition) else _lines
        with (progress or Nobody()).step(f"Writing {kind}"), whole_file(path) as file:
            file.writelines(pieces(connection, definition))


def _lines(connection: psycopg.Connection, kind: Kind) -> Iterator[str]:
    """CSV as PostgreSQL writes it. The header is written here: identifiers there are too short for some."""
    columns = (*kind.columns, *kind.optional)
    header = io.StringIO()
    csv.writer(header, lineterminator="\n").writerow(column.name for column in columns)
    yield header.getvalue()
    # A block is a row, so no character is cut in two.
    with connection.cursor().copy(f"COPY ({_query(kind, map(_shown, columns))}) TO STDOUT (FORMAT csv)") as copy:
        for block in copy:
            yield bytes(block).decode()


def _features(connection: psycopg.Connection, kind: Kind) -> Iterator[str]:
    """One feature a line, so that a line number says which one is meant."""
    columns = (*kind.columns, *kind.optional)
    names = [column.name for column in columns]
    values = (column.sql if column.type is CODES else _shown(column) for column in columns)
    separator = ""
    yield '{"type":"FeatureCollection","features":['
    for row in connection.execute(_query(kind, values)):
        properties = dict(zip(names, row, strict=True))
        geometry = _geometry([properties.pop(name) for name in kind.geometry])
        feature = {"type": "Feature", "properties": properties, "geometry": geometry}
        yield separator + "\n" + orjson.dumps(feature).decode()
        separator = ","
    yield "\n]}\n"


def _geometry(cells: list[str | None]) -> object:
    match cells:
        case [str() as longitude, str() as latitude]:
            return {"type": "Point", "coordinates": [float(longitude), float(latitude)]}
        case [str() as geometry]:
            return orjson.Fragment(geometry)
    return None


def _query(kind: Kind, values: Iterable[str]) -> str:
    return f"SELECT {', '.join(values)} FROM ({kind.current}) AS current ORDER BY {kind.order}"


def _shown(column: Column) -> str:
    return column.type.shown.format(column.sql)
