"""The demo's audit trail: who was given a role, and what its moderator rejected, and on which ground."""

from typing import LiteralString

from psycopg import Connection

GRANTS: LiteralString = """
INSERT INTO audit_event (at, action, organization_id, subject, subject_id, details)
SELECT valid_from, 'ROLE_GRANTED', organization_id, 'GRANT', id,
       jsonb_build_object('role', role, 'hierarchy', hierarchy, 'validFrom', valid_from)
FROM role_grant ORDER BY id"""

# Each ground in its turn.
RULINGS: LiteralString = """
WITH rejected AS (
    SELECT submission.*, (enum_range(NULL::rejection_ground))[1 + submission.id % 5] AS ground FROM submission
    WHERE status = 'REJECTED'
),
event AS (
    INSERT INTO audit_event (at, account_id, action, organization_id, subject, subject_id, details)
    SELECT status_at, (SELECT min(account_id) FROM role_grant WHERE role = 'MODERATOR'), 'SUBMISSION_REJECTED',
           organization_id, 'SUBMISSION', id, jsonb_build_object('ground', ground)
    FROM rejected ORDER BY status_at, id
    RETURNING id, subject_id, details
)
INSERT INTO ruling (event_id, submission_id, ground)
SELECT id, subject_id, (details ->> 'ground')::rejection_ground FROM event"""


def add_trail(connection: Connection) -> None:
    """What happened so far, as the portal would have recorded it."""
    connection.execute(GRANTS)
    connection.execute(RULINGS)
