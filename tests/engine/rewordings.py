"""Documents that ask for the same, or much the same, in other words."""

import re
from random import Random
from typing import Any

from graphql import FieldNode, NameNode, SelectionNode, SelectionSetNode, Visitor, print_ast, visit

from engine.documents.document import Document
from tests.engine.pools import Pools
from tests.engine.variations import like_text

# A text of a document that means what it looks like.
TEXT = re.compile(r'"([^"\\\n\r]*)"')

# What is added to keys.
OTHERWISE, ELSEWHERE = "_otherwise", "_elsewhere"
# How many of the fields without arguments are left, about.
LEFT = 0.6


def with_other_texts(source: str, random: Random, pools: Pools) -> str:
    """A document with another text for each that it has: one of the same kind."""
    others: dict[str, str] = {}

    def other(found: re.Match[str]) -> str:
        like = [each for each in like_text(found[1], pools) if TEXT.fullmatch(f'"{each}"')]
        return f'"{others.setdefault(found[1], random.choice(like))}"'

    return TEXT.sub(other, source)


class OtherKeys(Visitor):
    """Gives each field another key."""

    def enter_field(self, node: FieldNode, *_: Any) -> FieldNode:
        """Add to the key; fields that merge still do."""
        alias = NameNode(value=(node.alias or node.name).value + OTHERWISE)
        return FieldNode(
            alias=alias,
            name=node.name,
            arguments=node.arguments,
            directives=node.directives,
            selection_set=node.selection_set,
        )


def with_other_keys(document: Document) -> str:
    return print_ast(visit(document.tree, OtherKeys()))


def keyed_as_before(answer: Any, added: str = OTHERWISE) -> Any:
    """An answer without what was added to its keys; GeoJSON has keys of its own."""
    if isinstance(answer, dict):
        return {key.removesuffix(added): keyed_as_before(value, added) for key, value in answer.items()}
    return [keyed_as_before(each, added) for each in answer] if isinstance(answer, list) else answer


class OtherLeaves(Visitor):
    """Leaves out some of the fields that have nothing below them, and puts the others in another order."""

    def __init__(self, random: Random) -> None:
        super().__init__()
        self._random = random

    def leave_selection_set(self, node: SelectionSetNode, *_: Any) -> SelectionSetNode:
        """Something is left."""
        left = [each for each in node.selections if not _is_leaf(each) or self._random.random() < LEFT]
        left = left or [self._random.choice(node.selections)]
        return SelectionSetNode(selections=tuple(self._random.sample(left, len(left))))


def _is_leaf(node: SelectionNode) -> bool:
    return isinstance(node, FieldNode) and not (node.arguments or node.directives or node.selection_set)


def with_other_leaves(document: Document, random: Random) -> str:
    return print_ast(visit(document.tree, OtherLeaves(random)))
