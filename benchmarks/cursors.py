"""Cursors at random places: a peer's own cursor of one row, with the keys of another row in it."""

import base64
from collections.abc import Sequence
from typing import Any

import orjson


def moved(cursor: str, keys: Sequence[Any]) -> str:
    """The cursor of the same list behind the row with these keys.

    All peers write cursors as JSON lists in base 64, whose last items are the keys of the order.
    """
    padded = cursor.encode() + b"=" * (-len(cursor) % 4)
    parts = orjson.loads(base64.urlsafe_b64decode(padded))
    parts[-len(keys) :] = keys
    return base64.urlsafe_b64encode(orjson.dumps(parts)).rstrip(b"=").decode()
