"""Questionnaires: a form is taken whole or not at all, and once published it stays."""

from pathlib import Path

import psycopg
import pytest

from exchange.importing import ImportReport, import_file
from tests.digests import digests
from tests.exchange.files import FORMS, Row, asks, form, option, question, read, sheet

PUBLISHED = {"published_at": "2024-01-01T00:00:00Z"}
NEW: list[Row] = [
    form("NEW", "1", **PUBLISHED),
    asks("NEW", "1", "A", "1"),
    asks("NEW", "1", "B", "2"),
    question("NEW", "1", "how", "1", "CHOICE"),
    option("NEW", "1", "how", "BUS", "1"),
]
GENERAL_2 = [row for row in FORMS if (row["questionnaire"], row["version"]) == ("GENERAL", "2")]


def take(url: str, directory: Path, *rows: Row) -> ImportReport:
    file = sheet(directory / "questionnaires.csv", "questionnaires", *rows)
    return import_file(url, "questionnaires", file, directory / "rejects.csv")


def changed(rows: list[Row], number: int, **cells: str) -> list[Row]:
    """The rows with some cells of one of them changed."""
    return [row | cells if i == number else row for i, row in enumerate(rows)]


# What is wrong with the new form, the line where it is told, its field, and how the reason begins.
WRONG: dict[str, tuple[list[Row], int, str, str]] = {
    "no form": (NEW[1:], 2, "part", "has no row FORM in this file"),
    "bad code": (changed(NEW[:1], 0, questionnaire="a b"), 2, "questionnaire", "is no code"),
    "unknown part": (changed(NEW, 2, part="PAGE"), 4, "part", "is none of CRITERION, FORM"),
    "no version": (changed(NEW, 2, version=""), 4, "version", "is missing"),
    "version 0": (changed(NEW, 2, version="0"), 4, "version", "is not a whole number from 1"),
    "unknown criterion": (changed(NEW, 2, code="Z"), 4, "code", "no criterion has this code"),
    "criterion with a text": (changed(NEW, 2, text_en="Nice"), 4, "text_be", "is needed in one language"),
    "question without a text": (changed(NEW, 3, text_en=""), 5, "text_be", "is needed in one language"),
    "no position": (changed(NEW, 2, position=""), 4, "position", "is needed for CRITERION"),
    "position of a form": (changed(NEW, 0, position="1"), 2, "position", "is needed for CRITERION"),
    "position above 16": (changed(NEW, 2, position="17"), 4, "position", "is above 16"),
    "position twice": (changed(NEW, 2, position="1"), 4, "position", "is taken by another part"),
    "gap": (changed(NEW, 2, position="3"), 2, "part", "has criteria whose positions are not 1, 2, 3"),
    "no criteria": ([form("NEW", "1", **PUBLISHED)], 2, "part", "has criteria whose positions"),
    "no basic criterion": ([NEW[0], NEW[1]], 2, "part", "lacks a basic criterion"),
    "question without a type": (changed(NEW, 3, type=""), 5, "type", "is needed for QUESTION"),
    "unknown type": (changed(NEW, 3, type="STARS"), 5, "type", "is none of CHOICE"),
    "required neither way": (changed(NEW, 3, required=""), 5, "required", "is needed for QUESTION"),
    "choice without options": (NEW[:4], 5, "type", "offers no option"),
    "option without a question": (changed(NEW, 4, question=""), 6, "question", "is needed for OPTION"),
    "option of no question": (changed(NEW, 4, question="why"), 6, "question", "is no choice of this questionnaire"),
    "option of a text": (changed(NEW, 3, type="TEXT"), 6, "question", "is no choice of this questionnaire"),
    "part twice": ([*NEW, NEW[1]], 7, "code", "already"),
    "two places": (changed(NEW, 0, sphere="S1", service="V1"), 2, "sphere", "is not the only one it is for"),
    "unknown sphere": (changed(NEW, 0, sphere="S9"), 2, "sphere", "no sphere has this code"),
    "unknown organization": (
        changed(NEW, 0, organization="NOBODY"),
        2,
        "organization",
        "no organization has this code",
    ),
    "owner without a tree": (changed(NEW, 0, owner="R"), 2, "hierarchy", "goes with owner"),
    "unknown owner": (changed(NEW, 0, owner="X", hierarchy="SUBORDINATION"), 2, "owner", "no organization has this"),
    "survey without an end": (changed(NEW, 0, opens_on="2024-01-01"), 2, "closes_on", "goes with opens_on"),
    "survey with criteria": (
        changed(NEW, 0, opens_on="2024-01-01", closes_on="2024-01-31"),
        2,
        "opens_on",
        "is for surveys, which have questions and no criteria",
    ),
    "sphere of a criterion": (changed(NEW, 1, sphere="S1"), 3, "sphere", "is for FORM only"),
    "retired early": (changed(NEW, 0, retired_at="2023-12-31T00:00:00Z"), 2, "retired_at", "is too early"),
    "retired draft": (
        changed(NEW, 0, published_at="", retired_at="2023-12-31T00:00:00Z"),
        2,
        "retired_at",
        "is too early",
    ),
}


