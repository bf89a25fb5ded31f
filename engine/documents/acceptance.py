"""Acceptance: whether a document is certainly valid, told in one walk over it.

graphql-core's validation visits every node with each of some thirty rules. Nearly all documents
are valid, and most of them plainly so: those are told here, at a twentieth of the cost. Whatever is not
plain (or not valid) is left to graphql-core, whose verdict and messages are the only ones that
anybody sees. So this may give up wherever it likes, and may accept nothing that a rule refuses.

What each rule asks is checked where the walk meets it:

- names: operations, fragments, variables, arguments and input fields are unique; an anonymous
  operation is alone; types, fields, arguments, directives and fragments are known.
- selections: leaves have none, others have one; fragments can apply; none spreads itself; all are used.
- values: literals fit their places, needed ones are there, of @oneOf there is exactly one, lists are short.
- variables: all are declared, used, and fit the places where they stand.
- what is selected twice under one key is the same field, with the same arguments.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    ListValueNode,
    NullValueNode,
    ObjectFieldNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
)

from engine.documents.merging import Merging, Selected
from engine.documents.vocabulary import Composite, Place, Unsure, Vocabulary, sure
from engine.meanings.coercion import MOST_MEMBERS

# graphql-core refuses fragments that nest more selections than this into each other.
NESTED = 200


class Acceptance:
    """Tells of documents whether they are certainly valid for a schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._vocabulary = Vocabulary(schema)

    def accepts(self, tree: DocumentNode) -> bool:
        """Whether no rule refuses a document; False only means that it is not known."""
        try:
            Walk(self._vocabulary).document(tree)
        except (Unsure, RecursionError):
            return False
        return True


@dataclass(slots=True)
class Part:
    """An operation or a fragment: what it selects, which variables it uses where, what it spreads."""

    selected: Selected
    uses: list[tuple[str, Place]] = field(default_factory=list)
    spreads: list[str] = field(default_factory=list)


