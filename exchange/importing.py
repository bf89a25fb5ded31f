"""Importing a file: everything right goes in, what is wrong is told, all in one transaction."""

from dataclasses import dataclass
from pathlib import Path

import psycopg

from exchange import rejects as rejects_file
from exchange import staging, trail
from exchange.errors import BrokenFile
from exchange.features import Features
from exchange.formats import is_geojson
from exchange.kinds import kind_of
from exchange.kinds.kind import Kind
from exchange.load import Load
from exchange.progress import Nobody, Watcher
from exchange.sheets import Sheet
from exchange.staging import Source
from models import locks, recount
from models.database import conninfo_for
from models.errors import InputError


@dataclass(frozen=True)
class ImportReport:
    """How many rows there were, and what became of them."""

    read: int
    inserted: int
    updated: int
    unchanged: int
    rejected: int


def import_file(
    url: str, kind: str, path: Path, rejects: Path | None = None, progress: Watcher | None = None
) -> ImportReport:
    """Take a CSV or GeoJSON file into the database; `BrokenFile` if it cannot be read as one.

    Wrong rows are written to `rejects`, which is made only if there are any.
    """
    if rejects and rejects.resolve() == path.resolve():
        raise InputError("rejects", "is the file itself")
    with psycopg.connect(conninfo_for(url, "portal-import")) as connection:
        connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [locks.IMPORT])
        definition = kind_of(kind, connection)
        try:
            report = _run(Load(connection), definition, _open(path, definition), rejects, progress or Nobody())
            if report.inserted or report.updated:
                counts = {"inserted": report.inserted, "updated": report.updated, "rejected": report.rejected}
                trail.record(connection, definition, path, counts)
        except (psycopg.IntegrityError, psycopg.DataError) as error:
            raise BrokenFile(f"the database refuses it: {error.diag.message_primary}") from error
    return report


def _run(load: Load, kind: Kind, source: Source, rejects: Path | None, watcher: Watcher) -> ImportReport:
    with watcher.step(f"Reading {kind.name}", source.size) as advance:
        read = staging.stage(load, kind, source, advance)
    with watcher.step("Checking"):
        staging.compare(load, kind)
        staging.check(load, kind)
    report = ImportReport(read, *load.counts())
    if report.rejected and rejects:
        rejects_file.write(rejects, source, load.rejected())
    if report.inserted or report.updated:
        _save(load, kind, watcher)
    return report


def _save(load: Load, kind: Kind, watcher: Watcher) -> None:
    with watcher.step("Saving"):
        counts = kind.save(load.connection)
    if counts:
        with watcher.step("Recounting totals"):
            recount.rebuild(load.connection)


def _open(path: Path, kind: Kind) -> Source:
    try:
        if is_geojson(path, kind):
            return Features(path, [column.name for column in kind.columns], kind.geometry)
        return Sheet(path)
    except OSError as error:
        raise BrokenFile(f"cannot be read: {error.strerror}") from error
