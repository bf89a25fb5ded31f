"""What operations cost, in points: known from the document and the sizes that its variables give, before anything runs.

The model is that of the cost directives that gateways know. A field costs its weight: 1 where it
answers with an object, 0 with a scalar, or what `@cost` says; an argument that is given can cost more. What stands below
a list costs as often as the list is long at most: as its slicing argument says, or else as `@listSize` assumes.
A field that is selected twice costs twice, and one that is skipped costs, too. Of fragments of which an object can
have only some, those count that cost most together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_composite_type,
    is_list_type,
    value_from_ast_untyped,
)

from engine.documents.definitions import WithFields, fragments_of
from engine.meanings.fields import Connection, Entities, Nodes, Representations, meaning_of
from engine.meanings.volumes import UNPAGED

# What introspection costs, however much of it is asked for: the schema is of one size.
INTROSPECTION_POINTS = 100
# How many representations or keys a list is taken for where the value cannot be read.
UNREAD = 100


@dataclass(frozen=True)
class ListSize:
    """How long a list is: as the first slicing argument that is given says, or else as assumed; `most` at most.

    `fields` are those of the answer that are the list, where it is not the field itself. Where values do not tell a length,
    there is one where any is given.
    """

    assumed: int
    arguments: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    most: int = 1_000
    tells_length: bool = True


@dataclass(frozen=True)
class Tariff:
    """What the fields of a schema weigh, and how long their lists are, where that differs from the rule.

    Both by the dotted names of fields; an argument that weighs something is `Type.field(argument:)`.
    """

    weights: Mapping[str, int] = field(default_factory=dict)
    lists: Mapping[str, ListSize] = field(default_factory=dict)

    def weight(self, parent: str, name: str, found: GraphQLField) -> int:
        """The points of one field alone."""
        return self.weights.get(f"{parent}.{name}", int(is_composite_type(get_named_type(found.type))))

    def list_size(self, parent: str, name: str, found: GraphQLField) -> ListSize | None:
        """How long the list of objects is that a field answers with, if it does."""
        known = self.lists.get(f"{parent}.{name}")
        if known is not None:
            return known
        match meaning_of(found):
            case Connection(_, maximum, default):
                slicing = tuple(each for each in ("first", "last") if each in found.args)
                return ListSize(default, slicing, ("edges", "nodes"), maximum)
            case Nodes(argument, maximum) | Representations(argument, maximum) if _is_list(found):
                return ListSize(UNREAD, (argument,), most=maximum)
            case Entities(argument):
                return ListSize(UNREAD, (argument,))
        return ListSize(UNPAGED) if _is_list(found) else None


def _is_list(found: GraphQLField) -> bool:
    return is_list_type(get_nullable_type(found.type)) and is_composite_type(get_named_type(found.type))


@dataclass(frozen=True)
class Length:
    """How long a list is at a request: by variables, with their defaults. A value has no name, and stands for itself."""

    variables: tuple[tuple[str | None, Any], ...]
    size: ListSize

    def at(self, values: Mapping[str, Any]) -> int:
        """The length that a request's variables give it."""
        given = (default if name is None else values.get(name, default) for name, default in self.variables)
        first = next((each for each in given if each is not None), None)
        return self.size.assumed if first is None else min(self._told(first), self.size.most)

    def _told(self, value: Any) -> int:
        return _length(value) if self.size.tells_length else 1


def _length(value: Any) -> int:
    """The length that a slicing argument means."""
    if isinstance(value, (int, float)):
        return max(int(value), 0)
    return len(value) if isinstance(value, list) else 1


