"""Which fields an operation selects of a type, fragments and conditions resolved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    SelectionNode,
    SelectionSetNode,
    is_abstract_type,
)
from graphql.execution.values import VariableValues, get_directive_values

from engine.documents.definitions import fragments_of


@dataclass(frozen=True)
class Selections:
    """Collects fields as the specification says (section 6.3.2), for one operation's variables."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: VariableValues

    @classmethod
    def of(cls, schema: GraphQLSchema, document: DocumentNode, variables: VariableValues) -> "Selections":
        """The selections of a validated document."""
        return cls(schema, fragments_of(document), variables)

    def fields(
        self, type_: GraphQLObjectType, selection_sets: Iterable[SelectionSetNode | None]
    ) -> dict[str, list[FieldNode]]:
        """By response key, the field nodes that are merged into one answer for an object type."""
        grouped: dict[str, list[FieldNode]] = {}
        visited: set[str] = set()
        for selection_set in selection_sets:
            if selection_set is not None:
                self._collect(type_, selection_set, grouped, visited)
        return grouped

    def below(self, type_: GraphQLObjectType, nodes: Iterable[FieldNode]) -> dict[str, list[FieldNode]]:
        """The fields selected of the object that merged field nodes answer with."""
        return self.fields(type_, (node.selection_set for node in nodes))

    def _collect(
        self,
        type_: GraphQLObjectType,
        selection_set: SelectionSetNode,
        grouped: dict[str, list[FieldNode]],
        visited: set[str],
    ) -> None:
        for selection in selection_set.selections:
            if not self._included(selection):
                continue
            if isinstance(selection, FieldNode):
                key = selection.alias.value if selection.alias else selection.name.value
                grouped.setdefault(key, []).append(selection)
            else:
                fragment = self._fragment(selection, visited)
                if fragment is not None and self._applies(fragment, type_):
                    self._collect(type_, fragment.selection_set, grouped, visited)

    def _fragment(self, selection: SelectionNode, visited: set[str]) -> Any:
        if not isinstance(selection, FragmentSpreadNode):
            return selection
        name = selection.name.value
        if name in visited:
            return None
        visited.add(name)
        return self.fragments[name]

    def _included(self, node: SelectionNode) -> bool:
        if not node.directives:
            return True
        skip = get_directive_values(GraphQLSkipDirective, node, self.variables)
        if skip and skip["if"]:
            return False
        include = get_directive_values(GraphQLIncludeDirective, node, self.variables)
        return include is None or bool(include["if"])

    def _applies(self, fragment: Any, type_: GraphQLObjectType) -> bool:
        condition = fragment.type_condition
        if condition is None or condition.name.value == type_.name:
            return True
        named = self.schema.get_type(condition.name.value)
        return is_abstract_type(named) and self.schema.is_sub_type(named, type_)
