"""Moderators and raters at once: what one of them takes out of the totals, no other takes out again."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import psycopg
import pytest

from tests.citizens import Citizen
from tests.clients import client_of
from tests.officials import Official, appointed
from tests.resolvers.submissions.test_writers_at_once import WRITERS, NewCitizen, count, kinds, together

REJECTED, WITHDRAWN, PROBLEM = "RejectSubmissionPayload", "WithdrawSubmissionPayload", "InvalidInputProblem"


@pytest.fixture
async def busy(stage_url: str, tmp_path: Path) -> AsyncIterator[NewCitizen]:
    """People of an application that has a connection for each of them."""
    async with client_of(stage_url, tmp_path, pool_size=WRITERS) as client:
        yield partial(Citizen, client, stage_url)


def moderators(citizen: Citizen, number: int) -> list[Official]:
    return [appointed(citizen, f"citizen-{20 + each}", "MODERATOR", "MINISTRY") for each in range(number)]


def rulings(citizen: Citizen) -> int:
    """How many rulings there are, each with its event of the trail."""
    with psycopg.connect(citizen.url) as connection:
        query = "SELECT count(*) FROM ruling JOIN audit_event ON audit_event.id = event_id"
        ((found,),) = connection.execute(query).fetchall()
    number: int = found
    return number


async def test_of_rejecting_and_withdrawing_at_once_one_subtracts(busy: NewCitizen) -> None:
    people = [busy(f"citizen-{number}") for number in range(6, 14)]
    before = count(people[0].url)
    (moderator,) = moderators(people[0], 1)
    ids = [each["submission"]["id"] for each in await together(each.submit() for each in people)]
    pairs = zip(people, ids, strict=True)
    both = [action for each, id_ in pairs for action in (moderator.reject(id_), each.withdraw(id_))]
    results = await together(both)
    assert kinds(results)[REJECTED] + kinds(results)[WITHDRAWN] == kinds(results)[PROBLEM] == len(people)
    codes = {each["code"] for each in results if "code" in each}
    assert codes <= {"SUBMISSION_WITHDRAWN", "SUBMISSION_REJECTED"}
    assert count(people[0].url) == before
    assert rulings(people[0]) == kinds(results)[REJECTED]


async def test_of_many_rejections_at_once_one_subtracts(busy: NewCitizen) -> None:
    citizen = busy("citizen-9")
    before = count(citizen.url)
    officials = moderators(citizen, 4)
    id_ = (await citizen.submit())["submission"]["id"]
    results = await together(each.reject(id_) for each in officials * 2)
    # Whoever was first is answered the same when asking twice.
    assert kinds(results) == {REJECTED: 2, PROBLEM: 6}
    assert (count(citizen.url), rulings(citizen)) == (before, 1)


async def test_rejecting_and_restoring_go_on_among_submissions_and_withdrawals(busy: NewCitizen) -> None:
    people = [busy(f"citizen-{number}") for number in range(6, 14)]
    (first, second) = moderators(people[0], 2)
    made = await together(each.submit(body) for each in people for body in ("HOSPITAL", "CLINIC"))
    ids = [each["submission"]["id"] for each in made]
    before = count(people[0].url)
    rejections = [first.reject(id_) for id_ in ids[::2]]
    results = await together([*rejections, *(each.submit("REGION") for each in people)])
    assert kinds(results) == {REJECTED: 8, "SubmitQuestionnairePayload": 8}
    restorations = [second.restore(id_) for id_ in ids[::2]]
    withdrawals = [each.withdraw(id_) for each, id_ in zip(people, ids[1::2], strict=True)]
    results = await together(action for pair in zip(restorations, withdrawals, strict=True) for action in pair)
    assert kinds(results) == {"RestoreSubmissionPayload": 8, WITHDRAWN: 8}
    assert (count(people[0].url), rulings(people[0])) == (before, 16)
