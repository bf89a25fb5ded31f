"""Sketches: the trees of plain texts, without places, made four times as quickly as graphql-core's parser makes trees, or more.

A document that comes once has to be understood, and hardly ever to be quoted: the places of its parts in the text are for errors, and for
what graphql-core completes. Only queries and fragments that are plain are sketched. What has comments, escapes, block strings, changes or
subscriptions in it, is very long or deep, or is no GraphQL, is left to graphql-core to parse or to refuse.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NoReturn, TypeVar, cast

from graphql import (
    ArgumentNode,
    BooleanValueNode,
    ConstValueNode,
    DefinitionNode,
    DirectiveNode,
    DocumentNode,
    EnumValueNode,
    FieldNode,
    FloatValueNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    ListTypeNode,
    ListValueNode,
    NamedTypeNode,
    NameNode,
    NonNullTypeNode,
    NullValueNode,
    ObjectFieldNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    StringValueNode,
    TypeNode,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
)

SKIPPED = " \t\n\r,\ufeff"
# What is skipped, and then a name of up to a hundred letters, a mark, a string that means what it looks like, or a number; whatever
# else there is, up to the end of the text. So nothing is looked at twice but what is skipped at the end, which is cut off first.
TOKEN = re.compile(
    r"""[ \t\n\r,\ufeff]*+([_A-Za-z][_0-9A-Za-z]{0,99}+(?![_0-9A-Za-z])|[!$():=@\[\]{}]|\.\.\.|"[^"\\\0-\x1f\ud800-\udfff]*+"(?!")"""
    r"""|-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?(?![_A-Za-z0-9.])|[^ \t\n\r,\ufeff][\s\S]*+)"""
)
LETTERS = frozenset("_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
DIGITS = frozenset("-0123456789")
WORDS = {"true": BooleanValueNode(value=True), "false": BooleanValueNode(value=False), "null": NullValueNode()}
# What follows a field that has more than a name.
MORE = frozenset("(@{")
# A longer text may have any number of tokens, of which graphql-core looks at no more than are allowed.
LONGEST = 20_000
# So many braces and brackets in each other are plain; graphql-core refuses 200.
DEEPEST = 50
# Behind the last token: no more may be looked at ahead than that.
END = ("", "", "")
# So many fields without arguments or anything below them are kept, some 5 MB: what one document selects, another does, too.
LEAVES = 5_000

Made = TypeVar("Made")


def sketched(text: str, max_tokens: int) -> DocumentNode | None:
    """The tree of a plain text, without places: parts that are equal may be one. None where it is not plain, or not allowed."""
    tokens: list[str] = TOKEN.findall(text.rstrip(SKIPPED)) if len(text) <= LONGEST else []
    # What is not plain reaches to the end.
    if len(tokens) > max_tokens or not tokens or tokens[-1] != "}":
        return None
    try:
        tree = DocumentNode(definitions=_Sketch(tokens).definitions())
    except Unclear:
        return None
    # As graphql-core's parser leaves it.
    object.__setattr__(tree, "token_count", len(tokens))
    return tree


class Unclear(Exception):
    """The text is not plain, or no GraphQL."""


def _unclear() -> NoReturn:
    raise Unclear


@lru_cache(LEAVES)
def _leaf(alias: str | None, name: str) -> FieldNode:
    return FieldNode(alias=None if alias is None else _named(alias), name=_named(name))


def _named(token: str) -> NameNode:
    if token[:1] not in LETTERS:
        raise Unclear
    return NameNode(value=token)


class _Sketch:
    """A tree in the making: each method takes what it is named after, and goes on to the token behind it."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = (*tokens, *END)
        self._count = len(tokens)
        self._at = 0
        self._depth = 0

    def definitions(self) -> tuple[DefinitionNode, ...]:
        """All definitions."""
        found: list[DefinitionNode] = []
        while self._at < self._count:
            found.append(self._fragment_definition() if self._passes("fragment") else self._operation())
        return tuple(found)

    def _operation(self) -> OperationDefinitionNode:
        if self._next() == "{":
            return OperationDefinitionNode(operation=OperationType.QUERY, selection_set=self._selection_set())
        self._pass("query")
        return OperationDefinitionNode(
            operation=OperationType.QUERY,
            name=self._name() if self._next()[:1] in LETTERS else None,
            variable_definitions=self._in_parentheses(self._variable_definition),
            directives=self._directives(),
            selection_set=self._selection_set(),
        )

    def _variable_definition(self) -> VariableDefinitionNode:
        self._pass("$")
        name = self._name()
        self._pass(":")
        type_, start = self._type(), self._at
        default = self._value() if self._passes("=") else None
        if "$" in self._tokens[start : self._at] or self._next() == "@":
            raise Unclear
        constant = cast("ConstValueNode | None", default)
        return VariableDefinitionNode(variable=VariableNode(name=name), type=type_, default_value=constant)

    def _type(self) -> TypeNode:
        of: NamedTypeNode | ListTypeNode
        if self._passes("["):
            of = ListTypeNode(type=self._deeper(self._type))
            self._pass("]")
        else:
            of = NamedTypeNode(name=self._name())
        return NonNullTypeNode(type=of) if self._passes("!") else of

    def _fragment_definition(self) -> FragmentDefinitionNode:
        name = self._fragment_name()
        self._pass("on")
        return FragmentDefinitionNode(
            name=name,
            variable_definitions=(),
            type_condition=NamedTypeNode(name=self._name()),
            directives=self._directives(),
            selection_set=self._selection_set(),
        )

    def _fragment_name(self) -> NameNode:
        return _unclear() if self._next() == "on" else self._name()

    # --- selections ---

    def _selection_set(self) -> SelectionSetNode:
        self._pass("{")
        return SelectionSetNode(selections=self._deeper(self._selections))

    def _selections(self) -> tuple[SelectionNode, ...]:
        """Selections, and the brace behind them. Nearly all are leaves, which are looked at in place."""
        tokens, at = self._tokens, self._at
        found: list[SelectionNode] = []
        while (name := tokens[at]) != "}":
            alias, at = None, at + 1
            if tokens[at] == ":":
                alias, name, at = name, tokens[at + 1], at + 2
            if tokens[at] not in MORE and name != "...":
                found.append(_leaf(alias, name))
                continue
            self._at = at
            found.append(self._fragment() if name == "..." and alias is None else self._field(alias, name))
            at = self._at
        self._at = at + 1
        return tuple(found) or _unclear()

    def _field(self, alias: str | None, name: str) -> FieldNode:
        return FieldNode(
            alias=None if alias is None else _named(alias),
            name=_named(name),
            arguments=self._arguments(),
            directives=self._directives(),
            selection_set=self._selection_set() if self._next() == "{" else None,
        )

    def _fragment(self) -> SelectionNode:
        """What follows three dots."""
        narrowed = self._passes("on")
        if not narrowed and self._next()[:1] in LETTERS:
            return FragmentSpreadNode(name=self._name(), directives=self._directives())
        return InlineFragmentNode(
            type_condition=NamedTypeNode(name=self._name()) if narrowed else None,
            directives=self._directives(),
            selection_set=self._selection_set(),
        )

    def _directives(self) -> tuple[DirectiveNode, ...] | None:
        found: list[DirectiveNode] = []
        while self._passes("@"):
            found.append(DirectiveNode(name=self._name(), arguments=self._arguments()))
        return tuple(found) or None

    def _arguments(self) -> tuple[ArgumentNode, ...] | None:
        return self._in_parentheses(self._argument)

    def _argument(self) -> ArgumentNode:
        name = self._name()
        self._pass(":")
        return ArgumentNode(name=name, value=self._value())

    # --- values ---

    def _value(self) -> ValueNode:
        token = self._taken()
        first = token[:1]
        if first in LETTERS:
            return WORDS.get(token) or EnumValueNode(value=token)
        if first == "$":
            return VariableNode(name=self._name())
        if first == '"':
            return StringValueNode(value=token[1:-1], block=False)
        if first in DIGITS:
            return IntValueNode(value=token) if token.lstrip("-").isdigit() else FloatValueNode(value=token)
        if first == "[":
            return ListValueNode(values=self._deeper(lambda: self._up_to("]", self._value)))
        if first == "{":
            return ObjectValueNode(fields=self._deeper(lambda: self._up_to("}", self._object_field)))
        raise Unclear

    def _object_field(self) -> ObjectFieldNode:
        name = self._name()
        self._pass(":")
        return ObjectFieldNode(name=name, value=self._value())

    # --- tokens ---

    def _next(self) -> str:
        return self._tokens[self._at]

    def _taken(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]

    def _passes(self, token: str) -> bool:
        """Whether a token is there, which then is passed."""
        is_there = self._next() == token
        self._at += is_there
        return is_there

    def _pass(self, token: str) -> None:
        if self._taken() != token:
            raise Unclear

    def _name(self) -> NameNode:
        return _named(self._taken())

    def _in_parentheses(self, made: Callable[[], Made]) -> tuple[Made, ...] | None:
        """One or more between parentheses; None where there are none."""
        return (self._up_to(")", made) or _unclear()) if self._passes("(") else None

    def _up_to(self, end: str, made: Callable[[], Made]) -> tuple[Made, ...]:
        """All before a mark, which is passed."""
        found: list[Made] = []
        while not self._passes(end):
            found.append(made())
        return tuple(found)

    def _deeper(self, made: Callable[[], Made]) -> Made:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Unclear
        found = made()
        self._depth -= 1
        return found
