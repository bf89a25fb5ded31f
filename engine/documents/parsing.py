"""Parsing: from a text to its tree, by graphql-core's parser.

Half of the time of its parser goes into finding the next token, a character at a time. Names and marks, which nearly all
tokens are, are found by one regular expression here, and a field that has neither arguments nor anything below it, which nearly
all fields are, by another; whatever else may come is left to graphql-core.
"""

import re

from graphql import (
    DocumentNode,
    FieldNode,
    Location,
    NameNode,
    SelectionNode,
    SelectionSetNode,
    Source,
    Token,
    TokenKind,
)
from graphql.language.lexer import Lexer
from graphql.language.parser import Parser

# In groups: what is skipped, and then a name, or a mark of one character. A carriage return ends lines in ways of its own.
PLAIN = re.compile(r"([ \t\n,\ufeff]*+)(?:([_A-Za-z][_0-9A-Za-z]*)|([!$&():=@\[\]{|}]))")
# What follows the first name of a field that ends with it, or with the name behind a colon: in groups, the colon, that name, what is
# skipped, and then the name that begins the next selection, or the end of all.
LEAF = re.compile(
    r"(?:[ \t,\ufeff]*+(:)[ \t,\ufeff]*+([_A-Za-z][_0-9A-Za-z]*+))?([ \t\n,\ufeff]*+)(?:([_A-Za-z][_0-9A-Za-z]*)|\})"
)
# So many tokens has such a field at most, with the one behind it.
LEAF_TOKENS = 3
KINDS = {kind.value: kind for kind in TokenKind}
NAME, COLON, BRACE_L, BRACE_R = TokenKind.NAME, TokenKind.COLON, TokenKind.BRACE_L, TokenKind.BRACE_R


def parsed(text: str, max_tokens: int) -> DocumentNode:
    """The tree of a text; raises GraphQLSyntaxError, and RecursionError where it nests too deeply."""
    tree = PlainParser(Source(text), max_tokens).parse_document()
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
        self._skip(skipped, last.end)
        start, kind = found.end(1), KINDS[mark] if name is None else NAME
        token = self.token = last.next = Token(kind, start, found.end(), self.line, 1 + start - self.line_start, name)
        return token

    def advance_leaf(self) -> Token | None:
        """From the first token of a plain field to the one behind it; the last of the field, or None where it is not plain."""
        first = self.token
        found = LEAF.match(self.source.body, first.end) if first.kind is NAME and first.next is None else None
        if found is None:
            return None
        _, name, skipped, following = found.groups()
        last, line, before = first, self.line, self.line_start - 1
        if name is not None:
            colon, start = found.start(1), found.start(2)
            first.next = Token(COLON, colon, colon + 1, line, colon - before)
            last = first.next.next = Token(NAME, start, found.end(2), line, start - before, name)
        self._skip(skipped, last.end)
        start = found.end(3)
        kind = BRACE_R if following is None else NAME
        self.token = last.next = Token(kind, start, found.end(), self.line, 1 + start - self.line_start, following)
        self.last_token = last
        return last

    def _skip(self, skipped: str, start: int) -> None:
        if "\n" in skipped:
            self.line += skipped.count("\n")
            self.line_start = start + skipped.rindex("\n") + 1


class PlainParser(Parser):
    """graphql-core's parser, quicker where fields are plain."""

    _lexer: PlainLexer

    def __init__(self, source: Source, max_tokens: int) -> None:
        super().__init__(source, max_tokens=max_tokens, lexer=PlainLexer(source))
        self._most = max_tokens

    def parse_selection_set(self) -> SelectionSetNode:
        """See `Parser`."""
        self._enter_nesting()
        start = self.expect_token(BRACE_L)
        found: list[SelectionNode] = []
        while self._lexer.token.kind is not BRACE_R:
            found.append(self._leaf() or self.parse_selection())
        self.advance_lexer()
        self._nesting_depth -= 1
        return SelectionSetNode(selections=tuple(found), loc=self.loc(start))

    def _leaf(self) -> FieldNode | None:
        """A plain field; None where it is something else, or may go beyond the limit of tokens."""
        lexer, source = self._lexer, self._lexer.source
        first = lexer.token
        last = lexer.advance_leaf() if self._token_counter + LEAF_TOKENS <= self._most else None
        if last is None:
            return None
        at = Location(first, first, source)
        own = NameNode(value=str(first.value), loc=at)
        if last is first:
            self._count(1)
            return FieldNode(alias=None, name=own, loc=at)
        self._count(LEAF_TOKENS)
        name = NameNode(value=str(last.value), loc=Location(last, last, source))
        return FieldNode(alias=own, name=name, loc=Location(first, last, source))

    def _count(self, tokens: int) -> None:
        """See `Parser.advance_lexer`: so many tokens were passed, and so many comments may still come."""
        self._token_counter += tokens
        self._lexer._comment_budget = self._most - self._token_counter  # noqa: SLF001 - as graphql-core's parser does


def _unlink(tree: DocumentNode) -> None:
    """Leave out the way back from each token to the one before, where there is one.

    So a document that is forgotten is freed at once. In circles it would wait for the garbage
    collector, which then would have to walk through all documents again and again.
    """
    token = tree.loc.start_token if tree.loc else None
    while token is not None:
        token.prev = None
        token = token.next
