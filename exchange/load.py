"""One import under way: temporary tables of one transaction, gone with it.

`staged` holds the rows of the file as they were read, `incoming` the same with what they refer
to, less the rows that were rejected, and `rejection` says which and why.
"""

from collections.abc import Iterable
from typing import NamedTuple

from psycopg import Connection

CREATE = "CREATE TEMP TABLE rejection (number bigint, field text, reason text) ON COMMIT DROP"

# Rows of `incoming`, by what is to be done with them.
NEW = "changed IS NULL"
CHANGED = "changed <> ''"
SAME = "changed = ''"


class Rejection(NamedTuple):
    """Why a row is not taken. Rows are numbered from 1: several may stand on one line."""

    number: int
    field: str
    reason: str


class Load:
    """The rows of one file on their way into the tables."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        connection.execute(CREATE)

    def note(self, rejections: Iterable[Rejection]) -> None:
        """Remember rejections of rows that never got as far as `incoming`."""
        with self.connection.cursor() as cursor, cursor.copy("COPY rejection FROM STDIN") as copy:
            for rejection in rejections:
                copy.write_row(rejection)

    def reject(self, faults: str) -> int:
        """Take the rows out that a query finds, as (number, field, reason); tells how many faults there were."""
        found = self.connection.execute(f"INSERT INTO rejection (number, field, reason) {faults}").rowcount
        if found:
            self.connection.execute("DELETE FROM incoming USING rejection WHERE incoming.number = rejection.number")
        return found

    def counts(self) -> tuple[int, int, int]:
        """How many rows are left that are new, changed, and the same as what is stored."""
        counts = self.connection.execute(f"""
            SELECT count(*) FILTER (WHERE {NEW}), count(*) FILTER (WHERE {CHANGED}), count(*) FILTER (WHERE {SAME})
            FROM incoming""").fetchone()
        return counts or (0, 0, 0)

    def rejections(self) -> dict[int, list[Rejection]]:
        """Everything that was rejected, by row."""
        by_row: dict[int, list[Rejection]] = {}
        for row in self.connection.execute(
            "SELECT DISTINCT number, field, reason FROM rejection ORDER BY number, field"
        ):
            by_row.setdefault(row[0], []).append(Rejection(*row))
        return by_row
