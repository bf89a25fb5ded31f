"""Saying something twice: a retry is the same submission, a second opinion has to wait."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.citizens import Citizen, scored
from tests.digests import digests

NewCitizen = Callable[[str | None], Citizen]


@pytest.fixture
def citizen(new_citizen: NewCitizen) -> Citizen:
    return new_citizen("citizen-9")


async def test_a_second_one_within_the_interval_is_too_soon(citizen: Citizen) -> None:
    id_ = (await citizen.submit())["submission"]["id"]
    query = "query($id: ID!) { node(id: $id) { ... on Submission { submittedAt } } }"
    answer = await citizen.client.query(query, {"id": id_}, citizen.client.token_for("citizen-9"))
    first = datetime.fromisoformat(answer.data["node"]["submittedAt"])
    before = digests(citizen.url)
    problem = await citizen.submit()
    assert datetime.fromisoformat(problem.pop("nextAt")) == first + timedelta(hours=24)
    expected = {"__typename": "NotEligibleProblem", "code": "TOO_SOON", "path": ["input", "organization"]}
    assert problem == expected | {"reason": "TOO_SOON"}
    assert digests(citizen.url) == before


async def test_a_retry_answers_with_the_same_submission(citizen: Citizen) -> None:
    draft = citizen.draft(comment="Thanks!")
    first = await citizen.send(draft)
    before = digests(citizen.url)
    assert (await citizen.send(draft)).data == first.data
    assert digests(citizen.url) == before


@pytest.mark.parametrize(
    "change",
    [
        {"scores": scored(PLAIN=5, POLITE=5)},
        {"comment": "Thanks"},
        {"organization": {"code": "CLINIC"}},
        {"channel": "PHONE"},
        {"visitedOn": "2026-01-31"},
    ],
)
async def test_a_key_is_good_for_one_content_only(citizen: Citizen, change: dict[str, Any]) -> None:
    draft = citizen.draft(comment="Thanks!")
    await citizen.send(draft)
    before = digests(citizen.url)
    answer = await citizen.send(draft | change)
    assert answer.data["submitQuestionnaire"] == {
        "__typename": "IdempotencyKeyProblem",
        "code": "IDEMPOTENCY_KEY_REUSED",
        "path": ["input", "idempotencyKey"],
    }
    assert digests(citizen.url) == before


async def test_another_rater_may_use_the_same_key(new_citizen: NewCitizen) -> None:
    draft = new_citizen("citizen-8").draft()
    first = await new_citizen("citizen-8").send(draft)
    second = await new_citizen("citizen-9").send(draft)
    ids = {each.data["submitQuestionnaire"]["submission"]["id"] for each in (first, second)}
    assert len(ids) == 2


async def test_a_key_is_not_free_again_after_withdrawing(citizen: Citizen) -> None:
    """A retry that was long on its way must not count again what was taken back."""
    draft = citizen.draft()
    first = (await citizen.send(draft)).data["submitQuestionnaire"]
    await citizen.withdraw(first["submission"]["id"])
    retried = (await citizen.send(draft)).data["submitQuestionnaire"]
    assert (retried["submission"]["id"], retried["submission"]["status"]) == (first["submission"]["id"], "WITHDRAWN")
