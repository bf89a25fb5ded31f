"""Who is signed in, and what only the viewer itself sees."""

from typing import Any

import psycopg
import pytest

from tests.clients import Client

VIEWER = "{ viewer { kind submissions(first: 100) { totalCount nodes { id submittedAt } } } }"


@pytest.fixture
def busiest(seeded_url: str) -> tuple[str, str, int]:
    """The account that has submitted most: its code, its kind, how often."""
    with psycopg.connect(seeded_url) as connection:
        rows: list[Any] = connection.execute(
            """SELECT account.code, rater.kind, count(*) FROM submission JOIN rater ON rater.id = rater_id
               JOIN account ON account.rater_id = rater.id GROUP BY 1, 2 ORDER BY 3 DESC, 1 LIMIT 1"""
        ).fetchall()
    code, kind, count = rows[0]
    return code, kind, count


async def test_nobody_is_signed_in_without_a_token(client: Client) -> None:
    assert await client.data(VIEWER) == {"viewer": None}


async def test_a_viewer_sees_its_own_submissions_the_latest_first(
    client: Client, busiest: tuple[str, str, int]
) -> None:
    code, kind, count = busiest
    answer = await client.query(VIEWER, token=client.token_for(code))
    viewer = answer.data["viewer"]
    assert viewer["kind"] == kind
    assert viewer["submissions"]["totalCount"] == count
    times = [node["submittedAt"] for node in viewer["submissions"]["nodes"]]
    assert times == sorted(times, reverse=True)


async def test_nobody_else_sees_a_submission(client: Client, busiest: tuple[str, str, int]) -> None:
    code, _, _ = busiest
    answer = await client.query(VIEWER, token=client.token_for(code))
    ids = [node["id"] for node in answer.data["viewer"]["submissions"]["nodes"]]
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert await client.data(query, ids=ids) == {"nodes": [None] * len(ids)}
    own = await client.query(query, {"ids": ids}, token=client.token_for(code))
    assert [node["id"] for node in own.data["nodes"]] == ids


@pytest.mark.parametrize(("account", "seconds"), [("nobody-there", 60), ("user-000001", -60)])
async def test_a_token_that_is_no_good_is_refused_and_never_anonymous(
    client: Client, account: str, seconds: int
) -> None:
    answer = await client.query(VIEWER, token=client.token_for(account, seconds))
    assert answer.response.status_code == 401
    assert answer.data is None
    assert answer.refusal == ("UNAUTHENTICATED", None)
