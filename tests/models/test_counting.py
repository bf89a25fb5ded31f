"""What counting a submission costs does not grow with the country."""

from sqlalchemy import text

from models import counting
from models.database import engine_for

GROW = """
INSERT INTO organization (code, kind_id, registration, name_en)
SELECT 'X' || number, kind.id, 'STATUTORY', 'X' FROM organization_kind AS kind, generate_series(1, 10000) AS number"""
PLACE = """
INSERT INTO organization_position (hierarchy, organization_id)
SELECT 'SUBORDINATION', id FROM organization WHERE code LIKE 'X%'"""
POOLS = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM pools_counting((SELECT max(id) FROM organization))"


def test_counting_looks_its_totals_and_their_organizations_up_one_by_one(stage_url: str) -> None:
    with engine_for(stage_url).begin() as connection:
        connection.execute(text(GROW))
        connection.execute(text(PLACE))
        connection.execute(text("ANALYZE organization, organization_position, total"))
        plan = connection.execute(text(f"EXPLAIN {counting.COUNT.text}"), {"sign": 1, "submission": 1}).scalars().all()
        connection.execute(text("SELECT * FROM pools_counting(1)")).all()
        pools = connection.execute(text(POOLS)).scalar_one()[0]["Plan"]
    assert any("pk_total" in step for step in plan)
    assert not any("Seq Scan on total" in step for step in plan)
    # Some pages of two indexes; the whole of one has 79.
    assert pools["Shared Hit Blocks"] + pools["Shared Read Blocks"] < 30
