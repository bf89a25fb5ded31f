"""How long an answer may be kept by whoever asked with GET: the shortest time of all fields that it selects.

Of a field that says nothing, what is around it decides; of a root field, nobody may keep it without asking again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
)

from engine.documents.definitions import WithFields, fragments_of


@dataclass(frozen=True)
class Hint:
    """What `@cacheControl` says of a field: for how many seconds its value may be kept, and whether by one viewer only.

    What is `fleeting` may differ in the next answer though nothing was committed: nobody is told that it is still the same.
    """

    seconds: int | None = None
    private: bool = False
    fleeting: bool = False

    def strictest(self, other: "Hint") -> "Hint":
        """What holds for both."""
        given = [each.seconds for each in (self, other) if each.seconds is not None]
        return Hint(min(given, default=None), self.private or other.private, self.fleeting or other.fleeting)


NOTHING, ASK_AGAIN = Hint(), Hint(0)


@dataclass(frozen=True)
class Freshness:
    """Tells of valid documents how long their answers may be kept; `hints` are by the dotted names of fields."""

    schema: GraphQLSchema
    hints: Mapping[str, Hint]

    def of(self, tree: DocumentNode, operation: OperationDefinitionNode) -> Hint:
        """What holds for all fields of an operation; each fragment is looked at once."""
        return _Walk(self, fragments_of(tree)).selections(
            self.schema.get_root_type(operation.operation), operation.selection_set, ASK_AGAIN
        )


class _Walk:
    def __init__(self, freshness: Freshness, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._schema, self._hints = freshness.schema, freshness.hints
        self._fragments = fragments
        self._known: dict[tuple[str, Hint], Hint] = {}

    def selections(self, type_: Any, selections: SelectionSetNode, otherwise: Hint) -> Hint:
        """What holds for a selection; `otherwise` is for fields that say nothing."""
        found = (self._selection(type_, each, otherwise) for each in selections.selections)
        return reduce(Hint.strictest, found, NOTHING)

    def _selection(self, type_: Any, selection: Any, otherwise: Hint) -> Hint:
        if isinstance(selection, FragmentSpreadNode):
            return self._fragment(selection.name.value, otherwise)
        if isinstance(selection, InlineFragmentNode):
            condition = selection.type_condition
            narrowed = self._schema.get_type(condition.name.value) if condition else type_
            return self.selections(narrowed, selection.selection_set, otherwise)
        return self._field(type_, selection, otherwise)

    def _fragment(self, name: str, otherwise: Hint) -> Hint:
        key = name, otherwise
        if key not in self._known:
            found = self._fragments[name]
            type_ = self._schema.get_type(found.type_condition.name.value)
            self._known[key] = self.selections(type_, found.selection_set, otherwise)
        return self._known[key]

    def _field(self, type_: Any, node: FieldNode, otherwise: Hint) -> Hint:
        name = node.name.value
        field = type_.fields.get(name) if isinstance(type_, WithFields) else None
        if field is None:
            return otherwise if name != "__typename" else NOTHING
        own = self._hints.get(f"{type_.name}.{name}", otherwise)
        if node.selection_set is None:
            return own
        return own.strictest(self.selections(get_named_type(field.type), node.selection_set, NOTHING))
