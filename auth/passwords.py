"""Passwords as argon2id hashes, worked out beside the event loop by few threads."""

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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


class Passwords:
    """Hashes and verifies passwords; `memory` in KiB and `passes` are argon2id's parameters."""

    def __init__(self, memory: int, passes: int) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory, parallelism=1)
        self._threads = ThreadPoolExecutor(THREADS, "passwords")
        self._asked = 0

    async def hash(self, password: str) -> str:
        """The encoded hash of a password, with a salt of its own."""
        return await self.beside(lambda: self._hashed(password))

    async def verify(self, hash_: str | None, password: str) -> bool:
        """Whether a password has that hash. Without a hash it has not, and that takes as long to say."""
        return await self.beside(lambda: self._matches(hash_ or self._nobodys, password) and hash_ is not None)

    def is_outdated(self, hash_: str) -> bool:
        """Whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(hash_)

    async def beside(self, work: Callable[[], Result]) -> Result:
        """The result of work that would hold the event loop up, done by one of the few threads.

        Raises Overloaded where too many wait already: they could be made to wait for ever.
        """
        if self._asked >= MOST:
            raise Overloaded("Too many passwords are being looked at right now: try again in some seconds.")
        self._asked += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._asked -= 1

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash(NOBODYS)

    def _hashed(self, password: str) -> str:
        return self._hasher.hash(_normal(password))

    def _matches(self, hash_: str, password: str) -> bool:
        try:
            return self._hasher.verify(hash_, _normal(password))
        except VerificationError:
            return False


def _normal(password: str) -> bytes:
    """Keyboards write the same letter in different ways (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
