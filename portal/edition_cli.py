"""`portal edition`: what has been published, for good. What is published here is on the audit trail."""

import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from portal.changes import made
from portal.refusals import plain_errors

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from resolvers.ratings.publishing import Published

cli = typer.Typer(no_args_is_help=True)

Database = Annotated[str, typer.Option(envvar="DATABASE_URL", help="The database, as a libpq URL.")]
Code = Annotated[str, typer.Argument(help="What the edition is cited by, such as 2026.")]
Title = Annotated[str | None, typer.Option()]


@cli.command("list")
def listed(database: Database) -> None:
    """Show each edition: its code, its period, when it was published, and its digest."""
    import psycopg

    from models.database import conninfo_for

    query = "SELECT code, first_day, last_day, published_at, digest FROM edition ORDER BY published_at"
    with plain_errors(), psycopg.connect(conninfo_for(database, "portal-edition")) as connection:
        for code, first, last, published_at, digest in connection.execute(query):
            typer.echo(f"{code:20} {first} to {last}  published {published_at:%Y-%m-%d}  {digest}")


@cli.command()
def publish(
    database: Database,
    code: Code,
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day of a month.")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day of a month that is over.")],
    title_be: Title = None,
    title_ru: Title = None,
    title_en: Title = None,
) -> None:
    """Freeze the ratings and ranks of a period of whole months, as they are now."""
    from models.audit import Actor
    from resolvers.ratings import publishing

    titles = {"be": title_be, "ru": title_ru, "en": title_en}
    wanted = publishing.Wanted(code, titles, _day(first), _day(last))

    async def change(connection: "AsyncConnection") -> "Published":
        await publishing.begin(connection)
        return await publishing.make(connection, Actor(), wanted)

    made(database, change)
    typer.echo(f"{code} is published. `portal edition lines {code}` prints all that it holds.")


@cli.command()
def lines(database: Database, code: Code) -> None:
    """Print all that an edition holds, a JSON array a line: its SHA-256 is the digest."""
    import psycopg

    from models import freezing
    from models.database import conninfo_for

    is_there = False
    with plain_errors(), psycopg.connect(conninfo_for(database, "portal-edition")) as connection:
        for line in freezing.lines(connection, code):
            is_there = True
            # As bytes, whatever the terminal's encoding: the digest is of these.
            sys.stdout.buffer.write(line.encode() + b"\n")
    if not is_there:
        typer.echo(f"portal: there is no edition {code}.", err=True)
        raise typer.Exit(1)


def _day(moment: datetime) -> date:
    return moment.date()
