"""The demo has reviews in every state of the loop, and complaints in each of theirs."""

from typing import LiteralString

import psycopg

from models.complaints import ComplaintAbout
from models.reviews import ReviewState
from resolvers.voices.loops import ReviewStage
from tests.clients import Client

STAGES = (
    "{ reviews(first: 100) { nodes { stage overdue reply { editedOn hidden } measures { text } settled } totalCount } }"
)
HEADS: LiteralString = "SELECT account.code FROM role_grant JOIN account ON account.id = account_id WHERE role = 'HEAD'"
COMPLAINTS: LiteralString = "SELECT DISTINCT about::text, upheld FROM complaint"


async def test_reviews_are_in_every_state(client: Client, seeded_url: str) -> None:
    found = []
    with psycopg.connect(seeded_url) as connection:
        for (head,) in connection.execute(HEADS).fetchall():
            answer = await client.query(STAGES, token=client.token_for(head))
            assert answer.data["reviews"]["totalCount"] <= 100
            found += answer.data["reviews"]["nodes"]
    assert {each["stage"] for each in found} == {stage.value for stage in ReviewStage}
    replies = [each["reply"] for each in found if each["reply"]]
    assert {True, False} == {each["hidden"] for each in replies} == {each["editedOn"] is None for each in replies}
    assert {True, False} == {each["overdue"] for each in found} == {bool(each["measures"]) for each in found}
    assert {each["settled"] for each in found} == {True, False, None}


def test_complaints_are_in_every_state(seeded_url: str) -> None:
    with psycopg.connect(seeded_url) as connection:
        there = set(connection.execute(COMPLAINTS).fetchall())
        assert there == {(about.value, upheld) for about in ComplaintAbout for upheld in (True, False, None)}
        states = {state for (state,) in connection.execute("SELECT DISTINCT state::text FROM review").fetchall()}
    assert states >= {ReviewState.PUBLISHED.value, ReviewState.PRIVATE.value, ReviewState.HIDDEN.value}
