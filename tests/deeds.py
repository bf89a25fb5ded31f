"""Deeds against a server that may be killed at any moment: what was answered, what was refused, and what nobody knows."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import psycopg

from tests.citizens import Citizen, result, scored
from tests.clients import Answer, Client

SUBMITTED = """SELECT idempotency_key, account.code, scores[1], status::text
    FROM submission JOIN account USING (rater_id) WHERE idempotency_key IS NOT NULL"""


class Lost(Exception):
    """No answer came, or one that says that the database is away: whether it was done is not known."""


class RemoteClient(Client):
    """A client of a real server."""

    async def query(self, *arguments: Any, **more: Any) -> Answer:
        """The answer to an operation; raises Lost where none is to be had."""
        try:
            answer = await super().query(*arguments, **more)
        except httpx.TransportError as error:
            raise Lost from error
        if answer.response.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            assert answer.refusal == ("DATABASE_UNAVAILABLE", None)
            raise Lost
        return answer


@dataclass(frozen=True)
class Deed:
    """Something that can be done again with the same outcome, and what notes the outcome."""

    act: Callable[[Client], Awaitable[Any]]
    note: Callable[[Any], None]


@dataclass
class Ledger:
    """All that was asked of a server. Keys are idempotency keys, each of one draft by one account.

    `counted` has the id of each submission that was acknowledged, `ended` what became of those that
    were withdrawn or rejected, `refused` the keys that were answered with a problem, `lost` the
    deeds whose outcome is not known, `answers` how many there were of each type.
    """

    url: str
    drafts: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    counted: dict[str, str] = field(default_factory=dict)
    ended: dict[str, str] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    lost: list[Deed] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    _goal: int = 0
    _reached: asyncio.Event = field(default_factory=asyncio.Event)

    async def do(self, client: Client, act: Callable[[Client], Awaitable[Any]], note: Callable[[Any], None]) -> bool:
        """Do something now; whether its outcome is known."""
        try:
            found = await act(client)
        except Lost:
            self.lost.append(Deed(act, note))
            return False
        self.answers[found.get("code") or found["__typename"]] += 1
        note(found)
        if self.answers.total() >= self._goal:
            self._reached.set()
        return True

    async def await_answers(self, number: int) -> None:
        """Until so much more was answered."""
        self._goal = self.answers.total() + number
        self._reached.clear()
        await self._reached.wait()

    async def submit(self, client: Client, account: str, draft: dict[str, Any], score: int) -> str:
        """Send a draft under a new key, which is answered, with a score by which its row is known."""
        key = secrets.token_hex(8)
        self.drafts[key] = account, draft | {"idempotencyKey": key, "scores": scored(PLAIN=score, POLITE=4)}
        await self.send(client, key)
        return key

    async def send(self, client: Client, key: str) -> bool:
        """Send a draft, perhaps once more: whatever is answered must be what was answered before."""
        account, draft = self.drafts[key]

        async def act(client: Client) -> Any:
            return result(await Citizen(client, self.url, account).send(draft))

        def note(found: Any) -> None:
            if found["__typename"] == "SubmitQuestionnairePayload":
                assert key not in self.refused
                assert self.counted.setdefault(key, found["submission"]["id"]) == found["submission"]["id"]
            else:
                assert key not in self.counted, found
                self.refused.add(key)

        return await self.do(client, act, note)

    async def end(self, client: Client, key: str, status: str, act: Callable[[Client], Awaitable[Any]]) -> bool:
        """Give a submission another status; whether that is known to be done."""

        def note(found: Any) -> None:
            assert found["submission"]["status"] == status, found
            self.ended[key] = status

        return await self.do(client, act, note)

    async def make_up(self, client: Client) -> int:
        """Do again all that was lost, in its order, until each has an outcome; how much there was."""
        lost, self.lost = self.lost, []
        for deed in lost:
            assert await self.do(client, deed.act, deed.note)
        return len(lost)

    def hold(self) -> None:
        """In the database is each acknowledged submission, once, as it is by now, and no other."""
        with psycopg.connect(self.url) as connection:
            rows = connection.execute(SUBMITTED).fetchall()
        drafts = {key: self.drafts[key] for key in self.counted}
        assert sorted(rows) == sorted(
            (key, account, draft["scores"][0]["score"], self.ended.get(key, "COUNTED"))
            for key, (account, draft) in drafts.items()
        )
