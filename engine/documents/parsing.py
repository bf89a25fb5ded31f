"""Parsing: from a text to its tree, with the places of all its parts, by graphql-core's parser."""

from graphql import DocumentNode, Source
from graphql.language.parser import Parser


def parsed(text: str, max_tokens: int) -> DocumentNode:
    """The tree of a text; raises GraphQLSyntaxError, and RecursionError where it nests too deeply."""
    tree = Parser(Source(text), max_tokens=max_tokens).parse_document()
    _unlink(tree)
    return tree


def _unlink(tree: DocumentNode) -> None:
    """Leave out the way back from each token to the one before, where there is one.

    So a document that is forgotten is freed at once. In circles it would wait for the garbage
    collector, which then would have to walk through all documents again and again.
    """
    token = tree.loc.start_token if tree.loc else None
    while token is not None:
        token.prev = None
        token = token.next
