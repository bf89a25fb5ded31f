"""The queries that are measured: what they ask, and with which variables."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

HERE = Path(__file__).parent

# Stands in a document where each request has a number of its own; and where, by that number, it asks for one field or another one.
DISTINCT = "_DISTINCT"
EITHER = "_OR_"

Variables = Mapping[str, Any]


def document(name: str, dialect: str = "") -> str:
    """The text of a document in a dialect."""
    return (HERE / "documents" / dialect / f"{name}.graphql").read_text()


@dataclass(frozen=True)
class Query:
    """One question, asked with variables of a pool that is drawn from the database.

    `grows` tells whether it is also asked of ten times the data.
    """

    name: str
    title: str
    pool: str
    grows: bool = False

    def document(self, dialect: str = "") -> str:
        """The text in a peer's own dialect; without one, in the portal's."""
        return document(self.name, dialect)

    @property
    def distinct(self) -> bool:
        """Whether no two requests have the same document."""
        return DISTINCT in self.document() or EITHER in self.document()

    def draw(self, database_url: str, size: int, seed: str) -> list[Variables]:
        """At most so many variables; the same ones for the same database and seed."""
        text = (HERE / "pools" / f"{self.pool}.sql").read_text()
        with psycopg.connect(database_url, row_factory=psycopg.rows.dict_row) as connection:
            drawn = connection.execute(text.encode(), {"size": size, "seed": seed}).fetchall()
        if not drawn:
            raise LookupError(f"{self.name} finds nothing to ask for: the country is too small.")
        return list(drawn)


QUERIES = (
    Query("Q1", "one organization with its rating by criterion", "Q1", grows=True),
    Query("Q2", "50 organizations with areas, spheres, ratings by criterion", "Q2", grows=True),
    Query("Q3", "a ministry, three levels down, with subtree ratings", "Q3", grows=True),
    Query("Q4", "up to 500 organizations in a box, with ratings", "Q4", grows=True),
    Query("Q5", "the first 50 of the ranking of a sphere in a region", "Q5"),
    Query("Q6", "20 organizations found by text, with ratings", "Q6"),
    Query("flood", "one organization, no document ever sent twice: other names", "Q1"),
    Query("values", "one organization and nobody, no document ever sent twice: other values", "Q1"),
    Query("fields", "one organization, no document ever sent twice: other fields", "Q1"),
)
