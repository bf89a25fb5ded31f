"""Whatever an import changes, it leaves an event on the audit trail; what it refuses changes nothing."""

import hashlib
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest

from exchange.importing import import_file
from tests.digests import digests
from tests.exchange.files import SMALL_COUNTRY, Row, read, sheet
from tests.trails import trail

NEW = {"code": "s8"}
WITHDRAWN = {"code": "s9", "status": "WITHDRAWN", "status_at": "2024-05-03T00:00:00Z"}
REJECTED = {"code": "s10", "status": "REJECTED", "status_at": "2024-05-03T00:00:00Z"}
STATUS: LiteralString = "SELECT status::text FROM submission WHERE code = %s"


def imported(url: str, path: Path, kind: str, *rows: Row) -> list[tuple[Any, ...]]:
    """The events that importing some rows adds."""
    before = len(trail(url))
    import_file(url, kind, sheet(path, kind, *rows), path.with_name("rejects.csv"))
    return trail(url)[before:]


def event(path: Path, kind: str, *, inserted: int = 0, updated: int = 0, rejected: int = 0, **more: int) -> Any:
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    counts = {"inserted": inserted, "updated": updated, "rejected": rejected, **more}
    return None, "DATA_IMPORTED", None, {"kind": kind, "digest": sha256, **counts}


def test_submissions_that_come_leave_an_event(small_url: str, tmp_path: Path) -> None:
    path = tmp_path / "said.csv"
    events = imported(small_url, path, "submissions", NEW, WITHDRAWN, REJECTED, {"code": "s11", "channel": "SMOKE"})
    assert events == [event(path, "submissions", inserted=3, rejected=1, withdrawn=1, ruledOut=1)]


def test_a_register_that_changes_leaves_an_event(small_url: str, tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    events = imported(small_url, path, "organizations", {"code": "NEW"}, {"code": "ALONE", "name_en": "Other"})
    assert events == [event(path, "organizations", inserted=1, updated=1)]


@pytest.mark.parametrize("status", ["WITHDRAWN", "REJECTED"])
def test_an_import_changes_no_status(small_url: str, tmp_path: Path, status: str) -> None:
    said = SMALL_COUNTRY["submissions"][0]
    assert imported(small_url, tmp_path / "same.csv", "submissions", said) == []
    before = digests(small_url)
    ended = said | {"status": status, "status_at": "2024-05-03T00:00:00Z"}
    assert imported(small_url, tmp_path / "ended.csv", "submissions", ended) == []
    assert digests(small_url) == before
    (row,) = read(tmp_path / "rejects.csv")
    assert (row["field"], row["reason"]) == (
        "status, status_at",
        "is stored already with another value, and does not change",
    )


def test_nor_does_it_let_a_rejected_one_count_again(small_url: str, tmp_path: Path) -> None:
    with psycopg.connect(small_url) as connection:
        assert connection.execute(STATUS, ["s5"]).fetchone() == ("REJECTED",)
    before = digests(small_url)
    assert imported(small_url, tmp_path / "again.csv", "submissions", {"code": "s5"}) == []
    assert digests(small_url) == before


def test_a_broken_file_leaves_none(small_url: str, tmp_path: Path) -> None:
    before = trail(small_url)
    with pytest.raises(Exception, match="unknown column"):
        import_file(small_url, "submissions", sheet(tmp_path / "broken.csv", "submissions", NEW | {"nonsense": "1"}))
    assert trail(small_url) == before
