"""What is dear to plan is planned beside the event loop, which goes on."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from engine.plans import operations
from engine.plans.queries import Draft, QueryPlan
from tests.engine.library import Library

CHEAP = "{ authors(first: 2) { nodes { name } } }"
DEAR = "{ authors(first: 50) { nodes { name books(first: 10) { nodes { title } } } } }"
CHOICE = "{ authors(first: 50) { nodes { books(first: 10) { nodes { genre } } } } }"

Planned = Callable[[Draft, Any], QueryPlan]


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The name of the thread in which each plan was made."""
    names: list[str] = []

    def plan(right: Planned) -> Planned:
        def watched(self: Draft, keys: Any) -> QueryPlan:
            names.append(threading.current_thread().name)
            return right(self, keys)

        return watched

    monkeypatch.setattr(Draft, "plan", plan(Draft.plan))
    return names


async def test_what_is_dear_is_planned_beside_the_loop(library: Library, threads: list[str]) -> None:
    here = threading.current_thread().name
    await library.data(CHEAP)
    assert threads == [here]
    await library.data(DEAR)
    assert threads == [here, "plans_0"]
    await library.data(DEAR)
    assert len(threads) == 2


async def test_so_is_what_is_lent(library: Library, threads: list[str]) -> None:
    await library.data(DEAR)
    await library.data(CHOICE)
    assert library.executor.completions == {"assembled": 1, "borrowed": 1}
    assert threads == ["plans_0", "plans_0"]


async def test_others_are_answered_meanwhile(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planning waits here until somebody else was answered: in the loop it would wait for ever."""
    answered = threading.Event()
    right = Draft.plan

    def plan(self: Draft, keys: Any) -> QueryPlan:
        if threading.current_thread().name == "plans_0":
            assert answered.wait(30)
        return right(self, keys)

    monkeypatch.setattr(Draft, "plan", plan)
    dear = asyncio.ensure_future(library.data(DEAR))
    await asyncio.sleep(0)
    await library.data(CHEAP)
    assert not dear.done()
    answered.set()
    assert len((await dear)["authors"]["nodes"]) == 3


async def test_many_at_once_make_plans_that_answer_alike(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "DEAR", 0)
    queries = [
        f"{{ authors(first: {first}) {{ nodes {{ {field} }} }} }}"
        for first in (1, 2, 3)
        for field in ("id", "name", "greeting")
    ]
    found = await asyncio.gather(*(library.data(query) for query in queries * 2))
    assert found == [await library.data(query) for query in queries * 2]