@dataclass(frozen=True)
class Cost:
    """Points, what is in lists whose lengths are the request's, and choices of which the dearest counts."""

    points: int = 0
    lists: tuple[tuple[Length, "Cost"], ...] = ()
    choices: tuple["Choice", ...] = ()

    def at(self, variables: Mapping[str, Any]) -> int:
        """What it costs at a request's variables, as they were sent."""
        points = self.points
        for length, each in self.lists:
            points += length.at(variables) * each.at(variables)
        return points + sum(each.at(variables) for each in self.choices)

    def plus(self, other: "Cost") -> "Cost":
        """Both together."""
        return Cost(self.points + other.points, self.lists + other.lists, self.choices + other.choices)

    def times(self, length: int | Length) -> "Cost":
        """The same in a list."""
        if isinstance(length, Length):
            return Cost(0, ((length, self),)) if self != Cost() else self
        lists = tuple((each, inner.times(length)) for each, inner in self.lists)
        return Cost(self.points * length, lists, tuple(each.times(length) for each in self.choices))


@dataclass(frozen=True)
class Choice:
    """What stands in fragments for some types each, and which of these, by their places, apply together to an object.

    Each is reckoned once, to however many types it applies.
    """

    costs: tuple[Cost, ...]
    together: frozenset[tuple[int, ...]]

    def at(self, variables: Mapping[str, Any]) -> int:
        """The points of what costs most."""
        points = [each.at(variables) for each in self.costs]
        return max(sum(points[place] for place in places) for places in self.together)

    def times(self, length: int) -> "Choice":
        """The same in a list."""
        return Choice(tuple(each.times(length) for each in self.costs), self.together)

    @property
    def cost(self) -> Cost:
        """The same as a cost: known already where nothing of it is the request's."""
        depends = any(each.lists or each.choices for each in self.costs)
        return Cost(choices=(self,)) if depends else Cost(self.at({}))


# An argument is there once, or not at all.
GIVEN = ListSize(0, tells_length=False)


@dataclass(frozen=True)
class SelectionCost:
    """What a selection costs: once, and as often as the list is long of which it holds the objects."""

    once: Cost = field(default_factory=Cost)
    each: Cost = field(default_factory=Cost)

    def plus(self, other: "SelectionCost") -> "SelectionCost":
        """Both together."""
        return SelectionCost(self.once.plus(other.once), self.each.plus(other.each))


def _dearest(some: Mapping[frozenset[str], SelectionCost]) -> SelectionCost:
    """What an object has of fragments that apply to some types each, at most."""
    types = frozenset[str]().union(*some)
    together = frozenset(tuple(place for place, names in enumerate(some) if each in names) for each in types)
    once, each_ = (tuple(getattr(found, part) for found in some.values()) for part in ("once", "each"))
    return SelectionCost(Choice(once, together).cost, Choice(each_, together).cost)


