"""What goes out comes back in exactly, and coming in twice changes nothing."""

from pathlib import Path

import psycopg
import pytest

from exchange.errors import BrokenFile
from exchange.exporting import export
from exchange.importing import ImportReport, import_file
from exchange.kinds import KINDS, kind_of
from exchange.verification import verify
from models.errors import InputError
from tests.digests import digests
from tests.exchange.files import SMALL_COUNTRY, VALID, Row, read, sheet

GEOGRAPHIC = ("areas", "organizations")

AWKWARD = [
    '=HYPERLINK("http://example.org")',
    "+375 17 000",
    "-1",
    "@home",
    "a,b;c|d",
    'say "yes"',
    "two\nlines",
    "three\r\nmore\rlines",
    " blanks around ",
    "\ufeffmark",
    "\\.",
    "\\N",
    "Ў ё і ’ 🙂",
    "NULL",
    "\t",
]


def copied(source: str, target: str, directory: Path, kinds: tuple[str, ...] = tuple(KINDS)) -> None:
    """Export every kind, import it elsewhere, export it there: the files are the same, byte for byte."""
    for kind in kinds:
        file = directory / f"{kind}.csv"
        again = directory / f"{kind}.again.csv"
        export(source, kind, file)
        report = import_file(target, kind, file, directory / "rejects.csv")
        export(target, kind, again)
        assert report.inserted == report.read > 0, (kind, report)
        assert again.read_bytes() == file.read_bytes(), kind


def test_a_country_moves_house_exactly(seeded_url: str, empty_url: str, tmp_path: Path) -> None:
    copied(seeded_url, empty_url, tmp_path)
    assert verify(empty_url).agrees
    totals = """
        SELECT md5(string_agg(concat_ws(' ', code, pool, submissions, mark_sum, satisfied, raters, marks), ','
                              ORDER BY code, pool))
        FROM total JOIN organization ON organization.id = organization_id"""
    with psycopg.connect(seeded_url) as source, psycopg.connect(empty_url) as target:
        assert source.execute(totals).fetchone() == target.execute(totals).fetchone()


def test_visits_that_were_verified_stay_so(untouched_url: str, empty_url: str, tmp_path: Path) -> None:
    copied(untouched_url, empty_url, tmp_path)
    with psycopg.connect(empty_url) as connection:
        assert connection.execute("SELECT code FROM submission WHERE verified").fetchall() == [("s4",)]


def test_geojson_moves_house_exactly(seeded_url: str, empty_url: str, tmp_path: Path) -> None:
    for kind in KINDS:
        file = tmp_path / f"{kind}.{'geojson' if kind in GEOGRAPHIC else 'csv'}"
        again = tmp_path / f"again.{file.name}"
        export(seeded_url, kind, file)
        import_file(empty_url, kind, file)
        export(empty_url, kind, again)
        assert again.read_bytes() == file.read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_file_twice_changes_nothing_and_says_so(kind: str, clone_url: str, tmp_path: Path) -> None:
    file = tmp_path / f"{kind}.csv"
    export(clone_url, kind, file)
    before = digests(clone_url)
    report = import_file(clone_url, kind, file)
    assert report == ImportReport(report.read, 0, 0, report.read, 0)
    assert report.read > 0
    assert digests(clone_url) == before


@pytest.mark.parametrize("kind", GEOGRAPHIC)
def test_geojson_and_csv_say_the_same(kind: str, clone_url: str, tmp_path: Path) -> None:
    file = tmp_path / f"{kind}.geojson"
    export(clone_url, kind, file)
    before = digests(clone_url)
    report = import_file(clone_url, kind, file)
    assert report.unchanged == report.read > 0
    assert digests(clone_url) == before


@pytest.mark.parametrize("kind", KINDS)
def test_the_files_of_the_small_country_change_nothing_either(kind: str, untouched_url: str, tmp_path: Path) -> None:
    """Unlike exports they leave cells empty that have defaults, and put lists in any order."""
    before = digests(untouched_url)
    rows = SMALL_COUNTRY[kind]
    report = import_file(untouched_url, kind, sheet(tmp_path / "again.csv", kind, *rows))
    assert report == ImportReport(len(rows), 0, 0, len(rows), 0)
    assert digests(untouched_url) == before


