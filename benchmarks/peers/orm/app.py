"""The ASGI application; libpq's variables tell where the database is."""

import os
from typing import Any

import strawberry
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from strawberry.asgi import GraphQL
from strawberry.extensions import ParserCache, ValidationCache

from benchmarks.peers.orm.loaders import Loaders
from benchmarks.peers.orm.query import Query

# What only reads needs no transaction around each statement.
engine = create_async_engine(
    "postgresql+psycopg://",
    isolation_level="AUTOCOMMIT",
    pool_size=int(os.environ["POOL_SIZE"]),
    max_overflow=0,
)
sessions = async_sessionmaker(engine, expire_on_commit=False)
schema = strawberry.Schema(
    Query, extensions=[lambda: ParserCache(maxsize=1_000), lambda: ValidationCache(maxsize=1_000)]
)


class Endpoint(GraphQL[Loaders, None]):
    """Gives each request loaders of its own."""

    async def get_context(self, request: Any, response: Any) -> Loaders:
        return Loaders(sessions)


app = Endpoint(schema, graphql_ide=None)
