"""Letters in the outbox, as long as nobody has sent them."""

import re
from dataclasses import dataclass

import psycopg


@dataclass(frozen=True)
class Letter:
    """A letter that waits."""

    kind: str
    recipient: str
    subject: str
    body: str

    @property
    def code(self) -> str:
        """The code in its link."""
        (found,) = re.findall(r"#code=(\S+)", self.body)
        return str(found)


def letters(url: str) -> list[Letter]:
    """All letters that wait, the oldest first."""
    query = "SELECT kind::text, recipient, subject, body FROM mail WHERE next_try_at IS NOT NULL ORDER BY id"
    with psycopg.connect(url) as connection:
        return [Letter(*row) for row in connection.execute(query).fetchall()]
