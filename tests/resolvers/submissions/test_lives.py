"""The life of a submission: what its rater sees of it, what moderators see, and that nobody else does."""

from collections.abc import Callable

import psycopg
import pytest

from tests.citizens import Citizen
from tests.officials import Official, appointed, seen
from tests.resolvers.submissions.test_withdrawing import submitted

NewCitizen = Callable[[str | None], Citizen]


@pytest.fixture
def citizen(new_citizen: NewCitizen) -> Citizen:
    return new_citizen("citizen-9")


@pytest.fixture
def moderator(citizen: Citizen) -> Official:
    """Who moderates everything below the ministry."""
    return appointed(citizen, "citizen-20", "MODERATOR", "MINISTRY")


async def test_its_rater_sees_that_it_was_rejected_and_why_and_moderators_also_by_whom(
    citizen: Citizen, moderator: Official
) -> None:
    id_ = await submitted(citizen)
    await moderator.reject(id_, "NOT_A_VISIT", "Never there.")
    await moderator.restore(id_)
    rater = await seen(Official(citizen.client, citizen.url, citizen.account), id_)
    assert rater["status"] == "COUNTED"
    assert [(each["kind"], each["ground"]) for each in rater["events"]] == [
        ("COUNTED", None),
        ("REJECTED", "NOT_A_VISIT"),
        ("RESTORED", None),
    ]
    assert all(each["at"] for each in rater["events"])
    assert {each["note"] or each["moderator"] for each in rater["events"]} == {None}
    found = (await seen(moderator, id_))["events"]
    assert [(each["note"], each["moderator"]) for each in found] == [
        (None, None),
        ("Never there.", "citizen-20"),
        (None, "citizen-20"),
    ]
    assert [each["at"] is None for each in found] == [True, False, False]
    assert [each["on"] for each in found] == [each["on"] for each in rater["events"]]


async def test_a_withdrawal_has_its_moment_for_the_rater_alone(citizen: Citizen, moderator: Official) -> None:
    id_ = await submitted(citizen)
    await citizen.withdraw(id_)
    own = (await seen(Official(citizen.client, citizen.url, citizen.account), id_))["events"]
    theirs = (await seen(moderator, id_))["events"]
    assert [each["kind"] for each in own] == [each["kind"] for each in theirs] == ["COUNTED", "WITHDRAWN"]
    assert all(each["at"] for each in own)
    assert not any(each["at"] for each in theirs)


async def test_a_rejection_that_came_with_an_import_has_no_ground(citizen: Citizen, moderator: Official) -> None:
    id_ = await submitted(citizen)
    with psycopg.connect(citizen.url) as connection:
        connection.execute("UPDATE submission SET status = 'REJECTED', status_at = now() WHERE idempotency_key <> ''")
    events = (await seen(moderator, id_))["events"]
    assert [(each["kind"], each["ground"], each["moderator"]) for each in events] == [
        ("COUNTED", None, None),
        ("REJECTED", None, None),
    ]


async def test_nobody_else_sees_its_life(citizen: Citizen, moderator: Official) -> None:
    id_ = await submitted(citizen)
    await moderator.reject(id_)
    for account in (None, "citizen-8", "head", "minister"):
        assert await seen(Official(citizen.client, citizen.url, account), id_) is None
