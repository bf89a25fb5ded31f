"""A peer: how it is started, how it is asked, and how its answers are read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from psycopg.conninfo import conninfo_to_dict

from benchmarks.cursors import moved
from benchmarks.queries import Query, Variables, document
from benchmarks.server import Server
from models.database import connection_options

# Every contestant has as many connections to PostgreSQL as the portal has by default.
POOL_SIZE = 10

Normaliser = Callable[[Any], Any]


@dataclass(frozen=True)
class Peer:
    """A server of GraphQL.

    `command` is given a port. `dialect` names the folder of its documents where they are not the
    portal's; `normalisers` then bring its answers into the portal's form. `prepare` is done to the
    database first. `token` makes the access token that it is asked with, from the database and its home.
    """

    name: str
    title: str
    command: Callable[[int], Sequence[str]]
    dialect: str = ""
    normalisers: Mapping[str, Normaliser] = field(default_factory=dict)
    prepare: Callable[[str], None] = lambda database_url: None
    token: Callable[[str, Path], str] = lambda database_url, home: ""

    def bodies(self, query: Query, drawn: Sequence[Variables], server: Server) -> list[bytes]:
        """A request's body for each of the drawn variables."""
        text = query.document(self.dialect)
        return [body(text, each) for each in self._variables(query, drawn, server)]

    def read(self, query: Query, received: bytes) -> Any:
        """The data of an answer in the portal's form; raises where there are errors."""
        answer = orjson.loads(received)
        if answer.get("errors") or not answer.get("data"):
            raise ValueError(f"{self.name} refuses {query.name}: {answer}")
        normalise = self.normalisers.get(query.name)
        return normalise(answer["data"]) if normalise else answer["data"]

    def _variables(self, query: Query, drawn: Sequence[Variables], server: Server) -> Sequence[Variables]:
        """As drawn; where a list goes on behind a row, the cursor of its first row is moved there."""
        if "$after" not in query.document(self.dialect):
            return drawn
        cursor = orjson.loads(server.post(body(document("cursor", self.dialect), {})))["data"]["organizations"][
            "pageInfo"
        ]["endCursor"]
        return [{"after": moved(cursor, list(each.values()))} for each in drawn]


def body(document: str, variables: Variables) -> bytes:
    """A GraphQL request on one line of JSON."""
    return orjson.dumps({"query": document, "variables": variables})


def environment(database_url: str, port: int, home: Path) -> dict[str, str]:
    """What tells any contestant where the database is, as a URL and as libpq's variables."""
    parts = conninfo_to_dict(database_url)
    return {
        "DATABASE_URL": database_url,
        "PGHOST": str(parts.get("host", "")),
        "PGPORT": str(parts.get("port", 5432)),
        "PGUSER": str(parts.get("user", "")),
        "PGDATABASE": str(parts.get("dbname", "")),
        "PGOPTIONS": connection_options("benchmark-peer"),
        "POOL_SIZE": str(POOL_SIZE),
        "PORT": str(port),
        "PORTAL_HOME": str(home),
        "NODE_ENV": "production",
        "GRAPHILE_ENV": "production",
    }
