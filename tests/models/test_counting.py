"""What counting a submission costs does not grow with the country."""

from sqlalchemy import text

from models import counting
from models.database import engine_for

GROW = """
INSERT INTO organization (code, kind_id, registration, name_en)
SELECT 'X' || number, kind.id, 'STATUTORY', 'X' FROM organization_kind AS kind, generate_series(1, 10000) AS number"""


def test_counting_looks_its_totals_up_one_by_one(stage_url: str) -> None:
    with engine_for(stage_url).begin() as connection:
        connection.execute(text(GROW))
        connection.execute(text("ANALYZE organization, total"))
        plan = connection.execute(text(f"EXPLAIN {counting.COUNT.text}"), {"sign": 1, "submission": 1}).scalars().all()
    assert any("pk_total" in step for step in plan)
    assert not any("Seq Scan on total" in step for step in plan)
