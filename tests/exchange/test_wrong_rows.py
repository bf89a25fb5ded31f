"""A row that is wrong goes to the rejects with its line, field and reason; what is right goes in."""

import json
from pathlib import Path

import pytest

from exchange.importing import ImportReport, import_file
from tests.digests import digests
from tests.exchange.files import BOUNDARY, PSEUDONYM, VALID, Row, read, sheet

NAMELESS = {"name_be": "", "name_ru": "", "name_en": ""}
BOWTIE = BOUNDARY.replace("[28,54]", "[27,54],[28,54]").replace("[27,53],[28,53]", "[27,53],[28,53],[27,53.5]")

# Cells that make a valid row wrong, the field that is named, and how the reason begins.
Wrong = tuple[Row, str, str]

WRONG: dict[str, list[Wrong]] = {
    "kinds": [
        ({"code": ""}, "code", "is missing"),
        ({"code": "has blank"}, "code", "is no code"),
        ({"code": "x" * 65}, "code", "is no code"),
        ({"code": "-x"}, "code", "is no code"),
        ({"ordinal": ""}, "ordinal", "is missing"),
        ({"ordinal": "1.5"}, "ordinal", "is not a whole number"),
        ({"ordinal": "٣"}, "ordinal", "is not a whole number"),
        ({"ordinal": "40000"}, "ordinal", "is not a whole number"),
        ({"ordinal": "--1"}, "ordinal", "is not a whole number"),
        ({"ordinal": "1_0"}, "ordinal", "is not a whole number"),
        ({"ordinal": " 1"}, "ordinal", "is not a whole number"),
        ({"ordinal": "9" * 5000}, "ordinal", "is not a whole number"),
        (NAMELESS, "name_be", "has no name in any language"),
        ({"name_ru": "  "}, "name_ru", "is blank"),
    ],
    "areas": [
        ({"parent": "NOWHERE"}, "parent", "no area has this code"),
        ({"code": "BY", "parent": "BY-1"}, "parent", "would stand above and below the same one"),
        ({"code": "SELF", "parent": "SELF"}, "parent", "would stand above and below the same one"),
        ({"boundary": "somewhere"}, "boundary", "is not a JSON object"),
        ({"boundary": '{"type":"Point","coordinates":[1,2]}'}, "boundary", "is neither a Polygon"),
        ({"boundary": BOUNDARY.replace("[27,53]]]", "[27,54]]]")}, "boundary", "has a ring that is not closed"),
        ({"boundary": BOUNDARY.replace("[28,53],[28,54],", "")}, "boundary", "has a ring that is not closed"),
        ({"boundary": BOUNDARY.replace("54", "94")}, "boundary", "is not a number of degrees from -90 to 90"),
        ({"boundary": BOUNDARY.replace("54", "true")}, "boundary", "is not a number of degrees"),
        ({"boundary": BOUNDARY.replace("54", "54,1")}, "boundary", "has a position that is not"),
        ({"boundary": '{"type":"Polygon"}'}, "boundary", "has no coordinates"),
        ({"boundary": '{"type":"MultiPolygon","coordinates":[]}'}, "boundary", "has no coordinates"),
        ({"boundary": BOWTIE}, "boundary", "crosses or touches itself"),
        (NAMELESS, "name_be", "has no name in any language"),
    ],
    "services": [
        ({"level": "BRANCH"}, "level", "is none of CATEGORY, SERVICE, SPHERE"),
        ({"within": ""}, "within", "is for categories and services"),
        ({"within": "C9"}, "within", "no category has this code"),
        ({"within": "S1"}, "within", "no category has this code"),
        ({"level": "CATEGORY", "within": "C1", "ordinal": "1"}, "within", "no sphere has this code"),
        ({"level": "SPHERE", "ordinal": "1"}, "within", "is for categories and services"),
        ({"level": "SPHERE", "within": ""}, "ordinal", "is for spheres and categories"),
        ({"ordinal": "1"}, "ordinal", "is for spheres and categories"),
    ],
    "criteria": [
        ({"sphere": "S9"}, "sphere", "no sphere has this code"),
        ({"sphere": "", "service": "V0"}, "service", "no service has this code"),
        ({"service": "V1"}, "service", "is there beside a sphere"),
        ({"valid_from": ""}, "valid_from", "is missing"),
        ({"valid_from": "2024-02-30"}, "valid_from", "is not a date"),
        ({"valid_from": "20240101"}, "valid_from", "is not a date"),
        ({"valid_from": "2024-W01-1"}, "valid_from", "is not a date"),
        ({"valid_from": "01.02.2024"}, "valid_from", "is not a date"),
        ({"valid_to": "2023-12-31"}, "valid_to", "comes before valid_from"),
        ({"code": "A"}, "sphere", "differs from what published questionnaires were made with"),
    ],
    "organizations": [
        ({"kind": "CLUB"}, "kind", "no organization kind has this code"),
        ({"kind": ""}, "kind", "is missing"),
        ({"registration": "statutory"}, "registration", "is none of STATUTORY, VOLUNTARY"),
        ({"area": "MOON"}, "area", "no area has this code"),
        ({"closed_on": "2019-12-31"}, "closed_on", "comes before opened_on"),
        ({"subordinate_to": "NOBODY"}, "subordinate_to", "no organization has this code"),
        ({"supervised_by": "NOBODY"}, "supervised_by", "no organization has this code"),
        ({"code": "SELF", "subordinate_to": "SELF"}, "subordinate_to", "would stand above and below the same one"),
        ({"code": "M", "kind": "MIN", "subordinate_to": "U"}, "subordinate_to", "would stand above and below"),
        ({"longitude": ""}, "latitude", "is a place only together with longitude"),
        ({"latitude": ""}, "latitude", "is a place only together with longitude"),
        ({"longitude": "181"}, "longitude", "is not a number of degrees from -180 to 180"),
        ({"latitude": "-90.5"}, "latitude", "is not a number of degrees from -90 to 90"),
        ({"longitude": "nan"}, "longitude", "is not a number of degrees"),
        ({"longitude": "27,5"}, "longitude", "is not a number of degrees"),
        ({"longitude": "2_7"}, "longitude", "is not a number of degrees"),
        ({"spheres": "S1|S9"}, "spheres", "no sphere has one of these codes"),
        ({"services": "V9"}, "services", "no service has one of these codes"),
        ({"spheres": "S1||S2"}, "spheres", "has an empty place"),
        (NAMELESS, "name_be", "has no name in any language"),
    ],
    "users": [
        ({"kind": "ROBOT"}, "kind", "is none of BUSINESS, PERSON"),
        ({"email": "U1@Example.org"}, "email", "is another account's already"),
        ({"pseudonym": "me"}, "pseudonym", "is not a UUID"),
        ({"pseudonym": PSEUDONYM}, "pseudonym", "is another account's already"),
        (
            {"code": "u1", "pseudonym": PSEUDONYM.replace("1", "7")},
            "pseudonym",
            "differs from the stored one, and does not change",
        ),
        ({"registered_at": "2024-01-01"}, "registered_at", "is not a moment"),
        ({"registered_at": "2024-01-01T00:00:00"}, "registered_at", "is not a moment"),
    ],
    "submissions": [
        ({"organization": "NOBODY"}, "organization", "no organization has this code"),
        ({"user": "nobody"}, "user", "no account has this code"),
        ({"user": ""}, "user", "is needed, or else rater, and not both"),
        ({"rater": PSEUDONYM}, "user", "is needed, or else rater, and not both"),
        ({"user": "", "rater": PSEUDONYM.replace("1", "9")}, "rater_kind", "is needed for a rater who is not known"),
        ({"user": "", "rater": "me"}, "rater", "is not a UUID"),
        ({"rater_kind": "ROBOT"}, "rater_kind", "is none of BUSINESS, PERSON"),
        ({"questionnaire": "OTHER"}, "questionnaire", "no published questionnaire has this code and version"),
        ({"questionnaire": "DRAFT", "version": "1"}, "questionnaire", "no published questionnaire"),
        ({"version": "3"}, "questionnaire", "no published questionnaire has this code and version"),
        ({"version": "0"}, "version", "is not a whole number from 1"),
        ({"service": "V0"}, "service", "no service has this code"),
        ({"channel": "FAX"}, "channel", "is none of IN_PERSON, ONLINE, PHONE, POST"),
        ({"visited_on": "2024-05-03"}, "visited_on", "comes after the submission"),
        ({"placement": "the desk"}, "placement", "is no tag of a QR code"),
        ({"submitted_at": "2999-01-01T00:00:00Z"}, "submitted_at", "is in the future"),
        ({"submitted_at": "yesterday"}, "submitted_at", "is not a moment"),
        ({"status": "LOST"}, "status", "is none of COUNTED, REJECTED, WITHDRAWN"),
        ({"status": "WITHDRAWN"}, "status_at", "is needed for a submission that is not counted"),
        ({"score.A": "6"}, "score.A", "is not a whole number from 1 to 5"),
        ({"score.A": "0"}, "score.A", "is not a whole number from 1 to 5"),
        ({"score.A": "4.5"}, "score.A", "is not a whole number from 1 to 5"),
        ({"score.A": ""}, "score.A", "is missing, and basic"),
        ({"score.A": "", "score.B": ""}, "score", "is missing for every criterion"),
        ({"version": "1", "score.X": "3"}, "score.X", "is not on this questionnaire"),
        ({"comment": "x" * 10_001}, "comment", "is longer than 10,000 characters"),
        ({"comment": "   "}, "comment", "is blank"),
        ({"comment": ""}, "review_state", "is only for comments"),
        ({"review_state": "yes"}, "review_state", "is none of HIDDEN, PENDING, PRIVATE, PUBLISHED"),
        ({"verified": "perhaps"}, "verified", "is neither true nor false"),
        ({"answer.how": "FOOT|PLANE"}, "answer.how", "is no option, or the same one twice"),
        ({"answer.how": "FOOT|FOOT"}, "answer.how", "is no option, or the same one twice"),
        ({"answer.where": "HERE|HERE"}, "answer.where", "is no option, or the same one twice"),
        ({"answer.again": "maybe"}, "answer.again", "is neither true nor false"),
        ({"answer.minutes": "ten"}, "answer.minutes", "is not a number"),
        ({"version": "1", "answer.what": "all"}, "answer.what", "is not on this questionnaire"),
        ({"code": "s1"}, "score.X, answer.how, answer.what", "is stored already with another value"),
        (
            {"code": "s2", "organization": "U", "score.A": "1"},
            "organization, comment, review_state",
            "is stored already",
        ),
    ],
}


