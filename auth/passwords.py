"""Passwords as argon2id hashes, worked out beside the event loop by few threads."""

import asyncio
import unicodedata
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from models.errors import Overloaded

Result = TypeVar("Result")

# A hash takes a core for tens of milliseconds: more at once would only starve what else is asked.
THREADS = 2
# So many may be worked on or wait: some seconds of work, as nobody waits for longer in front of a page.
MOST = 100
# What nobody's password is: who has no password is verified against its hash, to take as long.
NOBODYS = "nobody has this password"


@dataclass(frozen=True)
class Hashes:
    """argon2id's hashes; each takes a core for tens of milliseconds."""

    hasher: PasswordHasher

    def of(self, password: str) -> str:
        """The encoded hash of a password, with a salt of its own."""
        return self.hasher.hash(_normal(password))

    def match(self, hash_: str | None, password: str) -> bool:
        """Whether a password has that hash. Without a hash it has not, and that takes as long to say."""
        try:
            self.hasher.verify(hash_ or self._nobodys, _normal(password))
        except VerificationError:
            return False
        return hash_ is not None

    @cached_property
    def _nobodys(self) -> str:
        return self.hasher.hash(NOBODYS)


@dataclass(frozen=True)
class Turn:
    """What may be asked of passwords by whose turn it is: what would hold the event loop up, one of few threads does."""

    hashes: Hashes
    threads: ThreadPoolExecutor

    async def hash(self, password: str) -> str:
        """The encoded hash of a password, with a salt of its own."""
        return await self.beside(lambda: self.hashes.of(password))

    async def verify(self, hash_: str | None, password: str) -> bool:
        """Whether a password has that hash. Without a hash it has not, and that takes as long to say."""
        return await self.beside(lambda: self.hashes.match(hash_, password))

    async def beside(self, work: Callable[[], Result]) -> Result:
        """The result of any other work."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, work)


class Passwords:
    """Hashes and verifies passwords; `memory` in KiB and `passes` are argon2id's parameters."""

    def __init__(self, memory: int, passes: int) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory, parallelism=1)
        self._one = Turn(Hashes(self._hasher), ThreadPoolExecutor(THREADS, "passwords"))
        self._turns = 0

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """A place among those who wait, for all that one request has to have worked out.

        Raises Overloaded where too many wait already: they could be made to wait for ever. It is taken
        before attempts are counted, as who is sent away has not tried anything.
        """
        if self._turns >= MOST:
            raise Overloaded("Too many passwords are being looked at right now: try again in some seconds.")
        self._turns += 1
        try:
            yield self._one
        finally:
            self._turns -= 1

    def is_outdated(self, hash_: str) -> bool:
        """Whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(hash_)


def _normal(password: str) -> bytes:
    """Keyboards write the same letter in different ways (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
