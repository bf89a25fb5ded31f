"""The same operation once more: with other values, or over rows that no table could hold."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf, nan
from random import Random
from typing import Any

from engine.answers.records import Values
from engine.plans.queries import Bound
from models.database import Database
from tests.engine.operations import Name
from tests.engine.pools import UNFITTING, Pools

CHANCE_TO_SPOIL = 0.03


def varied(value: Any, random: Random, pools: Pools) -> Any:  # noqa: PLR0911 - a case each
    """A value like another one: what is planned for one may be used for the other, or may not."""
    match value:
        case bool():
            return random.random() < 0.5
        case int():
            return random.randint(0, max(value % 100, 1))
        case Name():
            return value
        case str():
            return random.choice(like_text(value, pools))
        case list():
            return [varied(each, random, pools) for each in random.sample(value, len(value))]
        case Mapping():
            return {name: varied(each, random, pools) for name, each in value.items()}
    return value


def like_text(value: str, pools: Pools) -> Sequence[str]:
    """The pool that a text is from."""
    every = (pools.all_ids, *pools.codes.values(), *pools.cursors.values(), UNFITTING["String"])
    return next((pool for pool in every if value in pool), [value])


@dataclass
class Spoiling:
    """A database whose rows can be spoiled: values are missing, too large, or unknown."""

    database: Database
    random: Random | None = None

    async def read(self, statements: Sequence[Bound]) -> list[Sequence[Values]]:
        """The rows of each statement."""
        results = await self.database.read(statements)
        return [[self._spoilt(list(row)) for row in rows] for rows in results] if self.random else results

    @contextmanager
    def spoiled(self, random: Random) -> Iterator[None]:
        """Spoil all that is read in a block."""
        self.random = random
        try:
            yield
        finally:
            self.random = None

    def _spoilt(self, value: Any) -> Any:
        assert self.random
        if self.random.random() < CHANCE_TO_SPOIL:
            return self.random.choice(_spoils(value))
        return [self._spoilt(each) for each in value] if isinstance(value, list) else value


def _spoils(value: Any) -> Sequence[Any]:
    match value:
        case bool():
            return [None, not value]
        case int():
            return [None, 2**31, -(2**31) - 1]
        case float():
            return [None, inf, nan]
        case str():
            return [None, "spoiled"]
    return [None if value is None else value]
