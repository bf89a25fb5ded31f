"""Parsing is graphql-core's, but for the tokens that know the one before."""

import pytest
from graphql import DocumentNode, Token

from engine.documents.parsing import parsed


def test_what_nests_too_deeply_is_refused() -> None:
    with pytest.raises(RecursionError):
        parsed("{ a " * 1_000, max_tokens=10_000)


def test_no_token_knows_the_one_before() -> None:
    assert all(token.prev is None for token in tokens(parsed('{ a # so\n b(c: "d") }', 100)))


def tokens(tree: DocumentNode) -> list[Token]:
    """All tokens, comments included."""
    found, token = [], tree.loc.start_token if tree.loc else None
    while token is not None:
        found.append(token)
        token = token.next
    return found