def test_one_wrong_row_keeps_its_whole_form_out(small_url: str, tmp_path: Path) -> None:
    """Each wrong form has a code of its own, unless it is the code that is wrong."""
    forms = [
        [row | {"questionnaire": row["questionnaire"].replace("NEW", f"NEW{i}")} for row in rows]
        for i, (rows, _, _, _) in enumerate(WRONG.values())
    ]
    count = sum(map(len, forms))
    before = digests(small_url)
    assert take(small_url, tmp_path, *(row for rows in forms for row in rows)) == ImportReport(count, 0, 0, 0, count)
    assert digests(small_url) == before
    told = read(tmp_path / "rejects.csv")
    for name, (rows, line, field, reason) in WRONG.items():
        row = told[line - 2]
        del told[: len(rows)]
        assert field in row["field"].split("; "), name
        assert reason in row["reason"], name


def test_other_forms_of_the_file_go_in(small_url: str, tmp_path: Path) -> None:
    others = [row | {"questionnaire": "OTHER"} for row in NEW]
    report = take(small_url, tmp_path, *changed(NEW, 2, position="x"), *others)
    assert report == ImportReport(10, 5, 0, 0, 5)
    reasons = {row["line"]: row["reason"] for row in read(tmp_path / "rejects.csv")}
    assert reasons["2"] == "has another row that is wrong"
    assert reasons["4"].startswith("is not a whole number")


def test_a_wrong_row_of_no_form_keeps_all_forms_out(small_url: str, tmp_path: Path) -> None:
    """It might belong to any of them, and a published form could not be mended."""
    others = [row | {"questionnaire": "OTHER"} for row in NEW]
    assert take(small_url, tmp_path, *changed(NEW, 2, questionnaire=""), *others).rejected == 10


@pytest.mark.parametrize(
    "rows",
    [
        changed(GENERAL_2, 0, text_en="Other title"),
        changed(GENERAL_2, 0, published_at="2023-01-02T00:00:00Z"),
        changed(GENERAL_2, 0, published_at=""),
        changed(GENERAL_2, 0, sphere="S1"),
        GENERAL_2[:-2],
        [*GENERAL_2, question("GENERAL", "2", "more", "9", "TEXT")],
        changed(GENERAL_2, 5, text_en="Other option"),
    ],
)
def test_a_published_form_does_not_change(rows: list[Row], small_url: str, tmp_path: Path) -> None:
    before = digests(small_url)
    assert take(small_url, tmp_path, *rows).rejected == len(rows)
    assert read(tmp_path / "rejects.csv")[0]["reason"].startswith("is published already with other content")
    assert digests(small_url) == before


