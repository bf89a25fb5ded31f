"""The crowd: accounts that submit, each for an organization once, and the organizations that they rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import class_row

from benchmarks.writes.forms import Form

HOT, SPREAD = "hot", "spread"

# As many scripts as pgbench takes have an organization each.
ORGANIZATIONS = 100

# Raters are numbered one after the other, so that pgbench can count them.
ACCOUNTS = """
    SELECT account.rater_id AS rater, account.id AS account, account.code, rater.kind::text AS kind
    FROM account JOIN rater ON rater.id = rater_id
    WHERE rater_id BETWEEN %s AND %s
    ORDER BY rater_id"""

# The first rater behind all who hold a role and might be refused, the last one who submitted lately, in an earlier
# run; and the last one that there is. The demo's officials are its first accounts.
RATERS = """
    SELECT 1 + coalesce((SELECT max(rater_id) FROM account JOIN role_grant ON account_id = account.id), 0),
           coalesce((SELECT max(rater_id) FROM submission WHERE submitted_at > now() - interval '25 hours'), 0),
           max(rater_id)
    FROM account"""

# Open organizations that count in as many totals as any: the most that a submission can cost.
DEEPEST = """
    SELECT code FROM organization WHERE closed_on IS NULL
    ORDER BY (SELECT count(*) FROM pools_counting(id)) DESC, md5(code || %s) LIMIT %s"""
ANY = "SELECT code FROM organization WHERE closed_on IS NULL AND code <> ALL (%s) ORDER BY md5(code || %s) LIMIT %s"


@dataclass(frozen=True)
class Account:
    """Who submits: the code for a token, the keys for a statement."""

    rater: int
    account: int
    code: str
    kind: str


class Crowd:
    """Hands out accounts that have not submitted yet. When all have, they come again for other organizations."""

    def __init__(self, database_url: str, hot: Sequence[Form], spread: Sequence[Form]) -> None:
        self._url = database_url
        self._hot = hot
        self._spread = spread
        self._lap = 0
        with psycopg.connect(database_url) as connection:
            ((first, used, last),) = connection.execute(RATERS).fetchall()
        self._first, self._last = int(first), int(last)
        self._next = max(self._first, int(used) + 1)

    @property
    def size(self) -> int:
        """How many raters there are."""
        return self._last

    def forms(self, load: str) -> Sequence[Form]:
        """The forms that are filled in now, in turn: the same one again and again, or a hundred."""
        if load == HOT:
            return [self._hot[self._lap]]
        return [*self._spread[self._lap :], *self._spread[: self._lap]]

    def range(self, size: int) -> int:
        """The first rater of so many that are used up now."""
        if self._next + size > self._last:
            self._next, self._lap = self._first, self._lap + 1
        first = self._next
        self._next += size
        return first

    def accounts(self, size: int) -> list[Account]:
        """The accounts of so many raters."""
        first = self.range(size)
        with psycopg.connect(self._url, row_factory=class_row(Account)) as connection:
            return connection.execute(ACCOUNTS, [first, first + size - 1]).fetchall()

    def back(self, account: Account) -> None:
        """From this account on, none has submitted."""
        self._next = account.rater


def drawn(database_url: str, seed: str) -> tuple[list[str], list[str]]:
    """The codes of organizations to choose a hot one and the others from; some may demand further answers."""
    with psycopg.connect(database_url) as connection:
        hot = _codes(connection, DEEPEST, [seed, ORGANIZATIONS])
        return hot, _codes(connection, ANY, [hot, seed, 2 * ORGANIZATIONS])


def _codes(connection: psycopg.Connection[Any], query: str, values: Sequence[Any]) -> list[str]:
    return [code for (code,) in connection.execute(query.encode(), values)]
