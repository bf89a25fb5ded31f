"""Static limits of a document: how deep its fields nest, and how many it selects in all.

Each fragment is measured once. Fragments that spread each other twice double at every step: in a
few hundred tokens they stand for more fields than any server can visit one by one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from engine.errors import LimitError


@dataclass(frozen=True)
class Limits:
    """What a document may ask for at most; `fields` counts those of a fragment wherever it is spread."""

    tokens: int = 4_000
    depth: int = 20
    fields: int = 1_000

    def check(self, tree: DocumentNode) -> None:
        """Raise LimitError for a document of which an operation goes too far."""
        sizes = Sizes({each.name.value: each for each in tree.definitions if isinstance(each, FragmentDefinitionNode)})
        for definition in tree.definitions:
            if isinstance(definition, OperationDefinitionNode):
                self._check(sizes.of(definition.selection_set))

    def _check(self, size: "Size") -> None:
        if size.depth > self.depth:
            raise LimitError(f"Fields nest {size.depth} deep: at most {self.depth} are answered.")
        if size.fields > self.fields:
            raise LimitError(f"More than {self.fields} fields are selected: ask for fewer at once.")


class Size(NamedTuple):
    """How deep a selection goes, and how many fields it has with all fragments spread."""

    depth: int = 0
    fields: int = 0


LEAF = Size(1, 1)


class Sizes:
    """The sizes of selections, those of fragments remembered."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._known: dict[str, Size] = {}

    def of(self, selections: SelectionSetNode) -> Size:
        """The size of what stands between braces."""
        deepest, all_fields = 0, 0
        for each in selections.selections:
            depth, fields = self._selection(each)
            deepest = max(deepest, depth)
            all_fields += fields
        return Size(deepest, all_fields)

    def _selection(self, selection: SelectionNode) -> Size:
        match selection:
            case FieldNode(selection_set=None):
                return LEAF
            case FieldNode(selection_set=SelectionSetNode() as selections):
                depth, fields = self.of(selections)
                return Size(depth + 1, fields + 1)
            case FragmentSpreadNode():
                return self._fragment(selection.name.value)
            case InlineFragmentNode():
                return self.of(selection.selection_set)
        raise TypeError(selection)

    def _fragment(self, name: str) -> Size:
        if name not in self._known:
            # A fragment that spreads itself, or is not there, counts nothing: validation refuses it.
            self._known[name] = Size()
            if name in self._fragments:
                self._known[name] = self.of(self._fragments[name].selection_set)
        return self._known[name]
