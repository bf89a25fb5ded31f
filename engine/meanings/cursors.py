"""Keyset cursors: where a page ends, and of which list it is a page."""

import base64
import hashlib
from itertools import zip_longest
from typing import Any

import orjson

from engine.errors import ArgumentError


def fingerprint(identity: str) -> str:
    """A short digest of what makes a list this list: its field, order and filter."""
    return hashlib.blake2s(identity.encode(), digest_size=6).hexdigest()


def encode(list_fingerprint: str, keys: list[Any]) -> str:
    """An opaque cursor that stands behind the row with these order keys."""
    payload = orjson.dumps([list_fingerprint, *keys])
    return base64.urlsafe_b64encode(payload).rstrip(b"=").decode()


def decode(cursor: str, list_fingerprint: str, argument: str, types: list[type]) -> list[Any]:
    """The order keys in a cursor; refuses one that is malformed or of another list."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        found: Any
        keys: list[Any]
        found, *keys = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, TypeError):
        raise ArgumentError(argument, "is not a cursor of this API") from None
    if found != list_fingerprint:
        raise ArgumentError(argument, "is a cursor of another list, filter or order")
    # JSON of PostgreSQL has no decimal point in whole numbers.
    kinds = [float if wanted is float and type(key) is int else type(key) for wanted, key in zip_longest(types, keys)]
    if kinds != types or not all(map(_fits, keys)):
        raise ArgumentError(argument, "is not a cursor of this API")
    return keys


def _fits(key: Any) -> bool:
    """Whether PostgreSQL can hold a key: bigints are 64 bits, texts have no NUL."""
    if isinstance(key, int):
        return -(2**63) <= key < 2**63
    return "\0" not in key if isinstance(key, str) else True
