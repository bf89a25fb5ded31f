"""Many writers at once: nothing is lost or doubled, nobody meets a deadlock, and a kill leaves nothing behind."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from exchange import recounting
from models import locks, recount
from tests.citizens import Citizen
from tests.clients import client_of
from tests.digests import digests
from tests.stage import PLACE

WRITERS = 16
# Nothing here waits for longer than that, unless it waits in a circle.
PATIENCE = 20
PAYLOAD = "SubmitQuestionnairePayload"
HEALTH = ("HOSPITAL", "CLINIC", "REGION", "MINISTRY", "INSPECTORATE")
WAITING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"

NewCitizen = Callable[[str], Citizen]


@pytest.fixture
async def busy(stage_url: str, tmp_path: Path) -> AsyncIterator[NewCitizen]:
    """People of an application that has a connection for each of them."""
    async with client_of(stage_url, tmp_path, pool_size=WRITERS) as client:
        yield partial(Citizen, client, stage_url)


async def together(actions: Iterable[Awaitable[Any]]) -> list[Any]:
    """What things that happen at the same time answer."""
    async with asyncio.timeout(PATIENCE):
        return await asyncio.gather(*actions)


def kinds(results: Iterable[Any]) -> Counter[str]:
    """How often each type of result came."""
    return Counter(each["__typename"] for each in results)


def count(url: str, status: str = "COUNTED") -> int:
    """How many submissions have a status; all totals are what they add up to."""
    with psycopg.connect(url) as connection:
        assert recount.differences(connection) == []
        ((found,),) = connection.execute("SELECT count(*) FROM submission WHERE status::text = %s", [status]).fetchall()
    number: int = found
    return number


async def test_everyone_rates_one_organization(busy: NewCitizen) -> None:
    people = [busy(f"citizen-{number}") for number in range(6, 6 + WRITERS)]
    before = count(people[0].url)
    results = await together(each.submit("HOSPITAL") for each in people)
    assert kinds(results) == {PAYLOAD: WRITERS}
    assert count(people[0].url) == before + WRITERS


async def test_few_raters_rate_all_bodies_of_a_ministry(busy: NewCitizen) -> None:
    people = [busy(f"citizen-{number}") for number in (7, 8, 9)]
    before = count(people[0].url)
    results = await together(each.submit(body) for body in HEALTH for each in people)
    assert kinds(results) == {PAYLOAD: len(HEALTH) * len(people)}
    assert count(people[0].url) == before + len(results)


async def test_one_rater_cannot_rate_an_organization_twice_by_being_quick(busy: NewCitizen) -> None:
    citizen = busy("citizen-9")
    before = count(citizen.url)
    results = await together(citizen.submit("HOSPITAL") for _ in range(8))
    assert kinds(results) == {PAYLOAD: 1, "NotEligibleProblem": 7}
    assert count(citizen.url) == before + 1


async def test_one_key_at_once_is_one_submission(busy: NewCitizen) -> None:
    citizen = busy("citizen-9")
    before, draft = count(citizen.url), citizen.draft()
    answers = await together(citizen.send(draft) for _ in range(8))
    assert {answer.data["submitQuestionnaire"]["submission"]["id"] for answer in answers} == {
        answers[0].data["submitQuestionnaire"]["submission"]["id"]
    }
    assert count(citizen.url) == before + 1


async def test_some_submit_while_others_withdraw(busy: NewCitizen) -> None:
    people = [busy(f"citizen-{number}") for number in range(6, 14)]
    made = await together(each.submit(body) for each in people for body in ("HOSPITAL", "SCHOOL"))
    before = count(people[0].url)
    ids = [each["submission"]["id"] for each in made]
    withdrawals = [people[place // 2].withdraw(id_) for place, id_ in enumerate(ids)]
    submissions = [each.submit(body) for each in people for body in ("CLINIC", "INSPECTORATE")]
    pairs = zip(withdrawals, submissions, strict=True)
    results = await together(action for pair in pairs for action in pair)
    assert kinds(results) == {PAYLOAD: 16, "WithdrawSubmissionPayload": 16}
    assert (count(people[0].url), count(people[0].url, "WITHDRAWN")) == (before, 17)


async def test_totals_are_rebuilt_while_people_submit_and_withdraw(busy: NewCitizen) -> None:
    people = [busy(f"citizen-{number}") for number in range(6, 6 + WRITERS)]
    staying, leaving = people[:10], people[10:]
    made = await together(each.submit("SCHOOL") for each in leaving)
    url, before = people[0].url, count(people[0].url)
    with psycopg.connect(url) as connection:
        wrong = connection.execute("UPDATE total SET criterion_sums = '{}' WHERE submissions > 0").rowcount
    writing = [each.submit("HOSPITAL") for each in staying]
    writing += [each.withdraw(one["submission"]["id"]) for each, one in zip(leaving, made, strict=True)]
    corrected, results = await together([asyncio.to_thread(recounting.rebuild, url), together(writing)])
    assert kinds(results) == {PAYLOAD: len(staying), "WithdrawSubmissionPayload": len(leaving)}
    assert corrected >= wrong > 0
    assert count(url) == before + len(staying) - len(leaving)


async def test_withdrawing_twice_at_once_subtracts_once(busy: NewCitizen) -> None:
    citizen = busy("citizen-9")
    before = count(citizen.url)
    id_ = (await citizen.submit())["submission"]["id"]
    results = await together(citizen.withdraw(id_) for _ in range(8))
    assert kinds(results) == {"WithdrawSubmissionPayload": 8}
    assert count(citizen.url) == before


@asynccontextmanager
async def held(url: str, lock: str) -> AsyncIterator[psycopg.AsyncConnection]:
    """Somebody else, who holds a lock that a submission needs until the block ends."""
    async with await psycopg.AsyncConnection.connect(url) as holder:
        await holder.execute(lock.encode())
        yield holder


async def waiting(url: str) -> int:
    """The process of the one who waits for a lock, as soon as there is one."""
    # Within a transaction, whoever is waiting is looked up only once.
    async with asyncio.timeout(PATIENCE), await psycopg.AsyncConnection.connect(url, autocommit=True) as watcher:
        while True:
            row = await (await watcher.execute(WAITING.encode())).fetchone()
            if row is not None:
                pid: int = row[0]
                return pid
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    "lock",
    [
        f"SELECT pg_advisory_xact_lock({locks.TREES})",
        "SELECT FROM rater FOR UPDATE",
        "SELECT FROM total WHERE pool = 'SUPERVISION' FOR UPDATE",
    ],
    ids=["before-anything", "before-looking", "when-all-is-inserted"],
)
async def test_a_killed_submission_leaves_nothing_and_its_retry_counts_once(busy: NewCitizen, lock: str) -> None:
    citizen = busy("citizen-9")
    before, rows, draft = count(citizen.url), digests(citizen.url), citizen.draft(comment="Thanks!", employee="Jane")
    async with held(citizen.url, lock) as holder:
        sending = asyncio.create_task(citizen.send(draft))
        await holder.execute("SELECT pg_terminate_backend(%s)", [await waiting(citizen.url)])
        answer = await sending
    assert (answer.response.status_code, answer.refusal) == (503, ("DATABASE_UNAVAILABLE", None))
    assert digests(citizen.url) == rows
    assert (await citizen.send(draft)).data["submitQuestionnaire"]["__typename"] == PAYLOAD
    assert count(citizen.url) == before + 1


async def test_a_submission_waits_for_a_move_and_counts_in_the_new_tree(busy: NewCitizen) -> None:
    citizen = busy("citizen-9")
    before = count(citizen.url)
    async with held(citizen.url, f"SELECT pg_advisory_xact_lock({locks.TREES})") as mover:
        submitting = asyncio.create_task(citizen.submit("LONER"))
        await waiting(citizen.url)
        await mover.execute(PLACE, ["SUBORDINATION", "SUBORDINATION", "SCHOOL", ["LONER"]])
    assert (await submitting)["__typename"] == PAYLOAD
    assert count(citizen.url) == before + 1
