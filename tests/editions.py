"""Editions for the tests, published as the command line does."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from models.audit import Actor
from portal.changes import made
from resolvers.ratings import publishing
from resolvers.ratings.publishing import Published, Wanted


def publish(url: str, code: str, first: date, last: date) -> None:
    """Publish an edition of a period."""

    async def change(connection: AsyncConnection) -> Published:
        await publishing.begin(connection)
        return await publishing.make(connection, Actor(), Wanted(code, {"en": "Edition"}, first, last))

    made(url, change)
