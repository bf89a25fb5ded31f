"""Texts that are no valid documents, and what is told of them."""

import re
from collections.abc import Sequence

from graphql import GraphQLError

# What graphql-core adds to a message; names are quoted.
SUGGESTION = re.compile(r" Did you mean (?:[^?]|\?(?!$))*\?$")


class InvalidDocument(Exception):
    """A text that does not parse or is not valid; `parsed` tells which."""

    def __init__(self, errors: Sequence[GraphQLError], *, parsed: bool) -> None:
        super().__init__(errors[0].message)
        self.errors = errors
        self.parsed = parsed

    @property
    def without_suggestions(self) -> "InvalidDocument":
        """The same, guessing no names of the schema that were perhaps meant."""
        return InvalidDocument([without_suggestion(each) for each in self.errors], parsed=self.parsed)


def without_suggestion(error: GraphQLError) -> GraphQLError:
    """An error that guesses no names which were perhaps meant."""
    message = SUGGESTION.sub("", error.message)
    if message == error.message:
        return error
    return GraphQLError(message, error.nodes, error.source, error.positions, error.path, error.original_error)
