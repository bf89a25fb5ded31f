"""Imports beside other imports, and beside people who submit meanwhile."""

from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import psycopg

from exchange.importing import import_file
from exchange.verification import verify
from models import locks
from tests.exchange.files import sheet

SUBMIT = """
    INSERT INTO submission (organization_id, rater_id, rater_kind, questionnaire_id, scores, submitted_at, submitted_on)
    SELECT organization_id, rater_id, rater_kind, questionnaire_id, scores, now(), current_date
    FROM submission WHERE code = 's1'"""

# Long enough for an import of a row to have ended, if nothing held it up.
MOMENT = 1.0


def test_a_submission_that_is_being_counted_is_waited_for_and_counted(small_url: str, tmp_path: Path) -> None:
    file = sheet(tmp_path / "submissions.csv", "submissions", {"code": "new"})
    with ThreadPoolExecutor() as threads:
        with psycopg.connect(small_url) as citizen:
            citizen.execute("SELECT pg_advisory_xact_lock_shared(%s)", [locks.TREES])
            citizen.execute(SUBMIT)
            importing = threads.submit(import_file, small_url, "submissions", file)
            assert not wait([importing], MOMENT).done
        assert importing.result().inserted == 1
    assert verify(small_url).agrees


def test_two_imports_wait_for_each_other(small_url: str, tmp_path: Path) -> None:
    files = [sheet(tmp_path / name, "kinds", {"code": "SAME"}) for name in ("a.csv", "b.csv")]
    with ThreadPoolExecutor() as threads:
        reports = [threads.submit(import_file, small_url, "kinds", file) for file in files]
        assert sorted(report.result().inserted for report in reports) == [0, 1]


def test_reading_goes_on_during_an_import(small_url: str, tmp_path: Path) -> None:
    """And exporting does: both see what was there before."""
    with psycopg.connect(small_url) as operator:
        operator.execute("SELECT pg_advisory_xact_lock(%s)", [locks.IMPORT])
        operator.execute("LOCK TABLE submission, total, organization_position IN EXCLUSIVE MODE")
        assert verify(small_url).agrees
