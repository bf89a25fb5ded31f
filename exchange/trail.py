"""What files leave on the audit trail, where the API's changes are: one event each.

Of one that is imported in the import's transaction, of one that is exported before anything is read.
"""

import hashlib
from pathlib import Path
from typing import LiteralString

from psycopg import Connection
from psycopg.types.json import Jsonb

from exchange.kinds.kind import Kind
from exchange.load import NEW
from models.audit import AuditAction, AuditSubject

EVENT: LiteralString = "INSERT INTO audit_event (action, subject, details) VALUES (%s, %s, %s)"

# Submissions that come as ended elsewhere; a status that is stored is none of an import's business.
ENDED = f"""
    SELECT count(*) FILTER (WHERE status = 'WITHDRAWN') AS withdrawn, count(*) FILTER (WHERE status = 'REJECTED') AS rejected
    FROM incoming WHERE {NEW}"""


def record(connection: Connection, kind: Kind, path: Path, counts: dict[str, int]) -> None:
    """Add the event: which file it was, by its digest and not by its name, and what it did."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    details = {"kind": kind.name, "digest": digest, **counts, **_ended(connection, kind)}
    connection.execute(EVENT, [AuditAction.DATA_IMPORTED.value, AuditSubject.IMPORT.value, Jsonb(details)])


def record_export(connection: Connection, kind: Kind) -> None:
    """Add the event that everything of a kind is about to be read, whatever of it everybody may see."""
    details = {"kind": kind.name}
    connection.execute(EVENT, [AuditAction.DATA_READ.value, AuditSubject.IMPORT.value, Jsonb(details)])


def _ended(connection: Connection, kind: Kind) -> dict[str, int]:
    if "status" not in {column.name for column in kind.columns}:
        return {}
    ((withdrawn, rejected),) = connection.execute(ENDED).fetchall()
    return {"withdrawn": withdrawn, "ruledOut": rejected}
