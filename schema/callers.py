"""Callers: for whom an operation is executed, as far as it decides over SQL text."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from auth.visibility import MADE_HERE
from engine.executor import Caller
from resolvers.languages import Language


class CallerShape(NamedTuple):
    """What of a viewer decides over SQL text."""

    language: Language
    signed_in: bool
    # Whether somebody without an account makes something, and sees it in the answer to just this.
    makes_unseen: bool = False


def stranger(language: Language, shared: Mapping[str, Any]) -> Caller:
    """Somebody who is not signed in: who sees what everybody sees. `shared` are the values for all."""
    return Caller(CallerShape(language, signed_in=False), {MADE_HERE: None, **shared}, None)
