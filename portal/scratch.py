"""Databases that live for one test or one check, on a server that may hold others as well."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

MAINTENANCE = "postgres"


class ScratchServer:
    """Makes, copies and drops databases on the server of a URL; never touches one it was not asked for."""

    def __init__(self, url: str) -> None:
        self._url = url

    def url(self, name: str) -> str:
        """The same server's URL with another database."""
        parts = urlsplit(self._url)
        query = f"?{parts.query}" if parts.query else ""
        return f"{parts.scheme}://{parts.netloc}/{name}{query}"

    def create(self, name: str, template: str = "template0") -> str:
        """Make a database as a copy of another one, by files: that is the quickest for small ones."""
        with self._connection() as connection:
            statement = sql.SQL("create database {} template {} strategy file_copy")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def drop(self, name: str) -> None:
        with self._connection() as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))

    def drop_all(self, suffix: str) -> None:
        """Drop every database whose name ends so."""
        with self._connection() as connection:
            found = connection.execute(
                "select datname from pg_database where datname like %s", [f"%{suffix}"]
            ).fetchall()
        for (name,) in found:
            self.drop(name)

    @contextmanager
    def temporary(self, name: str, template: str = "template0") -> Iterator[str]:
        """A database for the length of a block."""
        url = self.create(name, template)
        try:
            yield url
        finally:
            self.drop(name)

    def prepare(self, name: str, template: str, build: Callable[[str], None]) -> str:
        """Build a template once, whichever of several processes comes first; the others wait for it.

        It is built under another name, so that one whose builder failed is never taken for complete,
        and then closed: a template that somebody is connected to cannot be copied.
        """
        building = f"building_{name}"
        with self._connection() as connection:
            connection.execute("select pg_advisory_lock(hashtext(%s))", [name])
            if connection.execute("select from pg_database where datname = %s", [name]).fetchone() is None:
                self.drop(building)
                build(self.create(building, template))
                self._publish(connection, building, name)
        return name

    def _publish(self, connection: psycopg.Connection, building: str, name: str) -> None:
        old, new = sql.Identifier(building), sql.Identifier(name)
        connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [building])
        connection.execute(sql.SQL("alter database {} rename to {}").format(old, new))
        connection.execute(sql.SQL("alter database {} allow_connections false").format(new))

    def _connection(self) -> psycopg.Connection:
        return psycopg.connect(self._url, dbname=MAINTENANCE, autocommit=True)
