"""The demo countries that are asked: each a database on the benchmark's server."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

import migrations
from exchange import demo
from exchange.progress import on_terminal
from portal.scratch import ScratchServer

SEED = 1

# Tables with pages that a vacuum could not mark as seen by all.
UNMARKED = """
select count(*) from pg_class
where relkind = 'r' and relnamespace = 'public'::regnamespace and relallvisible < relpages
"""


@contextmanager
def country(server_url: str, scale: float, *, keep: bool, say: Callable[[str], None]) -> Iterator[str]:
    """The URL of a demo country of this scale, for the length of a block.

    One that is kept is there for the next run; half a country is never taken for a whole one.
    """
    server, name = ScratchServer(server_url), f"portal_bench_{scale:g}".replace(".", "_")
    if not (keep and _exists(server_url, name)):
        say(f"Loading the demo country at scale {scale:g}.")
        server.drop(name)
        _build(server, server_url, name, scale)
    try:
        yield server.url(name)
    finally:
        if not keep:
            server.drop(name)


def _exists(server_url: str, name: str) -> bool:
    with psycopg.connect(server_url) as connection:
        return connection.execute("select from pg_database where datname = %s", [name]).fetchone() is not None


def _build(server: ScratchServer, server_url: str, name: str, scale: float) -> None:
    building = f"building_{name}"
    server.drop(building)
    url = server.create(building)
    migrations.upgrade(url)
    with on_terminal() as progress:
        demo.load(url, scale, SEED, progress)
    with psycopg.connect(url, autocommit=True) as connection:
        _vacuum(connection)
    with psycopg.connect(server_url, autocommit=True) as connection:
        rename = psycopg.sql.SQL("alter database {} rename to {}")
        connection.execute(rename.format(psycopg.sql.Identifier(building), psycopg.sql.Identifier(name)))


def _vacuum(connection: psycopg.Connection) -> None:
    """Vacuum until every index may answer without its table, as it may after a day in production.

    Whoever looks at the tables meanwhile, such as autovacuum that counts what was just loaded, keeps pages from being marked.
    """
    for _ in range(60):
        connection.execute("vacuum analyze")
        unmarked = connection.execute(UNMARKED).fetchone()
        if unmarked == (0,):
            return
        time.sleep(1)
    raise TimeoutError("Some tables could not be vacuumed: who keeps a transaction open?")
