"""The refusals that the engine itself makes, and what it says of a schema that it cannot serve.

EngineError
+-- ArgumentError   an argument that cannot be used: a bad cursor, `first` with `last` ...
+-- LimitError      a document that asks for too much
SchemaError         a fault of ours, not of a client
"""

import enum
from typing import TypeVar

from graphql import GraphQLError


class Limit(enum.Enum):
    """What there can be too much of; the value is the code that clients are told."""

    TOKENS = "TOKEN_LIMIT"
    DEPTH = "DEPTH_LIMIT"
    FIELDS = "FIELD_LIMIT"
    ROOT_FIELDS = "ROOT_FIELD_LIMIT"
    ALIASES = "ALIAS_LIMIT"
    DIRECTIVES = "DIRECTIVE_LIMIT"
    ROWS = "ROW_LIMIT"
    COST = "COST_LIMIT"
    # Not a matter of how much: nothing of it is answered here.
    INTROSPECTION = "INTROSPECTION_OFF"


class EngineError(Exception):
    """A refusal whose message is for the user."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ArgumentError(EngineError):
    """An argument that cannot be used; `argument` is its dotted path."""

    def __init__(self, argument: str, reason: str) -> None:
        super().__init__(f"{argument}: {reason}")
        self.argument = argument
        self.reason = reason


class LimitError(EngineError):
    """A document that asks for too much at once; `limit` tells of what."""

    def __init__(self, limit: Limit, message: str) -> None:
        super().__init__(message)
        self.limit = limit


class SchemaError(Exception):
    """The schema says something that the engine cannot do."""


Raised = TypeVar("Raised", bound=Exception)


def anew(error: Raised) -> Raised:
    """An error like another one that is kept, to be raised in its place.

    What is raised gets a trace, in which are the values of the request: what is kept must not. One of graphql-core's own is told
    where it is raised now, not where it arose, which may have been in a tree without places.
    """
    if isinstance(error, GraphQLError):
        return error.__class__(error.message)
    other = error.__class__.__new__(error.__class__, *error.args)
    other.__dict__.update(error.__dict__)
    return other