def test_a_published_form_retires_and_makes_room_for_the_next(small_url: str, tmp_path: Path) -> None:
    next_one = [
        form("GENERAL", "3", published_at="2024-01-01T00:00:00Z"),
        asks("GENERAL", "3", "B", "1"),
        asks("GENERAL", "3", "A", "2"),
    ]
    retired = changed(GENERAL_2, 0, retired_at="2024-01-01T00:00:00Z")
    assert take(small_url, tmp_path, *next_one, *retired) == ImportReport(15, 3, 1, 11, 0)
    with psycopg.connect(small_url) as connection:
        current = connection.execute(
            "SELECT version FROM questionnaire WHERE code = 'GENERAL' AND retired_at IS NULL"
        ).fetchall()
    assert current == [(3,)]


def test_two_versions_cannot_be_current(small_url: str, tmp_path: Path) -> None:
    before = digests(small_url)
    second = [row | {"questionnaire": "GENERAL", "version": "3"} for row in NEW]
    assert take(small_url, tmp_path, *second).rejected == 5
    assert read(tmp_path / "rejects.csv")[0]["reason"] == "is missing: another version is current"
    assert take(small_url, tmp_path, *NEW, *(row | {"version": "2"} for row in NEW)) == ImportReport(10, 5, 0, 0, 5)
    assert digests(small_url) != before


@pytest.mark.parametrize(
    ("rows", "stored"),
    [
        ([form("DRAFT", "1", sphere="S2"), asks("DRAFT", "1", "A", "1")], (1, 0, False)),
        ([form("DRAFT", "1", sphere="S1")], (0, 0, False)),
        ([row | {"questionnaire": "DRAFT"} for row in NEW], (2, 1, True)),
    ],
)
def test_a_draft_is_written_anew(
    rows: list[Row], stored: tuple[int, int, bool], small_url: str, tmp_path: Path
) -> None:
    report = take(small_url, tmp_path, *rows)
    assert report == ImportReport(len(rows), 0, len(rows), 0, 0)
    with psycopg.connect(small_url) as connection:
        found = connection.execute("""
            SELECT (SELECT count(*) FROM questionnaire_criterion WHERE questionnaire_id = questionnaire.id),
                   (SELECT count(*) FROM question WHERE questionnaire_id = questionnaire.id), published_at IS NOT NULL
            FROM questionnaire WHERE code = 'DRAFT'""").fetchall()
    assert found == [stored]
    assert take(small_url, tmp_path, *rows) == ImportReport(len(rows), 0, 0, len(rows), 0)


def test_a_survey_of_an_owner_is_taken_with_its_days(small_url: str, tmp_path: Path) -> None:
    days = {"opens_on": "2024-01-01", "closes_on": "2024-01-31", "owner": "R", "hierarchy": "SUBORDINATION"}
    survey = [row for row in changed(NEW, 0, **days) if row["part"] != "CRITERION"]
    assert take(small_url, tmp_path, *survey) == ImportReport(3, 3, 0, 0, 0)
    assert take(small_url, tmp_path, *survey) == ImportReport(3, 0, 0, 3, 0)


@pytest.mark.parametrize(("moment", "lacks"), [("2023-12-31T20:59:59Z", False), ("2023-12-31T21:00:00Z", True)])
def test_a_criterion_is_compulsory_from_midnight_in_the_portals_time_zone(
    small_url: str, tmp_path: Path, moment: str, lacks: bool
) -> None:
    """Whatever the session's time zone is: in Minsk the new year begins three hours before that of UTC."""
    with psycopg.connect(small_url) as connection:
        connection.execute(
            "INSERT INTO criterion (code, ordinal, valid_from, name_en) VALUES ('LATE', 9, '2024-01-01', 'Late')"
        )
    report = take(small_url, tmp_path, *changed(NEW, 0, published_at=moment))
    assert (report.rejected == len(NEW)) == lacks
