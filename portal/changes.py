"""Changes that the command line makes: the functions of the mutations, without somebody signed in."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import typer

from portal.refusals import plain_errors

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

Result = TypeVar("Result")


def made(url: str, change: "Callable[[AsyncConnection], Awaitable[Result]]") -> Result:
    """What a change answers that is made in one transaction; a refusal ends the command."""
    from models.database import Database
    from resolvers.problems import Problem

    async def run() -> Result:
        database = Database(url, size=1)
        await database.open()
        try:
            async with database.transaction() as connection:
                return await change(connection)
        finally:
            await database.close()

    with plain_errors():
        try:
            return asyncio.run(run())
        except Problem as problem:
            typer.echo(f"portal: {problem.message}", err=True)
            raise typer.Exit(1) from None
