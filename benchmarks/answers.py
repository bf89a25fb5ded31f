"""Answers side by side: whether a peer says the same as the portal."""

from typing import Any


class Differs(Exception):
    """A peer answers something else than the portal."""


def difference(expected: Any, found: Any, path: str = "data") -> str | None:
    """Where and how two answers differ; the order of keys does not matter, that of lists does."""
    if isinstance(expected, dict) and isinstance(found, dict) and expected.keys() == found.keys():
        parts = [(expected[key], found[key], f"{path}.{key}") for key in expected]
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        parts = [(one, other, f"{path}[{at}]") for at, (one, other) in enumerate(zip(expected, found, strict=True))]
    else:
        return None if expected == found else f"{path} is {_shown(found)}, not {_shown(expected)}"
    return next((place for part in parts if (place := difference(*part)) is not None), None)


def _shown(value: Any) -> str:
    return f"{len(value)} items" if isinstance(value, list) and len(value) > 3 else f"{value!r:.200}"


def fields(data: Any) -> int:
    """How many fields an answer has, those of every object in its lists counted."""
    if isinstance(data, list):
        return sum(map(fields, data))
    return len(data) + sum(map(fields, data.values())) if isinstance(data, dict) else 0
