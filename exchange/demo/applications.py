"""The demo's applications: every voluntary organization has applied, and some more wait or were declined."""

from typing import LiteralString

from psycopg import Connection

# Who applied were the first to have accounts. Whatever waits, or was declined, is a branch of one that was accepted.
WISHES: LiteralString = """
CREATE TEMPORARY TABLE wish ON COMMIT DROP AS
SELECT organization.*, row_number() OVER (ORDER BY organization.id) AS number,
       subordination.parent_id AS subordinate_to_id, supervision.parent_id AS supervised_by_id,
       ARRAY(SELECT sphere_id FROM organization_sphere WHERE organization_id = organization.id ORDER BY 1) AS spheres,
       ARRAY(SELECT service_id FROM organization_service WHERE organization_id = organization.id ORDER BY 1) AS services
FROM organization
LEFT JOIN organization_position AS subordination
       ON subordination.organization_id = organization.id AND subordination.hierarchy = 'SUBORDINATION'
LEFT JOIN organization_position AS supervision
       ON supervision.organization_id = organization.id AND supervision.hierarchy = 'SUPERVISION'
WHERE registration = 'VOLUNTARY'"""

APPLICATIONS: LiteralString = """
WITH applicant AS (SELECT id AS account_id, row_number() OVER (ORDER BY registered_at, id) AS number FROM account),
branch (status, after, be, ru, en, reason, part) AS (VALUES
    ('ACCEPTED', 0, '', '', '', NULL, 1),
    ('DECLINED', 200, ', філіял', ', филиал', ', branch', 'A branch is no organization of its own.', 3),
    ('PENDING', 300, ', філіял № 2', ', филиал № 2', ', branch No. 2', NULL, 5)
)
INSERT INTO organization_application (
    account_id, applied_at, kind_id, area_id, name_be, name_ru, name_en, address_be, address_ru, address_en, location,
    sphere_ids, service_ids, subordinate_to_id, supervised_by_id, status, decided_at, reason, organization_id,
    idempotency_key, request_digest)
SELECT account_id, opened_on + after - interval '14 days', kind_id, area_id, name_be || be, name_ru || ru, name_en || en,
       address_be, address_ru, address_en, location, spheres, services, subordinate_to_id, supervised_by_id,
       status::application_status, CASE WHEN status <> 'PENDING' THEN opened_on + after END, reason,
       CASE WHEN status = 'ACCEPTED' THEN wish.id END, status, ''
FROM wish JOIN applicant USING (number) JOIN branch ON number % part = 0
ORDER BY number, after"""

EVENTS: LiteralString = """
INSERT INTO audit_event (at, account_id, action, organization_id, subject, subject_id)
SELECT at, actor, action::audit_action, concerned, subject::audit_subject, subject_id
FROM organization_application AS application
CROSS JOIN (SELECT min(account_id) AS registrar FROM role_grant WHERE role = 'REGISTRAR') AS office
CROSS JOIN LATERAL (VALUES
    (applied_at, account_id, 'ORGANIZATION_APPLIED', coalesce(subordinate_to_id, supervised_by_id), 'APPLICATION', id),
    (decided_at, registrar, 'ORGANIZATION_ACCEPTED', organization_id, 'ORGANIZATION', organization_id),
    (decided_at, registrar, 'ORGANIZATION_DECLINED', coalesce(subordinate_to_id, supervised_by_id), 'APPLICATION', id)
) AS event (at, actor, action, concerned, subject, subject_id)
WHERE action IN ('ORGANIZATION_APPLIED', 'ORGANIZATION_' || status)
ORDER BY at, application.id"""


def add_applications(connection: Connection) -> None:
    """What was applied for, what became of it, and its trail."""
    connection.execute(WISHES)
    connection.execute(APPLICATIONS)
    connection.execute(EVENTS)
