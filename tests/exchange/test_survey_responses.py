"""Responses to surveys that cannot be taken in: each is rejected with a reason, and nothing is written."""

from pathlib import Path

import pytest

from exchange.importing import import_file
from tests.digests import digests
from tests.exchange.files import PSEUDONYM, Row, read, sheet

KIND = "survey-responses"
NEW = {"organization": "M"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"survey": "GENERAL"}, "survey"),
        ({"survey": "DRAFT"}, "survey"),
        ({"version": "2"}, "survey"),
        ({"organization": "NOBODY"}, "organization"),
        ({"user": "u9"}, "user"),
        ({"user": ""}, "user"),
        ({"user": "", "rater": PSEUDONYM.replace("1", "4")}, "rater_kind"),
        ({"answered_on": "2023-12-31"}, "answered_on"),
        ({"answered_on": "2025-01-01"}, "answered_on"),
        ({"answer.why": "FAR"}, "answer.why"),
        ({"answer.why": "NEAR|NEAR"}, "answer.why"),
        # Of this rater there is one about U already.
        ({"organization": "U"}, "code"),
        ({"code": "7"}, "code"),
    ],
)
def test_it_is_rejected_with_a_reason(untouched_url: str, tmp_path: Path, changes: Row, field: str) -> None:
    before = digests(untouched_url)
    report = import_file(
        untouched_url, KIND, sheet(tmp_path / "in.csv", KIND, {**NEW, **changes}), tmp_path / "out.csv"
    )
    assert (report.inserted, report.rejected) == (0, 1)
    assert field in read(tmp_path / "out.csv")[0]["field"]
    assert digests(untouched_url) == before


def test_one_rater_answers_once_in_a_file_too(small_url: str, tmp_path: Path) -> None:
    rows = [{**NEW, "code": PSEUDONYM.replace("1", digit)} for digit in "56"]
    report = import_file(small_url, KIND, sheet(tmp_path / "in.csv", KIND, *rows), tmp_path / "out.csv")
    assert (report.inserted, report.rejected) == (1, 1)


def test_what_is_stored_does_not_change(untouched_url: str, tmp_path: Path) -> None:
    before = digests(untouched_url)
    row = {"code": PSEUDONYM.replace("1", "7"), "answer.why": "NEAR"}
    report = import_file(untouched_url, KIND, sheet(tmp_path / "in.csv", KIND, row), tmp_path / "out.csv")
    assert (report.updated, report.rejected) == (0, 1)
    assert digests(untouched_url) == before
