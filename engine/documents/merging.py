"""Merging: whether what is selected of an object in several places can be one answer (specification, 5.3.2)."""

from collections.abc import Iterable, Mapping, Sequence

from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode, SelectionSetNode, print_ast

from engine.documents.vocabulary import Composite, Output, Vocabulary, sure

# What is selected, and of which type.
Selected = tuple[Composite, SelectionSetNode]
Fields = dict[str, list[tuple[Output, FieldNode]]]

# graphql-core gives up where very many selections are compared with each other: this is far below that.
COMPARED = 250


class Merging:
    """Sees that what has one response key is one field: of one name, with one type and the same arguments.

    GraphQL lets fields differ on types that exclude each other; those are left to graphql-core.
    The fragments are known, and none spreads itself.
    """

    def __init__(self, vocabulary: Vocabulary, fragments: Mapping[str, Selected]) -> None:
        self._vocabulary = vocabulary
        self._fragments = fragments
        self._compared = 0

    def merge(self, selections: Iterable[Selected]) -> None:
        """Raise Unsure unless all that is selected of one object goes together.

        What is below a field that is selected once is not looked at.
        """
        fields: Fields = {}
        spread: set[str] = set()
        for selected in selections:
            self._collect(selected, fields, spread)
        for same in fields.values():
            if len(same) > 1:
                self._same(same)

    def _collect(self, selected: Selected, fields: Fields, spread: set[str]) -> None:
        type_, node = selected
        self._compared += len(node.selections)
        sure(self._compared <= COMPARED)
        for selection in node.selections:
            if isinstance(selection, FieldNode):
                key = (selection.alias or selection.name).value
                fields.setdefault(key, []).append((type_.fields[selection.name.value], selection))
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                inner = self._vocabulary.composite(condition) if condition else type_
                self._collect((inner, selection.selection_set), fields, spread)
            elif isinstance(selection, FragmentSpreadNode) and (name := selection.name.value) not in spread:
                spread.add(name)
                self._collect(self._fragments[name], fields, spread)

    def _same(self, fields: Sequence[tuple[Output, FieldNode]]) -> None:
        """See that fields are one, and again below."""
        (output, first), *others = fields
        for other, node in others:
            sure(other.type == output.type and node.name.value == first.name.value)
            sure(_written(node) == _written(first))
        if output.below is not None:
            self.merge((output.below, node.selection_set) for _, node in fields if node.selection_set)


def _written(node: FieldNode) -> list[str]:
    return [print_ast(each) for each in node.arguments or ()]