class Costs:
    """What the operations of one valid document cost; its fragments are looked at once each."""

    def __init__(self, schema: GraphQLSchema, tariff: Tariff, tree: DocumentNode) -> None:
        self._schema, self._tariff = schema, tariff
        self._fragments = fragments_of(tree)
        # What of a connection is its list depends on the field, so a fragment is known by both.
        self._known: dict[tuple[str, tuple[str, ...]], SelectionCost] = {}
        self._defaults: dict[str, Any] = {}

    def of(self, operation: OperationDefinitionNode) -> Cost:
        """What an operation costs."""
        self._known.clear()
        self._defaults = {
            each.variable.name.value: value_from_ast_untyped(each.default_value) if each.default_value else None
            for each in operation.variable_definitions or ()
        }
        root = self._schema.get_root_type(operation.operation)
        return self._selections(root, operation.selection_set, ()).once

    def _selections(self, type_: Any, selections: SelectionSetNode | None, sized: tuple[str, ...]) -> SelectionCost:
        found, whole, leaves = SelectionCost(), self._objects(type_), 0
        some: dict[frozenset[str], SelectionCost] = {}
        for each in selections.selections if selections else ():
            if isinstance(each, FieldNode) and each.selection_set is None and not each.arguments:
                leaves += self._leaf(type_, each.name.value)
                continue
            if isinstance(each, FieldNode):
                is_list = each.name.value in sized
                cost = self._field(type_, each, is_list=is_list)
                found = found.plus(SelectionCost(each=cost) if is_list else SelectionCost(cost))
                continue
            objects, below = self._spread(type_, each, sized)
            if whole <= objects:
                found = found.plus(below)
            else:
                some[objects] = some.get(objects, SelectionCost()).plus(below)
        if leaves:
            found = found.plus(SelectionCost(Cost(leaves)))
        return found.plus(_dearest(some)) if some else found

    def _leaf(self, type_: Any, name: str) -> int:
        """The points of a field that has neither arguments nor anything below it, as most have not."""
        found = type_.fields.get(name) if isinstance(type_, WithFields) else None
        if found is None:
            return 0 if name == "__typename" else INTROSPECTION_POINTS
        return self._tariff.weights.get(f"{type_.name}.{name}", 0)

    def _spread(self, type_: Any, node: SelectionNode, sized: tuple[str, ...]) -> tuple[frozenset[str], SelectionCost]:
        """To which types of objects a fragment applies, and what is in it."""
        if isinstance(node, FragmentSpreadNode):
            name = node.name.value
            return self._objects(self._narrowed(None, self._fragments[name])), self._fragment(name, sized)
        assert isinstance(node, InlineFragmentNode)
        narrowed = self._narrowed(type_, node)
        return self._objects(narrowed), self._selections(narrowed, node.selection_set, sized)

    def _objects(self, type_: Any) -> frozenset[str]:
        """The names of the types of objects that a type can be."""
        if not is_abstract_type(type_):
            return frozenset((type_.name,))
        return frozenset(each.name for each in self._schema.get_possible_types(type_))

    def _narrowed(self, type_: Any, fragment: InlineFragmentNode | FragmentDefinitionNode) -> Any:
        condition = fragment.type_condition
        return self._schema.get_type(condition.name.value) if condition else type_

    def _fragment(self, name: str, sized: tuple[str, ...]) -> SelectionCost:
        key = name, sized
        if key not in self._known:
            found = self._fragments[name]
            self._known[key] = self._selections(self._narrowed(None, found), found.selection_set, sized)
        return self._known[key]

    def _field(self, type_: Any, node: FieldNode, *, is_list: bool) -> Cost:
        """What a field costs; where it is the list of what is around it, for one object."""
        name = node.name.value
        found = type_.fields.get(name) if isinstance(type_, WithFields) else None
        if found is None:
            return Cost(INTROSPECTION_POINTS)
        own = self._own(f"{type_.name}.{name}", Cost(self._tariff.weight(type_.name, name, found)), node)
        if node.selection_set is None:
            return own
        size = None if is_list else self._tariff.list_size(type_.name, name, found)
        below = self._selections(get_named_type(found.type), node.selection_set, size.fields if size else ())
        if size is None:
            return own.plus(below.once)
        length = self._length(size, node)
        if size.fields:
            return own.plus(below.once).plus(below.each.times(length))
        return own.plus(below.once).times(length)

    def _own(self, dotted: str, own: Cost, node: FieldNode) -> Cost:
        """What a field costs alone, with those of its arguments that are given."""
        for each in node.arguments or ():
            weight = self._tariff.weights.get(f"{dotted}({each.name.value}:)")
            if weight:
                own = own.plus(Cost(weight).times(self._lasting([each.value], GIVEN)))
        return own

    def _length(self, size: ListSize, node: FieldNode) -> int | Length:
        given = {each.name.value: each.value for each in node.arguments or ()}
        values = [given[name] for name in size.arguments if name in given]
        return self._lasting(values, size)

    def _lasting(self, values: list[ValueNode], size: ListSize) -> int | Length:
        """How long a list is by what is given for it: known already, unless that is a variable."""
        length = Length(tuple(map(self._variable, values)), size)
        return length if any(isinstance(each, VariableNode) for each in values) else length.at({})

    def _variable(self, value: ValueNode) -> tuple[str | None, Any]:
        if isinstance(value, VariableNode):
            return value.name.value, self._defaults.get(value.name.value)
        return None, value_from_ast_untyped(value)
