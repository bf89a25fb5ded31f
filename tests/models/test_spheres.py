"""The area beside a sphere, and the day of closing: triggers keep both equal to the organization's, whoever writes what."""

import psycopg
import pytest

OTHERS = """SELECT count(*) FILTER (WHERE (works.area_id, works.area_path, works.closed_on)
        IS DISTINCT FROM (o.area_id, area.path, o.closed_on)), count(*), count(works.area_path)
    FROM organization_sphere AS works JOIN organization AS o ON o.id = works.organization_id
    LEFT JOIN area ON area.id = o.area_id"""

CHANGES = {
    "nothing": "SELECT",
    "moved": """WITH added AS (INSERT INTO area (code, name_en) VALUES ('NEW', 'New') RETURNING id)
        UPDATE organization SET area_id = added.id FROM added""",
    "nowhere": "UPDATE organization SET area_id = NULL WHERE code = 'HOSPITAL'",
    "closed": "UPDATE organization SET closed_on = '2026-01-01', area_id = NULL WHERE code = 'HOSPITAL'",
    "area moved": """WITH added AS (INSERT INTO area (code, name_en) VALUES ('NEW', 'New') RETURNING id)
        UPDATE area SET parent_id = added.id, parent_path = added.id::text::ltree FROM added""",
    "beside spheres": "UPDATE organization_sphere SET area_id = NULL, area_path = 'x', closed_on = '2020-01-01'",
    "sphere added": """INSERT INTO organization_sphere (organization_id, sphere_id, closed_on)
        SELECT organization.id, sphere.id, '2020-01-01' FROM organization, sphere ON CONFLICT DO NOTHING""",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_spheres_have_the_areas_of_their_organizations(stage_url: str, change: str) -> None:
    with psycopg.connect(stage_url) as connection:
        connection.execute(change.encode())
        others, all_, placed = connection.execute(OTHERS).fetchone() or (0, 0, 0)
        assert others == 0 < placed <= all_
