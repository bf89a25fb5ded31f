"""Passwords as argon2id's hashes."""

import asyncio
import threading
from contextlib import ExitStack

import pytest

from auth.passwords import MOST, THREADS, Passwords
from models.errors import Overloaded

CHEAP = Passwords(8, 1)


async def test_a_hash_has_its_parameters_and_a_salt_of_its_own() -> None:
    with CHEAP.turn() as turn:
        first, second = await turn.hash("secret words"), await turn.hash("secret words")
        assert first.startswith("$argon2id$v=19$m=8,t=1,p=1$")
        assert first != second
        assert await turn.verify(first, "secret words")
        assert not await turn.verify(first, "secret word")


@pytest.mark.parametrize(("one", "other"), [("caf\u00e9", "cafe\u0301"), ("\u0456\u0308", "\u0457"), ("ﬁne", "fine")])
async def test_the_same_letters_are_the_same_password(one: str, other: str) -> None:
    with CHEAP.turn() as turn:
        assert await turn.verify(await turn.hash(one), other)


@pytest.mark.parametrize("given", ["", "nobody has this password", "\ud800", "\0"])
async def test_without_a_hash_nothing_is_right(given: str) -> None:
    with CHEAP.turn() as turn:
        assert not await turn.verify(None, given)


async def test_a_hash_is_outdated_when_the_parameters_change() -> None:
    with CHEAP.turn() as turn:
        hash_ = await turn.hash("secret words")
    assert not CHEAP.is_outdated(hash_)
    assert Passwords(16, 1).is_outdated(hash_)
    assert Passwords(8, 2).is_outdated(hash_)


async def test_the_event_loop_goes_on_and_few_work_at_once() -> None:
    """They wait for the loop to let them go on: it could not, if they held it up."""
    passwords, released, at_work = Passwords(8, 1), threading.Event(), []

    def work() -> None:
        at_work.append(threading.current_thread().name)
        assert released.wait(30)

    with passwords.turn() as turn:
        waiting = [asyncio.ensure_future(turn.beside(work)) for _ in range(THREADS + 3)]
    await asyncio.sleep(0)  # the loop goes on, and alone can release them
    released.set()
    await asyncio.gather(*waiting)
    assert len(set(at_work)) <= THREADS
    assert "MainThread" not in at_work


async def test_whoever_would_wait_too_long_is_told_so_at_once() -> None:
    passwords = Passwords(8, 1)
    with ExitStack() as waiting:
        for _ in range(MOST):
            waiting.enter_context(passwords.turn())
        with pytest.raises(Overloaded), passwords.turn():
            pass
    with passwords.turn() as turn:
        assert await turn.verify(await turn.hash("secret words"), "secret words")
