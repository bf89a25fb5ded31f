"""Files for tests: rows by column."""

import csv
from pathlib import Path

Row = dict[str, str]

BOUNDARY = '{"type":"Polygon","coordinates":[[[27,53],[28,53],[28,54],[27,53]]]}'

# What a new row of a kind looks like when nothing is wrong with it; tests change single cells.
VALID: dict[str, Row] = {
    "kinds": {"code": "UNIT", "ordinal": "3", "name_be": "", "name_ru": "", "name_en": "Unit"},
    "areas": {"code": "BY-1-2", "parent": "BY-1", "name_be": "", "name_ru": "", "name_en": "Town", "boundary": ""},
    "services": {
        "level": "SERVICE",
        "code": "V9",
        "within": "C1",
        "ordinal": "",
        "name_be": "",
        "name_ru": "",
        "name_en": "Advice",
    },
    "criteria": {
        "code": "NEW",
        "sphere": "S2",
        "service": "",
        "ordinal": "9",
        "valid_from": "2024-01-01",
        "valid_to": "",
        "name_be": "",
        "name_ru": "Новый",
        "name_en": "",
    },
    "organizations": {
        "code": "N",
        "kind": "ORG",
        "registration": "STATUTORY",
        "opened_on": "2020-01-01",
        "closed_on": "",
        "subordinate_to": "R",
        "supervised_by": "M",
        "area": "BY-1",
        "name_be": "Новая",
        "name_ru": "",
        "name_en": "",
        "address_be": "",
        "address_ru": "",
        "address_en": "1, Main St.",
        "longitude": "27.5",
        "latitude": "53.25",
        "spheres": "S1|S2",
        "services": "V1",
    },
    "questionnaires": {
        "questionnaire": "Q",
        "version": "1",
        "part": "FORM",
        "question": "",
        "code": "",
        "position": "",
        "text_be": "",
        "text_ru": "",
        "text_en": "",
        "type": "",
        "required": "",
        "sphere": "",
        "category": "",
        "service": "",
        "organization": "",
        "owner": "",
        "hierarchy": "",
        "opens_on": "",
        "closes_on": "",
        "published_at": "",
        "retired_at": "",
    },
    "users": {"code": "u9", "kind": "PERSON", "email": "u9@example.org", "registered_at": "", "pseudonym": ""},
    "submissions": {
        "code": "s9",
        "organization": "U",
        "user": "u1",
        "rater": "",
        "rater_kind": "",
        "questionnaire": "GENERAL",
        "version": "2",
        "service": "V1",
        "channel": "ONLINE",
        "visited_on": "2024-05-01",
        "placement": "desk-1",
        "submitted_at": "2024-05-02T10:00:00Z",
        "status": "COUNTED",
        "status_at": "",
        "comment": "Fine",
        "review_state": "PUBLISHED",
        "score.A": "5",
        "score.B": "4",
        "score.X": "",
        "answer.how": "",
        "answer.what": "",
    },
    "survey-responses": {
        "code": "00000000-0000-4000-8000-000000000099",
        "survey": "SURVEY",
        "version": "1",
        "organization": "U",
        "user": "u1",
        "rater": "",
        "rater_kind": "",
        "answered_on": "2024-05-02",
        "answer.why": "",
    },
}

PSEUDONYM = "00000000-0000-4000-8000-000000000001"


def form(code: str, version: str, **cells: str) -> Row:
    """The row of a form itself."""
    return {"questionnaire": code, "version": version, "part": "FORM", "text_en": "How was it?", **cells}


def asks(code: str, version: str, criterion: str, position: str) -> Row:
    """The row of a criterion on a form."""
    return {
        "questionnaire": code,
        "version": version,
        "part": "CRITERION",
        "code": criterion,
        "position": position,
    }


def question(code: str, version: str, name: str, position: str, kind: str) -> Row:
    """The row of a further question on a form."""
    return {
        "questionnaire": code,
        "version": version,
        "part": "QUESTION",
        "code": name,
        "position": position,
        "text_en": f"{name}?",
        "type": kind,
        "required": "false",
    }


def option(code: str, version: str, name: str, choice: str, position: str) -> Row:
    """The row of an option of a question."""
    return {
        "questionnaire": code,
        "version": version,
        "part": "OPTION",
        "question": name,
        "code": choice,
        "position": position,
        "text_en": choice,
    }


