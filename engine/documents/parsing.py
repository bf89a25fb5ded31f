"""Parsing: from a text to its tree, by graphql-core's parser.

Half of the time of its parser goes into finding the next token, a character at a time. Names and marks, which nearly all
tokens are, are found by one regular expression here; whatever else may come is left to graphql-core's lexer.
"""

import re

from graphql import DocumentNode, Source, Token, TokenKind
from graphql.language.lexer import Lexer
from graphql.language.parser import Parser

# In groups: what is skipped, and then a name, or a mark of one character. A carriage return ends lines in ways of its own.
PLAIN = re.compile(r"([ \t\n,\ufeff]*+)(?:([_A-Za-z][_0-9A-Za-z]*)|([!$&():=@\[\]{|}]))")
KINDS = {kind.value: kind for kind in TokenKind}
NAME = TokenKind.NAME


def parsed(text: str, max_tokens: int) -> DocumentNode:
    """The tree of a text; raises GraphQLSyntaxError, and RecursionError where it nests too deeply."""
    source = Source(text)
    tree = Parser(source, max_tokens=max_tokens, lexer=PlainLexer(source)).parse_document()
    _unlink(tree)
    return tree


class PlainLexer(Lexer):
    """graphql-core's lexer, quicker where the next token is plain."""

    def advance(self) -> Token:
        """See `Lexer`. What was looked at ahead is there already."""
        last = self.last_token = self.token
        found = PLAIN.match(self.source.body, last.end) if last.next is None else None
        if found is None:
            self.token = self.lookahead()
            return self.token
        skipped, name, mark = found.groups()
        start = found.end(1)
        if "\n" in skipped:
            self.line += skipped.count("\n")
            self.line_start = last.end + skipped.rindex("\n") + 1
        kind = KINDS[mark] if name is None else NAME
        token = Token(kind, start, found.end(), self.line, 1 + start - self.line_start, name)
        self.token = last.next = token
        return token


def _unlink(tree: DocumentNode) -> None:
    """Leave out the way back from each token to the one before, where there is one.

    So a document that is forgotten is freed at once. In circles it would wait for the garbage
    collector, which then would have to walk through all documents again and again.
    """
    token = tree.loc.start_token if tree.loc else None
    while token is not None:
        token.prev = None
        token = token.next
