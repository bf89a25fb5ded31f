"""Chance that falls the same way every time."""

from random import Random


def dice(seed: int, purpose: str) -> Random:
    """A source of chance for one purpose, so that a change in one does not shift the others."""
    return Random(f"{seed}/{purpose}")  # noqa: S311 - invented data has to be repeatable, not secret