def test_awkward_texts_come_back_exactly(small_url: str, empty_url: str, tmp_path: Path) -> None:
    """A cell that a spreadsheet would run as a formula stays as it is: see docs/import.md."""
    names: list[Row] = [{"code": f"K{i}", "name_en": text} for i, text in enumerate(AWKWARD)]
    assert import_file(small_url, "kinds", sheet(tmp_path / "names.csv", "kinds", *names)).inserted == len(AWKWARD)
    copied(small_url, empty_url, tmp_path, ("kinds", "areas", "services"))
    with psycopg.connect(empty_url) as connection:
        stored = connection.execute("SELECT name_en FROM organization_kind WHERE code LIKE 'K%'").fetchall()
    assert {name for (name,) in stored} == set(AWKWARD)


def test_awkward_texts_come_back_from_geojson(small_url: str, tmp_path: Path) -> None:
    names: list[Row] = [{"code": f"K{i}", "name_en": text} for i, text in enumerate(AWKWARD)]
    import_file(small_url, "areas", sheet(tmp_path / "names.csv", "areas", *names))
    export(small_url, "areas", tmp_path / "areas.geojson")
    before = digests(small_url)
    assert import_file(small_url, "areas", tmp_path / "areas.geojson").unchanged == len(AWKWARD) + 3
    assert digests(small_url) == before


def test_an_employee_is_never_exported(small_url: str, tmp_path: Path) -> None:
    with psycopg.connect(small_url) as connection:
        connection.execute(
            "INSERT INTO employee_mention SELECT id, 'Anna Secret', '2030-01-01' FROM submission WHERE code = 's1'"
        )
    for kind in KINDS:
        export(small_url, kind, tmp_path / kind)
        assert "Anna Secret" not in (tmp_path / kind).read_text()
    assert not any("employee" in column for column in read(tmp_path / "submissions")[0])


def test_an_export_is_for_its_owner_only(untouched_url: str, tmp_path: Path) -> None:
    export(untouched_url, "users", tmp_path / "users.csv")
    assert (tmp_path / "users.csv").stat().st_mode & 0o077 == 0


def test_an_export_that_fails_leaves_the_old_file(small_url: str, tmp_path: Path) -> None:
    file = tmp_path / "users.csv"
    file.write_text("old")
    with psycopg.connect(small_url) as connection:
        connection.execute("ALTER TABLE account RENAME TO gone")
    with pytest.raises(psycopg.Error):
        export(small_url, "users", file)
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_an_export_into_nowhere_is_refused(untouched_url: str, tmp_path: Path) -> None:
    with pytest.raises(BrokenFile, match="cannot be written: No such file or directory"):
        export(untouched_url, "users", tmp_path / "missing" / "users.csv")


@pytest.mark.parametrize("call", [import_file, export])
def test_an_unknown_kind_is_refused(call: object, untouched_url: str, tmp_path: Path) -> None:
    assert callable(call)
    with pytest.raises(InputError, match="kind: is none of kinds, areas"):
        call(untouched_url, "planets", sheet(tmp_path / "planets.csv", "kinds"))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in GEOGRAPHIC])
def test_kinds_without_a_geometry_are_no_geojson(kind: str, untouched_url: str, tmp_path: Path) -> None:
    with pytest.raises(BrokenFile, match="have no geometry"):
        export(untouched_url, kind, tmp_path / "file.geojson")


def test_an_export_has_the_columns_of_an_import(untouched_url: str, tmp_path: Path) -> None:
    for kind in KINDS:
        export(untouched_url, kind, tmp_path / kind)
        assert set(VALID[kind]) <= set(read(tmp_path / kind)[0])


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_is_documented(kind: str, seeded_url: str) -> None:
    """In the section of its kind, in code letters."""
    guide = (Path(__file__).parents[2] / "docs" / "import.md").read_text()
    section = guide.split(f"\n## {kind}\n")[1].split("\n## ")[0]
    with psycopg.connect(seeded_url) as connection:
        columns = kind_of(kind, connection).columns
    assert [column.name for column in columns if f"`{column.name}`" not in section] == []
