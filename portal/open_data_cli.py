"""`portal open-data`: a year's bundle as a file, the same that the server sends."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portal.refusals import plain_errors

if TYPE_CHECKING:
    from portal.settings import Settings

Year = Annotated[int, typer.Argument(min=1, max=9999, help="The year that it is of, by dates of submission.")]
File = Annotated[Path, typer.Argument(help="The ZIP file to be written; it is there once it is whole.")]


def open_data(year: Year, file: File) -> None:
    """Write all open data of a year, as of now; settings are those of the server."""
    from portal.settings import Settings

    with plain_errors():
        asyncio.run(_write(Settings(), year, file))  # type: ignore[call-arg]
    typer.echo(f"{file} has the open data of {year}.")


async def _write(settings: "Settings", year: int, file: Path) -> None:
    from engine.documents.documents import Documents
    from engine.executor import Executor
    from exchange.open_data.bundles import bundle
    from exchange.open_data.publishing import Publisher
    from models.database import Database
    from models.errors import InputError
    from schema.questions import Questions, for_files
    from schema.schema import ENTITIES, executable

    database, schema = Database(settings.database_url), for_files(executable())
    questions = Questions(Executor(schema, ENTITIES, database, (InputError,)), Documents(schema), database, {})
    part = file.with_name(f"{file.name}.part")
    with part.open("wb") as whole:
        async for piece in bundle(Publisher(questions, settings.licence), year, settings.language):
            whole.write(piece)
    part.replace(file)
