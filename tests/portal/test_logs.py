"""The log tells what went wrong, and nothing of whom it went wrong for."""

import json

import psycopg
import pytest
import structlog
from sqlalchemy import text

from models.database import Database
from portal import logs

# No account has an empty code: PostgreSQL tells the whole row that it refuses.
QUERY = "INSERT INTO account (code, rater_id, email) SELECT '', id, :email FROM rater"
VALUES = {"email": "some\n\nbody@example.org"}


async def test_a_fault_of_the_database_is_logged_without_values(
    empty_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with psycopg.connect(empty_url) as connection:
        connection.execute("INSERT INTO rater (kind) VALUES ('PERSON')")
    database = Database(empty_url, size=1)
    await database.open()
    try:
        with pytest.raises(psycopg.IntegrityError) as caught:
            async with database.transaction() as connection:
                await connection.execute(text(QUERY), VALUES)
    finally:
        await database.close()
    before = structlog.get_config()
    logs.configure()
    try:
        structlog.get_logger().error("fault", exc_info=caught.value)
    finally:
        structlog.configure(**before)
    told = json.loads(capsys.readouterr().err)["exception"]
    assert "body@example.org" in str(caught.value)
    assert "CheckViolation" in told
    assert "DETAIL: left out" in told
    assert "example.org" not in told
