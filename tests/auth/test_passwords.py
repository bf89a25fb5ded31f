"""Passwords as argon2id's hashes."""

import asyncio
import threading

import pytest

from auth.passwords import MOST, THREADS, Passwords
from models.errors import Overloaded

CHEAP = Passwords(8, 1)


async def test_a_hash_has_its_parameters_and_a_salt_of_its_own() -> None:
    first, second = await CHEAP.hash("secret words"), await CHEAP.hash("secret words")
    assert first.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert first != second
    assert await CHEAP.verify(first, "secret words")
    assert not await CHEAP.verify(first, "secret word")


@pytest.mark.parametrize(("one", "other"), [("caf\u00e9", "cafe\u0301"), ("\u0456\u0308", "\u0457"), ("ﬁne", "fine")])
async def test_the_same_letters_are_the_same_password(one: str, other: str) -> None:
    assert await CHEAP.verify(await CHEAP.hash(one), other)


@pytest.mark.parametrize("given", ["", "nobody has this password", "\ud800", "\0"])
async def test_without_a_hash_nothing_is_right(given: str) -> None:
    assert not await CHEAP.verify(None, given)


async def test_a_hash_is_outdated_when_the_parameters_change() -> None:
    hash_ = await CHEAP.hash("secret words")
    assert not CHEAP.is_outdated(hash_)
    assert Passwords(16, 1).is_outdated(hash_)
    assert Passwords(8, 2).is_outdated(hash_)


async def test_the_event_loop_goes_on_and_few_work_at_once() -> None:
    """They wait for the loop to let them go on: it could not, if they held it up."""
    passwords, released, at_work = Passwords(8, 1), threading.Event(), []

    def work() -> None:
        at_work.append(threading.current_thread().name)
        assert released.wait(30)

    waiting = [asyncio.ensure_future(passwords.beside(work)) for _ in range(THREADS + 3)]
    await asyncio.sleep(0)  # the loop goes on, and alone can release them
    released.set()
    await asyncio.gather(*waiting)
    assert len(set(at_work)) <= THREADS
    assert "MainThread" not in at_work


async def test_whoever_would_wait_too_long_is_told_so_at_once() -> None:
    passwords, released = Passwords(8, 1), threading.Event()
    waiting = [asyncio.ensure_future(passwords.beside(lambda: released.wait(30))) for _ in range(MOST)]
    await asyncio.sleep(0)  # so that all of them have asked
    with pytest.raises(Overloaded):
        await passwords.hash("secret words")
    released.set()
    assert all(await asyncio.gather(*waiting))
    assert await passwords.verify(await passwords.hash("secret words"), "secret words")
