"""Organizations that were merged go out and come in again, and files that know their old codes mean who took over."""

from pathlib import Path

import psycopg
import pytest

from exchange.exporting import export
from exchange.importing import ImportReport, import_file
from exchange.verification import verify
from models import merging, moving
from models.database import Database
from tests.digests import digests
from tests.exchange.files import Row, read, sheet
from tests.exchange.test_round_trip import copied

COUNTED = """SELECT organization.code, given.code, count(*) FROM submission
    JOIN organization ON organization.id = organization_id
    LEFT JOIN organization AS given ON given.id = given_to_id GROUP BY 1, 2 ORDER BY 1, 2"""
PARENT = """SELECT parent.code FROM organization_position AS place JOIN organization AS child ON child.id = organization_id
    JOIN organization AS parent ON parent.id = parent_id WHERE hierarchy = 'SUBORDINATION' AND child.code = %s"""


async def merge(url: str, code: str, into: str) -> None:
    """Merge an organization into another, as a registrar does."""
    with psycopg.connect(url) as connection:
        ids: dict[str, int] = dict(connection.execute("SELECT code, id FROM organization").fetchall())
    database = Database(url)
    await database.open()
    async with database.transaction() as connection:
        await moving.lock_trees(connection)
        await merging.merge(connection, ids[code], ids[into])
    await database.close()


@pytest.fixture
async def merged_url(small_url: str, tmp_path: Path) -> str:
    """The small country: R, which has U below it, was merged into ALONE. Before, it was exported."""
    for kind in ("organizations", "submissions"):
        export(small_url, kind, tmp_path / f"{kind}.before.csv")
    with psycopg.connect(small_url) as connection:
        connection.execute(
            "INSERT INTO organization_position (hierarchy, organization_id) SELECT 'SUBORDINATION', id"
            " FROM organization WHERE code = 'ALONE'"
        )
    await merge(small_url, "R", "ALONE")
    return small_url


def imported(url: str, directory: Path, kind: str, *rows: Row) -> ImportReport:
    return import_file(url, kind, sheet(directory / f"{kind}.csv", kind, *rows), directory / "rejects.csv")


def reasons(directory: Path) -> list[tuple[str, str]]:
    return [(row["field"], row["reason"]) for row in read(directory / "rejects.csv")]


async def test_a_country_with_merged_organizations_moves_house_exactly(
    merged_url: str, empty_url: str, tmp_path: Path
) -> None:
    copied(merged_url, empty_url, tmp_path)
    assert verify(empty_url).agrees
    with psycopg.connect(merged_url) as source, psycopg.connect(empty_url) as target:
        assert source.execute(COUNTED.encode()).fetchall() == target.execute(COUNTED.encode()).fetchall()


async def test_what_was_exported_before_a_merge_says_nothing_new_of_submissions(
    merged_url: str, tmp_path: Path
) -> None:
    before = digests(merged_url)
    report = import_file(merged_url, "submissions", tmp_path / "submissions.before.csv")
    assert (report.unchanged, report.rejected) == (report.read, 0)
    assert digests(merged_url) == before


async def test_a_submission_for_a_merged_organization_counts_for_who_took_it_over(
    merged_url: str, tmp_path: Path
) -> None:
    assert imported(merged_url, tmp_path, "submissions", {"code": "s9", "organization": "R"}).inserted == 1
    with psycopg.connect(merged_url) as connection:
        found = connection.execute(COUNTED.encode()).fetchall()
    assert ("ALONE", "R", 2) in found
    assert verify(merged_url).agrees


async def test_a_parent_by_its_old_code_is_who_took_it_over(merged_url: str, tmp_path: Path) -> None:
    rows: list[Row] = [
        {"code": "U", "subordinate_to": "R", "supervised_by": "M"},
        {"code": "N", "subordinate_to": "R", "supervised_by": ""},
    ]
    report = imported(merged_url, tmp_path, "organizations", *rows)
    assert (report.inserted, report.unchanged) == (1, 1)
    with psycopg.connect(merged_url) as connection:
        assert connection.execute(PARENT.encode(), ["N"]).fetchone() == ("ALONE",)
    assert verify(merged_url).agrees


async def test_what_was_merged_does_not_change(merged_url: str, tmp_path: Path) -> None:
    before = digests(merged_url)
    report = import_file(merged_url, "organizations", tmp_path / "organizations.before.csv", tmp_path / "rejects.csv")
    assert (report.unchanged, report.rejected) == (3, 1)
    assert reasons(tmp_path) == [("code", "was merged into another organization, and does not change")]
    assert digests(merged_url) == before


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"code": "U", "merged_into": "M"}, "is for a merge to say, not for an import"),
        ({"code": "N", "merged_into": "NOBODY"}, "no organization that stands for itself has this code"),
        ({"code": "N", "merged_into": "R"}, "no organization that stands for itself has this code"),
        ({"code": "N", "merged_into": "N"}, "no organization that stands for itself has this code"),
        ({"code": "N", "merged_into": "M", "closed_on": ""}, "is only for what is closed"),
        ({"code": "N", "merged_into": "M", "subordinate_to": "M"}, "is only for what stands in no tree"),
    ],
)
async def test_a_file_merges_nothing(merged_url: str, tmp_path: Path, row: Row, reason: str) -> None:
    before = digests(merged_url)
    places: Row = (
        {"subordinate_to": "R", "supervised_by": "M"}
        if row["code"] == "U"
        else dict.fromkeys(("subordinate_to", "supervised_by"), "")
    )
    closed = {} if row["code"] == "U" else {"closed_on": "2024-01-31"}
    assert imported(merged_url, tmp_path, "organizations", places | closed | row).rejected == 1
    assert reasons(tmp_path) == [("merged_into", reason)]
    assert digests(merged_url) == before
