"""`portal import`, `portal export`, `portal verify` and `portal recount`.

They end with 0 when all is well, with 1 when something was found that needs a person (rows
rejected, totals that differ), and with 2 when nothing could be done. What they work with is
imported where it is used: every command of the portal loads this file.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

if TYPE_CHECKING:
    from rich.table import Table

    from exchange.importing import ImportReport
    from exchange.verification import Verification

FOUND, REFUSED = 1, 2

# More differences than anybody reads; their number is told.
SHOWN = 50

Kind = Annotated[
    str, typer.Argument(metavar="KIND", help="What is in the file; a wrong word is answered with the right ones.")
]
File = Annotated[Path, typer.Argument(help="CSV, or GeoJSON if it is called so; docs/import.md describes both.")]
Database = Annotated[str, typer.Option(envvar="DATABASE_URL", help="The database, as a libpq URL.")]
Rejects = Annotated[Path | None, typer.Option(help="Where rejected rows go; by default beside the file.")]

_output = Console()
_errors = Console(stderr=True)


def import_file(kind: Kind, file: File, database: Database, rejects: Rejects = None) -> None:
    """Take a file in; rows that are wrong go to the rejects, a file that is broken changes nothing."""
    from exchange import importing
    from exchange.progress import on_terminal

    rejects = rejects or file.with_name(f"{file.stem}.rejects.csv")
    with _refusals(), on_terminal() as bars:
        report = importing.import_file(database, kind, file, rejects, bars)
    _output.print(_told(report))
    if report.rejected:
        _errors.print(f"{report.rejected} rows were rejected: {rejects} tells which and why.", style="yellow")
        raise typer.Exit(FOUND)


def export(kind: Kind, file: File, database: Database) -> None:
    """Write everything of a kind into a file that `portal import` takes."""
    from exchange import exporting
    from exchange.progress import on_terminal

    with _refusals(), on_terminal() as bars:
        exporting.export(database, kind, file, bars)


def verify(database: Database) -> None:
    """Recompute every total from the raw scores and tell whether each agrees."""
    from exchange import verification
    from exchange.progress import on_terminal

    with _refusals(), on_terminal() as bars:
        found = verification.verify(database, bars)
    if found.agrees:
        _output.print(f"All {found.totals} totals agree with the scores of {found.submissions} submissions.")
        return
    for table in _tables(found):
        if table.row_count:
            _output.print(table)
    _errors.print(f"{found.disagreements} of the numbers that were checked are wrong.", style="red")
    raise typer.Exit(FOUND)


def recount(database: Database) -> None:
    """Rebuild every total from the raw scores while the portal serves; who submits waits for some seconds."""
    from exchange import recounting
    from exchange.progress import on_terminal

    with _refusals(), on_terminal() as bars:
        corrected = recounting.rebuild(database, bars)
    _output.print(
        f"{corrected} rows of totals were wrong, and are right now." if corrected else "All totals were right."
    )


def _told(report: "ImportReport") -> str:
    if report.read == report.unchanged:
        return f"{report.read} rows read; nothing changed."
    return (
        f"{report.read} rows read: {report.inserted} new, {report.updated} changed, "
        f"{report.unchanged} as before, {report.rejected} rejected."
    )


def _tables(found: "Verification") -> "Iterator[Table]":
    from models.recount import Difference

    yield _table("Totals that differ", found.differences, *Difference._fields)
    yield _table("Totals that are missing", found.missing, "organization", "pool")
    yield _table("Editions that are not what was published", found.altered, "edition", "published", "recomputed")
    yield _table("Marks that differ from their scores", found.wrong_marks, "submission", "mark")


def _table(title: str, rows: Sequence[tuple[object, ...]], *columns: str) -> "Table":
    from rich.table import Table

    hidden = len(rows) - SHOWN
    table = Table(*columns, title=title, caption=f"and {hidden} more" if hidden > 0 else None)
    for row in islice(rows, SHOWN):
        table.add_row(*map(str, row))
    return table


@contextmanager
def _refusals() -> Iterator[None]:
    """Expected refusals are told in a sentence, without a traceback."""
    import psycopg

    from models.errors import PortalError

    try:
        yield
    except (PortalError, psycopg.Error) as error:
        _errors.print(f"{error}".strip(), style="red", markup=False)
        raise typer.Exit(REFUSED) from error
