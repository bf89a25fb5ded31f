"""Persisted documents: texts that clients name by their SHA-256 instead of sending them.

Trusted ones come from a file that the operator gives, and may be the only ones that are answered.
Others are registered by whoever sends a text with its digest (automatic persisted queries); they are
kept by this process as long as they are used, or by Redis for all.
"""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from graphql import GraphQLError, OperationDefinitionNode, parse
from redis.asyncio import Redis
from redis.exceptions import RedisError

from engine.recent import Recent
from models.errors import ErrorCode
from transport.requests import BadRequest

# Registered texts that one process keeps: so many, of so many characters together.
REGISTERED, CHARACTERS = 5_000, 5_000_000
# How long Redis keeps one, and how long it may take to answer.
REDIS_KEEPS_SECONDS, REDIS_SECONDS = 7 * 24 * 3600, 0.25


def digest_of(text: str) -> str:
    """The name of a document: its SHA-256 in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def trusted(path: str) -> Mapping[str, str]:
    """The documents of a file by their digests: of a manifest (Apollo's) or of a map (Relay's); raises ValueError.

    A map's keys are the digests, the manifest's operations have them as `id`. Each is held against its text.
    """
    if not path:
        return {}
    given = json.loads(Path(path).read_text())
    if isinstance(given, dict) and isinstance(given.get("operations"), list):
        given = {each["id"]: each["body"] for each in given["operations"]}
    if not isinstance(given, dict):
        raise ValueError(f"{path} is no map of documents by their digests.")  # noqa: TRY004
    for name, text in given.items():
        if not isinstance(text, str) or digest_of(text) != name:
            raise ValueError(f"{path}: {name} is not the SHA-256 of its document.")
    return given


def names_in(documents: Mapping[str, str]) -> frozenset[str]:
    """The names of the operations of documents; one that does not parse has none."""
    found = set()
    for text in documents.values():
        with suppress(GraphQLError):
            definitions = parse(text).definitions
            found |= {
                each.name.value for each in definitions if isinstance(each, OperationDefinitionNode) and each.name
            }
    return frozenset(found)


class Registered(Protocol):
    """Texts that clients have registered."""

    async def get(self, digest: str) -> str | None:
        """The text of a digest, if it is known."""

    async def put(self, digest: str, text: str) -> None:
        """Keep a text."""

    async def close(self) -> None:
        """Let go of what it holds."""


class InMemory:
    """Texts in this process: those that were used last."""

    def __init__(self) -> None:
        self._texts: Recent[str, str] = Recent(REGISTERED, CHARACTERS)

    async def get(self, digest: str) -> str | None:
        """See `Registered`."""
        return self._texts.get(digest)

    async def put(self, digest: str, text: str) -> None:
        """See `Registered`."""
        self._texts.put(digest, text, len(text))

    async def close(self) -> None:
        """See `Registered`."""


class InRedis:
    """Texts in Redis behind those in memory, so that one process knows what was registered with another."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(
            url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS, decode_responses=True
        )
        self._memory = InMemory()

    async def get(self, digest: str) -> str | None:
        """See `Registered`; without Redis, what this process knows."""
        text = await self._memory.get(digest)
        if text is None:
            try:
                found: Any = await self._redis.get(f"portal:document:{digest}")
            except (RedisError, OSError):
                return None
            text = found
            if text is not None and digest_of(text) == digest:
                await self._memory.put(digest, text)
        return text

    async def put(self, digest: str, text: str) -> None:
        """See `Registered`."""
        await self._memory.put(digest, text)
        try:
            await self._redis.set(f"portal:document:{digest}", text, ex=REDIS_KEEPS_SECONDS)
        except (RedisError, OSError):
            return

    async def close(self) -> None:
        """See `Registered`."""
        await self._redis.aclose()


@dataclass(frozen=True)
class Persisted:
    """Finds the texts of digests; `only` is whether nothing but trusted documents is answered."""

    trusted: Mapping[str, str] = field(default_factory=dict)
    only: bool = False
    registered: Registered = field(default_factory=InMemory)

    async def text(self, digest: str | None, sent: str | None) -> str:
        """The document that is asked for by its text, its digest or both; raises BadRequest."""
        if digest is None:
            assert sent is not None
            if self.only and self.trusted.get(digest_of(sent)) != sent:
                raise BadRequest(
                    403, "Only documents that the portal's operator knows are answered.", ErrorCode.DOCUMENT_NOT_TRUSTED
                )
            return sent
        known = self.trusted.get(digest)
        if known is not None:
            return known
        if self.only:
            raise BadRequest(None, "PersistedQueryNotSupported", ErrorCode.PERSISTED_QUERY_NOT_SUPPORTED)
        return await self._registered(digest, sent)

    async def _registered(self, digest: str, sent: str | None) -> str:
        if sent is None:
            known = await self.registered.get(digest)
            if known is None:
                raise BadRequest(None, "PersistedQueryNotFound", ErrorCode.PERSISTED_QUERY_NOT_FOUND)
            return known
        if digest_of(sent) != digest:
            raise BadRequest(400, "The digest is another document's.", ErrorCode.PERSISTED_QUERY_MISMATCH)
        return sent

    async def keep(self, digest: str | None, text: str) -> None:
        """Register a document that was sent with its digest, and is valid."""
        if digest is not None and digest not in self.trusted:
            await self.registered.put(digest, text)
