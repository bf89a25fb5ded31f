"""The audit trail of `tests.stage`, as it is stored."""

from typing import Any, LiteralString

import psycopg

TRAIL: LiteralString = """SELECT account.code, action::text, organization.code, details
    FROM audit_event LEFT JOIN account ON account.id = account_id LEFT JOIN organization ON organization.id = organization_id
    WHERE action <> 'DATA_READ' ORDER BY audit_event.id"""


def trail(url: str) -> list[tuple[Any, ...]]:
    """Who did what to which organization, and what is told of it, from the first event on; not what was only read."""
    with psycopg.connect(url) as connection:
        return connection.execute(TRAIL).fetchall()
