"""One import under way: temporary tables of one transaction, gone with it.

`staged` holds the rows of the file as they were read, `incoming` the same with what they refer
to, less the rows that were rejected, and `rejection` says which and why.
"""

from collections.abc import Iterator

from psycopg import Connection

CREATE = "CREATE TEMP TABLE rejection (number bigint, field text, reason text) ON COMMIT DROP"

# Rows of `incoming`, by what is to be done with them.
NEW = "changed IS NULL"
CHANGED = "changed <> ''"
SAME = "changed = ''"

COUNTS = f"""
    SELECT count(*) FILTER (WHERE {NEW}), count(*) FILTER (WHERE {CHANGED}), count(*) FILTER (WHERE {SAME}),
           (SELECT count(DISTINCT number) FROM rejection)
    FROM incoming"""

# All that is wrong with a row, the fields and the reasons in the same order.
REJECTED = """
    SELECT number, string_agg(field, '; ' ORDER BY field), string_agg(reason, '; ' ORDER BY field)
    FROM (SELECT DISTINCT number, field, reason FROM rejection) AS fault
    GROUP BY number ORDER BY number"""


class Load:
    """The rows of one file on their way into the tables. They are numbered from 1, as several may be on one line."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        connection.execute(CREATE)

    def note(self, faults: str) -> int:
        """Remember what is wrong, which a query finds as (number, field, reason); tells how much it was."""
        return self.connection.execute(f"INSERT INTO rejection (number, field, reason) {faults}").rowcount

    def reject(self, faults: str) -> int:
        """Take rows out of `incoming` as well, for what a query finds wrong with them."""
        found = self.note(faults)
        if found:
            self.connection.execute("DELETE FROM incoming USING rejection WHERE incoming.number = rejection.number")
        return found

    def counts(self) -> tuple[int, int, int, int]:
        """How many rows are new, changed, the same as what is stored, and rejected."""
        return self.connection.execute(COUNTS).fetchone() or (0, 0, 0, 0)

    def rejected(self) -> Iterator[tuple[int, str, str]]:
        """Every rejected row's number, fields and reasons, in order; a million of them need no memory."""
        with self.connection.cursor("rejected") as cursor:
            yield from cursor.execute(REJECTED)
