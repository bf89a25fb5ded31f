"""One answer for all who are told of the same."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from graphql import ExecutionResult

from engine.documents.documents import Documents
from engine.executor import Caller, Executor
from engine.subscriptions import Subscribed, Subscriptions
from tests.engine.library import ENTITIES, schema

CALLER = Caller("somebody", {}, None)


class Counting(Executor):
    """An executor whose database is away as often as its `context` says."""

    async def told(self, event: Any, *rest: Any) -> ExecutionResult:
        event.asked.append(self)
        if len(event.asked) <= event.away:
            raise ConnectionError
        return ExecutionResult({"number": len(event.asked)})


@pytest.fixture
def subscriptions() -> Subscriptions:
    return Subscriptions(Counting(schema(), ENTITIES, SimpleNamespace()), asyncio.Semaphore(2), 5)


@pytest.fixture
def subscribed() -> Subscribed:
    document = Documents(schema()).read("{ __typename }")
    operation = document.operation(None)
    assert operation is not None
    return Subscribed(document, operation, {})


class Event:
    """An event that counts how often it was asked for; that is none of its attributes."""

    __slots__ = ("__dict__", "asked", "away")

    def __init__(self, away: int) -> None:
        self.asked: list[Any] = []
        self.away = away
        self.__dict__["key"] = 1


async def test_all_who_wait_are_told_one_answer(subscriptions: Subscriptions, subscribed: Subscribed) -> None:
    event = Event(away=0)
    answers = await asyncio.gather(*(subscriptions._answer(event, subscribed, CALLER) for _ in range(5)))
    answers.append(await subscriptions._answer(event, subscribed, CALLER))
    assert [each.data for each in answers] == [{"number": 1}] * 6


async def test_a_failure_is_nobodys_answer_but_theirs_who_waited(
    subscriptions: Subscriptions, subscribed: Subscribed
) -> None:
    event = Event(away=1)
    waiting = [subscriptions._answer(event, subscribed, CALLER) for _ in range(2)]
    assert [type(each) for each in await asyncio.gather(*waiting, return_exceptions=True)] == [ConnectionError] * 2
    assert (await subscriptions._answer(event, subscribed, CALLER)).data == {"number": 2}
    assert (await subscriptions._answer(event, subscribed, CALLER)).data == {"number": 2}