def wrong_rows(kind: str) -> list[Row]:
    """Each wrong in its own way only: whatever must be unique is."""
    apart = {"email": ""} if kind == "users" else {}
    return [apart | {"code": f"W{i}"} | cells for i, (cells, _, _) in enumerate(WRONG[kind])]


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_rows_alone_change_nothing(kind: str, untouched_url: str, tmp_path: Path) -> None:
    before = digests(untouched_url)
    file = sheet(tmp_path / "wrong.csv", kind, *wrong_rows(kind))
    count = len(WRONG[kind])
    assert import_file(untouched_url, kind, file, tmp_path / "rejects.csv") == ImportReport(count, 0, 0, 0, count)
    assert digests(untouched_url) == before


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_rows_are_told_and_right_ones_go_in(kind: str, small_url: str, tmp_path: Path) -> None:
    file, rejects = tmp_path / "mixed.csv", tmp_path / "rejects.csv"
    sheet(
        file,
        kind,
        {"code": "FIRST"},
        *wrong_rows(kind),
        {"code": "LAST", "email": ""} if kind == "users" else {"code": "LAST"},
    )
    count = len(WRONG[kind])
    assert import_file(small_url, kind, file, rejects) == ImportReport(count + 2, 2, 0, 0, count)
    told = read(rejects)
    assert [row["line"] for row in told] == [str(line) for line in range(3, count + 3)]
    for row, original, (_, field, reason) in zip(told, read(file)[1:], WRONG[kind], strict=False):
        assert field in row["field"].split("; "), row
        assert reason in row["reason"], row
        assert original.items() <= row.items()