class Walk:
    """The walk over one document. Each definition is read once, by itself; then they are put together."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._fragments: dict[str, Part] = {}
        self._mixed: list[Selected] = []
        self._sets = 0

    def document(self, tree: DocumentNode) -> None:
        """Raise Unsure unless the document is plainly valid."""
        operations = [each for each in tree.definitions if isinstance(each, OperationDefinitionNode)]
        names = {each.name and each.name.value for each in operations}
        sure(len(names) == len(operations) and (None not in names or len(names) == 1))
        self._declare([each for each in tree.definitions if isinstance(each, FragmentDefinitionNode)])
        sure(len(operations) + len(self._fragments) == len(tree.definitions))
        spread: set[str] = set()
        for operation in operations:
            spread |= self._operation(operation)
        sure(len(spread) == len(self._fragments))
        sure(not spread or self._sets <= NESTED)
        self._merge()

    def _declare(self, fragments: Sequence[FragmentDefinitionNode]) -> None:
        """Read the fragments, when all are known."""
        for fragment in fragments:
            sure(not fragment.directives and not fragment.variable_definitions)
            type_ = self._vocabulary.composite(fragment.type_condition)
            self._fragments[fragment.name.value] = Part((type_, fragment.selection_set))
        for part in self._fragments.values():
            self._selections(part, *part.selected, set())

    def _merge(self) -> None:
        merging = Merging(self._vocabulary, {name: part.selected for name, part in self._fragments.items()})
        for each in self._mixed:
            merging.merge([each])

    # --- operations and their variables ---

    def _operation(self, operation: OperationDefinitionNode) -> set[str]:
        """Read an operation; the names of all fragments that it spreads, directly or not."""
        root = self._vocabulary.roots.get(operation.operation)
        if root is None or operation.directives:
            raise Unsure
        part = Part((root, operation.selection_set))
        self._scope(part, *part.selected)
        variables = self._variables(part, operation.variable_definitions or ())
        reached: set[str] = set()
        self._reach(part, reached, set())
        uses = [*part.uses, *(use for name in reached for use in self._fragments[name].uses)]
        for name, place in uses:
            sure(name in variables and place.accepts(variables[name]))
        sure(len({name for name, _ in uses}) == len(variables))
        return reached

    def _variables(
        self, part: Part, definitions: Sequence[VariableDefinitionNode]
    ) -> Mapping[str, VariableDefinitionNode]:
        for each in definitions:
            sure(not each.directives)
            if each.default_value is not None:
                self._value(part, self._vocabulary.place(each.type), each.default_value)
        variables = {each.variable.name.value: each for each in definitions}
        sure(len(variables) == len(definitions))
        return variables

    def _reach(self, part: Part, reached: set[str], path: set[str]) -> None:
        """Collect the fragments that a part spreads, and they in turn; none is on the path to itself."""
        for name in part.spreads:
            sure(name not in path)
            if name not in reached:
                reached.add(name)
                path.add(name)
                self._reach(self._fragments[name], reached, path)
                path.remove(name)

    # --- selections ---

    def _scope(self, part: Part, type_: Composite, node: SelectionSetNode) -> None:
        """Read what is selected of an object, of which nothing else is selected in the same place."""
        if not self._selections(part, type_, node, set()):
            self._mixed.append((type_, node))

    def _selections(self, part: Part, type_: Composite, node: SelectionSetNode, keys: set[str]) -> bool:
        """Read selections; whether all have response keys of their own, and come from no fragment with a name."""
        self._sets += 1
        distinct = True
        for selection in node.selections:
            if selection.directives:
                self._directives(part, selection.directives)
            if isinstance(selection, FieldNode):
                key = (selection.alias or selection.name).value
                distinct = distinct and key not in keys
                keys.add(key)
                self._field(part, type_, selection)
            elif isinstance(selection, InlineFragmentNode):
                inner = self._narrowed(type_, selection)
                distinct = self._selections(part, inner, selection.selection_set, keys) and distinct
            elif isinstance(selection, FragmentSpreadNode):
                self._spread(part, type_, selection)
                distinct = False
        return distinct

    def _field(self, part: Part, type_: Composite, node: FieldNode) -> None:
        output = type_.fields.get(node.name.value)
        if output is None:
            raise Unsure
        if node.arguments or output.needed:
            self._given(part, output.arguments, output.needed, node.arguments or ())
        if output.below is None:
            sure(node.selection_set is None)
        elif node.selection_set is None:
            raise Unsure
        else:
            self._scope(part, output.below, node.selection_set)

    def _narrowed(self, type_: Composite, fragment: InlineFragmentNode) -> Composite:
        if fragment.type_condition is None:
            return type_
        inner = self._vocabulary.composite(fragment.type_condition)
        sure(not inner.objects.isdisjoint(type_.objects))
        return inner

    def _spread(self, part: Part, type_: Composite, spread: FragmentSpreadNode) -> None:
        fragment = self._fragments.get(spread.name.value)
        if fragment is None:
            raise Unsure
        inner, _ = fragment.selected
        sure(not inner.objects.isdisjoint(type_.objects))
        part.spreads.append(spread.name.value)

    def _directives(self, part: Part, directives: Sequence[DirectiveNode]) -> None:
        sure(len({each.name.value for each in directives}) == len(directives))
        for each in directives:
            known = self._vocabulary.directives.get(each.name.value)
            if known is None:
                raise Unsure
            self._given(part, *known, each.arguments or ())

    # --- values ---

    def _given(
        self,
        part: Part,
        places: Mapping[str, Place],
        needed: frozenset[str],
        nodes: Sequence[ArgumentNode] | Sequence[ObjectFieldNode],
    ) -> None:
        """Read arguments, or the fields of an object."""
        names = {node.name.value for node in nodes}
        sure(len(names) == len(nodes) and needed <= names)
        for node in nodes:
            place = places.get(node.name.value)
            if place is None:
                raise Unsure
            self._value(part, place, node.value)

    def _value(self, part: Part, place: Place, node: ValueNode) -> None:
        if isinstance(node, VariableNode):
            part.uses.append((node.name.value, place))
        elif isinstance(node, NullValueNode):
            sure(not place.required)
        elif place.items is not None:
            items = node.values if isinstance(node, ListValueNode) else (node,)
            sure(len(items) <= MOST_MEMBERS)
            for item in items:
                self._value(part, place.items, item)
        elif place.type.takes is not None:
            sure(place.type.takes(node))
        elif isinstance(node, ObjectValueNode):
            self._given(part, place.type.fields, place.type.needed, node.fields)
            sure(not place.type.one_of or len(node.fields) == 1)
        else:
            raise Unsure
