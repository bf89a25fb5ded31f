"""The names beside positions: triggers keep them as the organizations' are shown, whoever writes what."""

import psycopg
import pytest

OTHERS = """SELECT count(*) FILTER (WHERE (place.name_be, place.name_ru, place.name_en)
        IS DISTINCT FROM (coalesce(o.name_be, o.name_ru, o.name_en), coalesce(o.name_ru, o.name_be, o.name_en),
            coalesce(o.name_en, o.name_ru, o.name_be))), count(*)
    FROM organization_position AS place JOIN organization AS o ON o.id = place.organization_id"""

CHANGES = {
    "nothing": "SELECT",
    "renamed": "UPDATE organization SET name_en = 'Quite another name', name_be = NULL",
    "positions renamed": "UPDATE organization_position SET name_ru = 'Wrong', name_en = 'Wrong'",
    "position added": """WITH added AS (INSERT INTO organization (code, kind_id, registration, name_en)
            SELECT 'NEW', id, 'VOLUNTARY', 'New' FROM organization_kind LIMIT 1 RETURNING id)
        INSERT INTO organization_position (hierarchy, organization_id) SELECT 'SUPERVISION', id FROM added""",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_positions_have_the_names_of_their_organizations(stage_url: str, change: str) -> None:
    with psycopg.connect(stage_url) as connection:
        connection.execute(change.encode())
        others, all_ = connection.execute(OTHERS).fetchone() or (0, 0)
        assert others == 0 < all_
