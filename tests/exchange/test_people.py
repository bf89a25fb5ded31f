"""Users and submissions: people, their pseudonyms, and what they said."""

from pathlib import Path

import psycopg

from exchange.exporting import export
from exchange.importing import ImportReport, import_file
from exchange.verification import verify
from tests.digests import digests
from tests.exchange.files import PSEUDONYM, Row, read, sheet

STRANGER = PSEUDONYM.replace("1", "5")

# Cells of a submission, and what is stored of it then.
STORED: list[tuple[Row, str, object]] = [
    ({"submitted_at": "2024-05-02T21:30:00Z"}, "submitted_on::text", "2024-05-03"),
    ({"submitted_at": "2024-05-03T00:30:00+03:00"}, "submitted_on::text", "2024-05-03"),
    ({"submitted_at": "2024-05-02T20:30:00.123456Z"}, "extract(us FROM submitted_at)::text", "123456"),
    ({"score.X": "2"}, "scores::text", "{5,4,2}"),
    ({"score.X": ""}, "scores::text", "{5,4,NULL}"),
    ({"version": "1"}, "scores::text", "{4,5}"),
    ({"rater_kind": "BUSINESS"}, "rater_kind::text", "BUSINESS"),
    ({"rater_kind": ""}, "rater_kind::text", "PERSON"),
    ({"service": "", "channel": "", "visited_on": ""}, "num_nonnulls(service_id, channel, visited_on)", 0),
    ({"review_state": "PRIVATE"}, "(SELECT published FROM review WHERE submission_id = id)", False),
    ({"review_state": ""}, "(SELECT published FROM review WHERE submission_id = id)", True),
    ({"comment": "", "review_state": ""}, "(SELECT count(*) FROM review WHERE submission_id = id)", 0),
    ({"verified": "true"}, "verified", True),
    ({"verified": "false"}, "verified", False),
    ({"verified": ""}, "verified", False),
    ({"answer.how": "BUS|FOOT"}, "(SELECT values FROM answer WHERE submission_id = id)", ["BUS", "FOOT"]),
    ({"answer.what": "a|b"}, "(SELECT values FROM answer WHERE submission_id = id)", ["a|b"]),
    ({"answer.minutes": "-1.5"}, "(SELECT values FROM answer WHERE submission_id = id)", ["-1.5"]),
]


def users(url: str, directory: Path, *rows: Row) -> ImportReport:
    return import_file(url, "users", sheet(directory / "users.csv", "users", *rows), directory / "rejects.csv")


def submissions(url: str, directory: Path, *rows: Row) -> ImportReport:
    file = sheet(directory / "submissions.csv", "submissions", *rows)
    return import_file(url, "submissions", file, directory / "rejects.csv")


def value(url: str, query: str, *parameters: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode(), parameters or None).fetchone()
    return row and row[0]


def test_a_user_without_a_pseudonym_gets_one_and_keeps_it(small_url: str, tmp_path: Path) -> None:
    query = "SELECT pseudonym FROM account JOIN rater ON rater.id = rater_id WHERE code = 'new'"
    assert users(small_url, tmp_path, {"code": "new"}).inserted == 1
    pseudonym = value(small_url, query)
    assert users(small_url, tmp_path, {"code": "new"}) == ImportReport(1, 0, 0, 1, 0)
    assert users(small_url, tmp_path, {"code": "new", "email": "other@example.org"}) == ImportReport(1, 0, 1, 0, 0)
    assert value(small_url, query) == pseudonym


def test_a_user_changes(small_url: str, tmp_path: Path) -> None:
    row: Row = {"code": "u1", "kind": "BUSINESS", "email": "", "registered_at": "2020-01-01T03:00:00+03:00"}
    assert users(small_url, tmp_path, row).updated == 1
    stored = "SELECT concat_ws(' ', kind, email, registered_at AT TIME ZONE 'UTC') FROM account JOIN rater ON rater.id = rater_id"
    assert value(small_url, f"{stored} WHERE code = 'u1'") == "BUSINESS 2020-01-01 00:00:00"


def test_a_rater_may_come_before_the_account(small_url: str, tmp_path: Path) -> None:
    """Submissions under a pseudonym become the account's own, and are still the same submissions."""
    row: Row = {"user": "", "rater": STRANGER, "rater_kind": "PERSON"}
    assert submissions(small_url, tmp_path, row).inserted == 1
    assert users(small_url, tmp_path, {"code": "late", "pseudonym": STRANGER}).inserted == 1
    assert submissions(small_url, tmp_path, row) == ImportReport(1, 0, 0, 1, 0)
    assert submissions(small_url, tmp_path, {"user": "late"}) == ImportReport(1, 0, 0, 1, 0)
    assert value(small_url, "SELECT count(*) FROM rater WHERE pseudonym = %s", STRANGER) == 1


