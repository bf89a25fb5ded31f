"""What is asked: each question as a document, and as the SQL that was written for it by hand."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.statements import Statement

HERE = Path(__file__).parent
LOOK_UP = "look_up"

Variables = Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """A question; totals can serve it (`of_totals`), or submissions and sets have to be read."""

    name: str
    pool: str
    of_totals: bool = False

    @property
    def document(self) -> str:
        """As a client asks it."""
        return (HERE / "documents" / f"{self.name}.graphql").read_text()

    def by_hand(self, variables: Variables) -> Statement:
        """As somebody asks it who knows the tables."""
        return by_hand(self.name, variables)

    def draw(self, database_url: str, size: int, seed: str) -> list[Variables]:
        """At most so many variables; the same ones for the same database and seed."""
        text = (HERE / "pools" / f"{self.pool}.sql").read_text()
        with psycopg.connect(database_url, row_factory=psycopg.rows.dict_row) as connection:
            return list(connection.execute(text.encode(), {"size": size, "seed": seed}).fetchall())


def by_hand(name: str, variables: Variables) -> Statement:
    """A statement that was written by hand, with numbered parameters."""
    names: list[str] = []

    def numbered(found: "re.Match[str]") -> str:
        if found[1] not in names:
            names.append(found[1])
        return f"${names.index(found[1]) + 1}"

    text = re.sub(r"%\((\w+)\)s", numbered, (HERE / "by_hand" / f"{name}.sql").read_text())
    text = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    return text, [variables[name] for name in names]


QUESTIONS: Sequence[Question] = (
    Question("own_period", "periods", of_totals=True),
    Question("subtree_period", "periods", of_totals=True),
    Question("subtree_criteria", "periods", of_totals=True),
    Question("subtree_all", "codes", of_totals=True),
    Question("subtree_days", "days"),
    Question("subtree_channel", "periods"),
    Question("own_channel", "codes"),
    Question("ranking_all", "nothing"),
    Question("ranking_place", "places"),
    Question("ranking_quarter", "quarters"),
    Question("ranking_channel", "nothing"),
    Question("summary_all", "nothing"),
    Question("summary_place", "places"),
    Question("summary_channel", "places"),
)
NAMES = tuple(each.name for each in QUESTIONS)