@pytest.mark.parametrize("kind", WRONG)
def test_the_same_key_twice_is_wrong_the_second_time(kind: str, small_url: str, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    twice = {"code": "TWICE"} | ({"email": ""} if kind == "users" else {})
    assert import_file(small_url, kind, sheet(tmp_path / "f.csv", kind, twice, twice), rejects).rejected == 1
    (row,) = read(rejects)
    assert (row["line"], row["field"], row["reason"]) == ("3", "code", "is on line 2 already")


def test_the_same_email_and_pseudonym_twice_are_wrong_the_second_time(small_url: str, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    one, two = PSEUDONYM.replace("1", "7"), PSEUDONYM.replace("1", "8")
    rows: list[Row] = [
        {"code": "a", "pseudonym": one},
        {"code": "b", "pseudonym": two},
        {"code": "c", "email": "", "pseudonym": one},
    ]
    assert import_file(small_url, "users", sheet(tmp_path / "f.csv", "users", *rows), rejects).rejected == 2
    assert [(row["line"], row["field"]) for row in read(rejects)] == [("3", "email"), ("4", "pseudonym")]


def test_all_that_is_wrong_with_a_row_is_told_at_once(small_url: str, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    import_file(small_url, "kinds", sheet(tmp_path / "f.csv", "kinds", {"code": "", "ordinal": "x"}), rejects)
    (row,) = read(rejects)
    assert row["field"] == "code; ordinal"
    assert row["reason"] == "is missing; is not a whole number from -32768 to 32767"


def test_line_numbers_are_those_of_an_editor(small_url: str, tmp_path: Path) -> None:
    file, rejects = tmp_path / "kinds.csv", tmp_path / "rejects.csv"
    file.write_text(
        "code,ordinal,name_be,name_ru,name_en\n"  # 1
        'A,1,,,"two\nlines"\n'  # 2, 3
        "\n"  # 4
        'B,x,,,"three\r\n\r\nlines"\r\n'  # 5, 6, 7
        "C,1,,\n"  # 8
        "D,1,,,ok,extra\n"  # 9
        "E,y,,,end"  # 10
    )
    assert import_file(small_url, "kinds", file, rejects) == ImportReport(5, 1, 0, 0, 4)
    with rejects.open(newline="") as lines:
        text = lines.read()
    assert [line.split(",")[0] for line in text.split("\r\n") if ",is not" in line or ",has" in line] == [
        "5",
        "8",
        "9",
        "10",
    ]
    assert "9,,has 6 cells where the header has 5,D,1,,,ok,extra" in text


def test_rejects_can_be_mended_and_imported(small_url: str, tmp_path: Path) -> None:
    """Without its first three columns a rejects file is one to import."""
    rejects = tmp_path / "rejects.csv"
    import_file(small_url, "kinds", sheet(tmp_path / "f.csv", "kinds", {"code": "A"}, {"ordinal": "third"}), rejects)
    mended = [{k: v for k, v in row.items() if k not in {"line", "field", "reason"}} for row in read(rejects)]
    again = sheet(tmp_path / "mended.csv", "kinds", *(row | {"ordinal": "3"} for row in mended))
    assert import_file(small_url, "kinds", again) == ImportReport(1, 1, 0, 0, 0)


def test_no_rejects_no_file(small_url: str, tmp_path: Path) -> None:
    file = sheet(tmp_path / "kinds.csv", "kinds", {"code": "A"})
    import_file(small_url, "kinds", file, tmp_path / "rejects.csv")
    assert list(tmp_path.iterdir()) == [file]


def test_features_on_one_line_are_rejected_one_by_one(small_url: str, tmp_path: Path) -> None:
    file, rejects = tmp_path / "areas.geojson", tmp_path / "rejects.csv"
    feature = '{"type":"Feature","geometry":null,"properties":{"code":"%s","parent":"%s","name_be":"х","name_ru":null,"name_en":null}}'
    features = ",".join(feature % pair for pair in (("A", "BY"), ("B", "NOWHERE"), ("C", "BY")))
    file.write_text(f'{{"type":"FeatureCollection","features":[\n\n{features}]}}')
    assert import_file(small_url, "areas", file, rejects) == ImportReport(3, 2, 0, 0, 1)
    (row,) = read(rejects)
    assert (row["line"], row["field"], row["code"]) == ("3", "parent", "B")


@pytest.mark.parametrize(
    ("kind", "geometry", "field"),
    [
        ("organizations", '{"type":"Point","coordinates":[200,0]}', "longitude"),
        ("organizations", '{"type":"Point","coordinates":[27,53,100]}', "longitude"),
        ("organizations", BOUNDARY, "longitude"),
        ("areas", '{"type":"Point","coordinates":[27,53]}', "boundary"),
        ("areas", BOWTIE, "boundary"),
    ],
)
def test_a_geometry_that_does_not_fit_is_rejected(
    kind: str, geometry: str, field: str, small_url: str, tmp_path: Path
) -> None:
    file, rejects = tmp_path / "file.geojson", tmp_path / "rejects.csv"
    feature = {"type": "Feature", "properties": VALID[kind], "geometry": json.loads(geometry)}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert import_file(small_url, kind, file, rejects).rejected == 1
    assert read(rejects)[0]["field"].startswith(field)
