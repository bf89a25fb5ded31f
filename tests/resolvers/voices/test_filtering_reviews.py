"""Filters of officials' lists, compared with the rows themselves; one statement each; what makes no sense is refused."""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg.rows import dict_row

from engine.meanings.global_ids import encode
from tests.clients import Client

MODERATOR = "user-000001"
LIST = """query($filter: ReviewFilter, $first: Int) {
    reviews(filter: $filter, first: $first) { totalCount nodes { id submittedOn mark state } }
    reviewCounts(filter: $filter) { total } }"""
ROWS: LiteralString = """
SELECT review.submission_id AS id, review.submitted_on AS day, review.state::text, service.code AS service,
       submission.scores, EXISTS (SELECT FROM reply WHERE reply.submission_id = review.submission_id) AS answered,
       EXISTS (SELECT FROM review_reading AS r WHERE r.submission_id = review.submission_id) AS seen,
       array_position(ARRAY(SELECT criterion.code FROM questionnaire_criterion AS place JOIN criterion ON
           criterion.id = criterion_id WHERE place.questionnaire_id = submission.questionnaire_id ORDER BY position),
           'COURTESY') AS courtesy, coalesce(masked, text) ~* '(^|[^а-я])вежлив' AS polite
FROM review JOIN submission ON submission.id = review.submission_id LEFT JOIN service ON service.id = service_id
WHERE review.status <> 'WITHDRAWN' ORDER BY review.submitted_on DESC, review.submission_id DESC"""


def whole(row: Mapping[str, Any]) -> int:
    """The mark of a row, rounded half up."""
    scores = [each for each in row["scores"] if each is not None]
    return int(Fraction(sum(scores), len(scores)) + Fraction(1, 2))


DAY = date(2026, 1, 1)
CASES: Mapping[str, tuple[dict[str, Any], Callable[[Mapping[str, Any]], bool]]] = {
    "all": ({}, lambda row: True),
    "state": ({"state": ["PENDING", "HIDDEN"]}, lambda row: row["state"] in {"PENDING", "HIDDEN"}),
    "no state": ({"state": []}, lambda row: False),
    "dates": ({"from": "2026-01-01", "to": "2026-02-28"}, lambda row: DAY <= row["day"] <= date(2026, 2, 28)),
    "marks": ({"marks": [1, 2, 3]}, lambda row: whole(row) <= 3),
    "no marks": ({"marks": []}, lambda row: False),
    "service": (
        {"services": ["CULTURE-CINEMA-VISIT"]},
        lambda row: row["service"] == "CULTURE-CINEMA-VISIT",
    ),
    "criterion": (
        {"scored": {"criterion": "COURTESY", "scores": [1, 2]}},
        lambda row: row["scores"][row["courtesy"] - 1] in {1, 2},
    ),
    "seen": ({"seen": True}, lambda row: row["seen"]),
    "unanswered": ({"answered": False}, lambda row: not row["answered"]),
    "both": ({"seen": True, "marks": [5]}, lambda row: row["seen"] and whole(row) == 5),
}


@pytest.fixture(scope="module")
def rows(seeded_url: str) -> list[dict[str, Any]]:
    with psycopg.connect(seeded_url, row_factory=dict_row) as connection:
        return connection.execute(ROWS).fetchall()


@pytest.mark.parametrize(("given", "fits"), CASES.values(), ids=CASES.keys())
async def test_a_filter_picks_what_plain_python_picks(
    client: Client, rows: list[dict[str, Any]], given: dict[str, Any], fits: Callable[[Mapping[str, Any]], bool]
) -> None:
    answer = await client.query(LIST, {"filter": given, "first": 100}, client.token_for(MODERATOR))
    picked = [row for row in rows if fits(row)]
    assert [each["id"] for each in answer.data["reviews"]["nodes"]] == [
        encode("Review", row["id"]) for row in picked[:100]
    ]
    totals = answer.data["reviews"]["totalCount"], answer.data["reviewCounts"]["total"]
    assert totals == (len(picked), len(picked))


@pytest.mark.parametrize("text", ["вежливые", "ВЕЖЛИВ", "вежливыи"])
async def test_words_are_found_by_beginnings_and_in_spite_of_errors(
    client: Client, rows: list[dict[str, Any]], text: str
) -> None:
    answer = await client.query(LIST, {"filter": {"text": text}, "first": 1}, client.token_for(MODERATOR))
    assert answer.data["reviews"]["totalCount"] == sum(row["polite"] for row in rows) > 0


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"marks": [0]}, "filter.marks"),
        ({"scored": {"criterion": "COURTESY", "scores": [6]}}, "filter.scored.scores"),
        ({"unansweredDays": -1}, "filter.unansweredDays"),
        ({"text": " "}, "filter.text"),
        ({"text": "x" * 201}, "filter.text"),
    ],
)
async def test_what_makes_no_sense_is_refused(client: Client, given: dict[str, Any], field: str) -> None:
    answer = await client.query(LIST, {"filter": given}, client.token_for(MODERATOR))
    assert field in answer.errors[0]["message"]
    assert answer.errors[0]["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize("size", [1, 100])
async def test_a_list_is_one_statement_whatever_its_size(client: Client, size: int) -> None:
    text = """query($size: Int) { reviews(first: $size) { totalCount nodes { text original ground proposedMasks { text }
        scores { score criterion { code } } service { code } employee { name } organization { code } } } }"""
    for _ in range(2):  # once an hour the trail is told
        await client.query(text, {"size": size}, client.token_for(MODERATOR))
    assert len(client.statements) == 1
