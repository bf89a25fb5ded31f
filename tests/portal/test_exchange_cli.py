"""`portal import`, `portal export`, `portal verify` and `portal recount`, as an operator meets them."""

import re
from pathlib import Path

import psycopg
import pytest
import typer
from typer.testing import CliRunner, Result

from portal import exchange_cli
from tests.digests import digests
from tests.exchange.files import read, sheet

app = typer.Typer()
app.command("import")(exchange_cli.import_file)
app.command("export")(exchange_cli.export)
app.command("verify")(exchange_cli.verify)
app.command("recount")(exchange_cli.recount)


def portal(url: str, *words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], env={"DATABASE_URL": url, "COLUMNS": "200"})


def test_an_import_tells_what_became_of_the_rows(clone_url: str, tmp_path: Path) -> None:
    file = sheet(tmp_path / "kinds.csv", "kinds", {"code": "A"}, {"code": "B"})
    first = portal(clone_url, "import", "kinds", file)
    assert (first.exit_code, first.stdout) == (0, "2 rows read: 2 new, 0 changed, 0 as before, 0 rejected.\n")
    second = portal(clone_url, "import", "kinds", file)
    assert (second.exit_code, second.stdout) == (0, "2 rows read; nothing changed.\n")


def test_rejects_go_beside_the_file_and_the_exit_code_says_so(clone_url: str, tmp_path: Path) -> None:
    file = sheet(tmp_path / "kinds.csv", "kinds", {"code": "A"}, {"ordinal": "x"})
    result = portal(clone_url, "import", "kinds", file)
    assert result.exit_code == 1
    assert "kinds.rejects.csv" in result.stderr.replace("\n", "")
    assert read(tmp_path / "kinds.rejects.csv")[0]["field"] == "ordinal"


def test_rejects_go_where_they_are_wanted(clone_url: str, tmp_path: Path) -> None:
    file = sheet(tmp_path / "kinds.csv", "kinds", {"ordinal": "x"})
    assert portal(clone_url, "import", "kinds", file, "--rejects", tmp_path / "elsewhere.csv").exit_code == 1
    assert (tmp_path / "elsewhere.csv").exists()


def test_a_broken_file_is_a_sentence_and_changes_nothing(clone_url: str, tmp_path: Path) -> None:
    (tmp_path / "kinds.csv").write_text("code\n[bold]A[/bold]\n")
    before = digests(clone_url)
    result = portal(clone_url, "import", "kinds", tmp_path / "kinds.csv")
    assert result.exit_code == 2
    assert "line 1: missing column 'ordinal', 'name_be', 'name_ru', 'name_en'" in result.stderr
    assert "Traceback" not in result.output
    assert digests(clone_url) == before


@pytest.mark.parametrize("words", [("import", "planets", "x.csv"), ("export", "planets", "x.csv")])
def test_an_unknown_kind_is_a_sentence(words: tuple[str, ...], seeded_url: str) -> None:
    result = portal(seeded_url, *words)
    assert result.exit_code == 2
    assert "kind: is none of kinds, areas, services" in result.stderr


def test_a_database_that_is_away_is_a_sentence(tmp_path: Path) -> None:
    result = portal(f"postgresql:///nothing?host={tmp_path}", "verify")
    assert result.exit_code == 2
    assert "connection" in result.stderr
    assert "Traceback" not in result.output


def test_what_is_exported_can_be_imported(clone_url: str, tmp_path: Path) -> None:
    assert portal(clone_url, "export", "organizations", tmp_path / "organizations.geojson").exit_code == 0
    result = portal(clone_url, "import", "organizations", tmp_path / "organizations.geojson")
    assert re.fullmatch(r"\d+ rows read; nothing changed\.\n", result.stdout)


def test_verify_says_that_all_agrees(seeded_url: str) -> None:
    result = portal(seeded_url, "verify")
    assert result.exit_code == 0
    assert re.fullmatch(r"All \d+ totals agree with the scores of \d+ submissions\.\n", result.stdout)


def test_verify_shows_what_does_not(clone_url: str) -> None:
    with psycopg.connect(clone_url) as connection:
        connection.execute("UPDATE total SET raters = raters - 1 WHERE raters > 1")
        connection.execute("DELETE FROM total WHERE raters = 0")
    result = portal(clone_url, "verify")
    assert result.exit_code == 1
    assert "Totals that differ" in result.stdout
    assert "Totals that are missing" in result.stdout
    assert re.search(r"and \d+ more", result.stdout)
    assert "of the numbers that were checked are wrong" in result.stderr


def test_recounting_makes_right_what_is_wrong_and_tells_how_much(clone_url: str) -> None:
    with psycopg.connect(clone_url) as connection:
        wrong = connection.execute("UPDATE total SET raters = raters - 1 WHERE raters > 1").rowcount
        wrong += connection.execute("DELETE FROM month_total WHERE organization_id % 3 = 0").rowcount
    result = portal(clone_url, "recount")
    assert (result.exit_code, result.stdout) == (0, f"{wrong} rows of totals were wrong, and are right now.\n")
    assert portal(clone_url, "verify").exit_code == 0
    assert portal(clone_url, "recount").stdout == "All totals were right.\n"


def test_recounting_what_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    result = portal(f"postgresql:///nothing?host={tmp_path}", "recount")
    assert result.exit_code == 2
    assert "Traceback" not in result.output