def test_a_new_rater_is_one_in_all_rows(small_url: str, tmp_path: Path) -> None:
    rater: Row = {"user": "", "rater": STRANGER, "rater_kind": "PERSON"}
    raters = "SELECT raters FROM total JOIN organization ON id = organization_id WHERE code = 'U' AND pool = 'OWN'"
    before = value(small_url, raters)
    assert isinstance(before, int)
    assert submissions(small_url, tmp_path, rater | {"code": "a"}, rater | {"code": "b"}).inserted == 2
    assert value(small_url, raters) == before + 1


def test_submissions_count_at_once(small_url: str, tmp_path: Path) -> None:
    query = "SELECT submissions FROM total JOIN organization ON id = organization_id WHERE code = 'M' AND pool = 'SUBORDINATION'"
    before = value(small_url, query)
    assert isinstance(before, int)
    submissions(
        small_url, tmp_path, {"code": "a"}, {"code": "b", "status": "WITHDRAWN", "status_at": "2024-06-01T00:00:00Z"}
    )
    assert value(small_url, query) == before + 1
    assert verify(small_url).agrees


def test_cells_become_what_is_stored(small_url: str, tmp_path: Path) -> None:
    codes = [f"n{i}" for i in range(len(STORED))]
    rows = [{"code": code} | cells for code, (cells, _, _) in zip(codes, STORED, strict=True)]
    assert submissions(small_url, tmp_path, *rows).inserted == len(rows)
    for code, (cells, expression, stored) in zip(codes, STORED, strict=True):
        query = f"SELECT {expression} FROM submission WHERE code = '{code}'"  # noqa: S608 - the list above
        assert value(small_url, query) == stored, cells
    assert submissions(small_url, tmp_path, *rows).unchanged == len(rows)


def test_a_visit_is_not_verified_afterwards(small_url: str, tmp_path: Path) -> None:
    assert submissions(small_url, tmp_path, {}).inserted == 1
    before = digests(small_url)
    assert submissions(small_url, tmp_path, {"verified": "true"}).rejected == 1
    assert digests(small_url) == before
    assert submissions(small_url, tmp_path, {"verified": ""}).unchanged == 1


def test_columns_of_scores_and_answers_may_be_left_out(small_url: str, tmp_path: Path) -> None:
    file = sheet(tmp_path / "submissions.csv", "submissions", {})
    rows = [{k: v for k, v in row.items() if k not in {"score.X", "answer.how", "answer.what"}} for row in read(file)]
    file.write_text("\n".join(",".join(line) for line in (rows[0].keys(), rows[0].values())))
    assert import_file(small_url, "submissions", file).inserted == 1


def test_a_portal_without_forms_rejects_submissions(empty_url: str, tmp_path: Path) -> None:
    row = sheet(tmp_path / "submissions.csv", "submissions", {})
    header, cells = (line.split(",") for line in row.read_text().splitlines())
    kept = [i for i, name in enumerate(header) if "." not in name]
    row.write_text("\n".join(",".join(line[i] for i in kept) for line in (header, cells)))
    assert import_file(empty_url, "submissions", row).rejected == 1


def test_an_account_that_is_gone_leaves_its_pseudonym(small_url: str, tmp_path: Path) -> None:
    with psycopg.connect(small_url) as connection:
        connection.execute("DELETE FROM account WHERE code = 'u1'")
    export(small_url, "submissions", tmp_path / "submissions.csv")
    (row,) = (row for row in read(tmp_path / "submissions.csv") if row["code"] == "s1")
    assert (row["user"], row["rater"], row["rater_kind"]) == ("", PSEUDONYM, "PERSON")
    before = digests(small_url)
    assert import_file(small_url, "submissions", tmp_path / "submissions.csv").unchanged == 5
    assert digests(small_url) == before


def test_names_that_collide_with_codes_of_many_letters(small_url: str, tmp_path: Path) -> None:
    """PostgreSQL cuts identifiers at 63 bytes; codes of criteria are longer in Cyrillic."""
    codes = ["ж" * 63 + end for end in "ab"]
    rows: list[Row] = [{"code": code, "sphere": "S1"} for code in codes]
    assert import_file(small_url, "criteria", sheet(tmp_path / "criteria.csv", "criteria", *rows)).inserted == 2
    export(small_url, "submissions", tmp_path / "submissions.csv")
    assert {f"score.{code}" for code in codes} <= set(read(tmp_path / "submissions.csv")[0])
    assert import_file(small_url, "submissions", tmp_path / "submissions.csv").unchanged == 5