FORMS = [
    form("GENERAL", "1", published_at="2022-01-01T00:00:00Z", retired_at="2023-01-01T00:00:00Z"),
    asks("GENERAL", "1", "A", "2"),
    asks("GENERAL", "1", "B", "1"),
    form("GENERAL", "2", published_at="2023-01-01T00:00:00Z"),
    asks("GENERAL", "2", "A", "1"),
    asks("GENERAL", "2", "B", "2"),
    asks("GENERAL", "2", "X", "3"),
    question("GENERAL", "2", "how", "1", "MULTIPLE_CHOICE"),
    option("GENERAL", "2", "how", "FOOT", "1"),
    option("GENERAL", "2", "how", "BUS", "2"),
    question("GENERAL", "2", "what", "2", "TEXT"),
    question("GENERAL", "2", "again", "3", "YES_NO"),
    question("GENERAL", "2", "minutes", "4", "NUMBER"),
    question("GENERAL", "2", "where", "5", "CHOICE"),
    option("GENERAL", "2", "where", "HERE", "1"),
    form("SURVEY", "1", opens_on="2024-01-01", closes_on="2024-12-31", published_at="2023-12-01T00:00:00Z"),
    question("SURVEY", "1", "why", "1", "MULTIPLE_CHOICE"),
    option("SURVEY", "1", "why", "NEAR", "1"),
    option("SURVEY", "1", "why", "GOOD", "2"),
    form("DRAFT", "1", sphere="S1"),
    asks("DRAFT", "1", "A", "1"),
]

# In the order in which an empty portal takes it in; parents come after their children on purpose.
SMALL_COUNTRY: dict[str, list[Row]] = {
    "kinds": [
        {"code": "MIN", "ordinal": "1", "name_en": "Ministry"},
        {"code": "ORG", "ordinal": "2", "name_en": "Organization"},
    ],
    "areas": [
        {"code": "BY-1-1", "parent": "BY-1", "name_en": "District"},
        {"code": "BY-1", "parent": "BY", "name_en": "Region", "boundary": BOUNDARY},
        {"code": "BY", "parent": "", "name_en": "Country"},
    ],
    "services": [
        {"level": "SERVICE", "code": "V1", "within": "C1"},
        {"level": "CATEGORY", "code": "C1", "within": "S1", "ordinal": "1"},
        {"level": "SPHERE", "code": "S1", "within": "", "ordinal": "1"},
        {"level": "SPHERE", "code": "S2", "within": "", "ordinal": "2"},
    ],
    "criteria": [
        {"code": "A", "sphere": "", "ordinal": "1", "valid_from": "2020-01-01"},
        {"code": "B", "sphere": "", "ordinal": "2", "valid_from": "2020-01-01"},
        {"code": "X", "sphere": "S1", "ordinal": "3", "valid_from": "2020-01-01"},
    ],
    "organizations": [
        {"code": "U", "subordinate_to": "R", "supervised_by": "M"},
        {"code": "R", "subordinate_to": "M", "supervised_by": ""},
        {"code": "M", "kind": "MIN", "subordinate_to": "", "supervised_by": ""},
        {"code": "ALONE", "subordinate_to": "", "supervised_by": ""},
    ],
    "questionnaires": FORMS,
    "users": [
        {"code": "u1", "email": "u1@example.org", "pseudonym": PSEUDONYM},
        {"code": "u2", "email": "", "kind": "BUSINESS", "registered_at": "2021-01-01T00:00:00Z"},
    ],
    "submissions": [
        {"code": "s1", "score.X": "3", "answer.how": "FOOT|BUS", "answer.what": "a|b"},
        {"code": "s2", "organization": "R", "score.A": "1", "comment": "", "review_state": ""},
        {"code": "s3", "user": "u2", "version": "1", "score.A": "2", "score.B": "3"},
        {
            "code": "s4",
            "user": "",
            "rater": PSEUDONYM.replace("1", "2"),
            "rater_kind": "PERSON",
            "organization": "M",
            "verified": "true",
        },
        {"code": "s5", "status": "REJECTED", "status_at": "2024-05-03T00:00:00Z"},
    ],
    "survey-responses": [
        {"code": PSEUDONYM.replace("1", "7"), "answer.why": "GOOD|NEAR"},
        {"code": PSEUDONYM.replace("1", "8"), "organization": "R"},
        {"code": PSEUDONYM.replace("1", "9"), "user": "", "rater": PSEUDONYM.replace("1", "3"), "rater_kind": "PERSON"},
    ],
}


def sheet(path: Path, kind: str, *changes: Row) -> Path:
    """A CSV file of valid rows with some cells changed."""
    rows = [VALID[kind] | change for change in changes]
    columns = dict.fromkeys(column for row in rows or [VALID[kind]] for column in row)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def read(path: Path) -> list[Row]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
