"""Vocabulary: what documents may say by a schema, in tables made once, for a walk that looks up much."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    BooleanValueNode,
    DirectiveLocation,
    EnumValueNode,
    FloatValueNode,
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLNamedType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    IntValueNode,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    NullValueNode,
    OperationType,
    StringValueNode,
    TypeNameMetaFieldDef,
    TypeNode,
    Undefined,
    ValueNode,
    VariableDefinitionNode,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_composite_type,
    is_enum_type,
    is_list_type,
    is_non_null_type,
    is_specified_directive,
    is_union_type,
    validate_input_literal,
)

# The literals of GraphQL's own scalars.
LITERALS: Mapping[GraphQLNamedType, tuple[type[ValueNode], ...]] = {
    GraphQLInt: (IntValueNode,),
    GraphQLFloat: (FloatValueNode, IntValueNode),
    GraphQLString: (StringValueNode,),
    GraphQLBoolean: (BooleanValueNode,),
    GraphQLID: (StringValueNode, IntValueNode),
}
# An Int of more digits may be too large.
SAFE_DIGITS = 9

INPUTS = (GraphQLScalarType, GraphQLEnumType, GraphQLInputObjectType)

# Where a selection may have a directive.
ON_SELECTIONS = {DirectiveLocation.FIELD, DirectiveLocation.FRAGMENT_SPREAD, DirectiveLocation.INLINE_FRAGMENT}


class Unsure(Exception):
    """A document is not plainly valid: it is left to graphql-core."""


def sure(condition: object) -> None:
    """Raise Unsure unless something holds."""
    if not condition:
        raise Unsure


@dataclass(slots=True, eq=False)
class Input:
    """A named input type: either a leaf, which takes some literals, or an object with fields."""

    name: str
    takes: Callable[[ValueNode], bool] | None = None
    fields: "Mapping[str, Place]" = field(default_factory=dict)
    needed: frozenset[str] = frozenset()
    one_of: bool = False


@dataclass(slots=True, eq=False)
class Place:
    """Where a value stands: its type, in lists as deep as `items` has items; whether null is refused.

    `default` tells whether the schema has a value for when there is none; `one_of` whether this
    is a field of an object of which exactly one is given.
    """

    type: Input
    items: "Place | None" = None
    required: bool = False
    default: bool = False
    one_of: bool = False

    def accepts(self, variable: VariableDefinitionNode) -> bool:
        """Whether a variable may stand here (specification, 5.8.5): one with a default may lack its !."""
        if self.fits(variable.type):
            return True
        own = variable.default_value
        never_null = own is not None and not isinstance(own, NullValueNode)
        return not self.one_of and (self.default or never_null) and self._fits_nullable(variable.type)

    def fits(self, type_: TypeNode) -> bool:
        """Whether every value of a type may stand here."""
        if isinstance(type_, NonNullTypeNode):
            return self._fits_nullable(type_.type)
        return not self.required and self._fits_nullable(type_)

    def _fits_nullable(self, type_: Any) -> bool:
        if isinstance(type_, ListTypeNode):
            return self.items is not None and self.items.fits(type_.type)
        return self.items is None and not isinstance(type_, NonNullTypeNode) and type_.name.value == self.type.name


@dataclass(slots=True, eq=False)
class Output:
    """A field: its type as text, the type below it (None below a leaf), its arguments."""

    type: str
    below: "Composite | None" = None
    arguments: Mapping[str, Place] = field(default_factory=dict)
    needed: frozenset[str] = frozenset()


@dataclass(slots=True, eq=False)
class Composite:
    """An object, interface or union: the objects it may stand for, and its fields."""

    objects: frozenset[str]
    fields: dict[str, Output] = field(default_factory=dict)


class Vocabulary:
    """The tables of a schema.

    Introspection, subscriptions, and directives other than @skip and @include are left out.
    """

    def __init__(self, schema: GraphQLSchema) -> None:
        types = schema.type_map.values()
        self.inputs = {each.name: Input(each.name) for each in types if isinstance(each, INPUTS)}
        self.composites = {each.name: Composite(_objects(schema, each)) for each in types if is_composite_type(each)}
        for name, input_ in self.inputs.items():
            self._fill(input_, schema.type_map[name])
        for name, composite in self.composites.items():
            composite.fields.update(self._fields(schema.type_map[name]))
        self.roots = {
            each: self.composites[root.name]
            for each in (OperationType.QUERY, OperationType.MUTATION)
            if (root := schema.get_root_type(each))
        }
        self.directives = {
            each.name: self._arguments(each.args)
            for each in schema.directives
            if is_specified_directive(each) and set(each.locations) >= ON_SELECTIONS
        }

    def composite(self, node: NamedTypeNode) -> Composite:
        """The type of a fragment; raises Unsure."""
        composite = self.composites.get(node.name.value)
        if composite is None:
            raise Unsure
        return composite

    def place(self, node: TypeNode) -> Place:
        """Where values of a variable's type stand; raises Unsure."""
        inner: Any = node.type if isinstance(node, NonNullTypeNode) else node
        items = self.place(inner.type) if isinstance(inner, ListTypeNode) else None
        named = items.type if items else self.inputs.get(inner.name.value)
        if named is None:
            raise Unsure
        return Place(named, items, required=inner is not node)

    def _fill(self, input_: Input, type_: GraphQLNamedType) -> None:
        if isinstance(type_, GraphQLInputObjectType):
            input_.one_of = type_.is_one_of
            input_.fields, input_.needed = self._arguments(type_.fields, one_of=type_.is_one_of)
        else:
            input_.takes = _leaf(type_)

    def _fields(self, type_: Any) -> Mapping[str, Output]:
        own: Mapping[str, GraphQLField] = {} if is_union_type(type_) else type_.fields
        return {name: self._output(each) for name, each in {**own, "__typename": TypeNameMetaFieldDef}.items()}

    def _output(self, field_: GraphQLField) -> Output:
        below = self.composites.get(get_named_type(field_.type).name)
        return Output(str(field_.type), below, *self._arguments(field_.args))

    def _arguments(
        self, arguments: Mapping[str, GraphQLArgument] | Mapping[str, GraphQLInputField], *, one_of: bool = False
    ) -> tuple[Mapping[str, Place], frozenset[str]]:
        """The places of arguments or of an object's fields, and the names of those that must be given."""
        places = {name: self._place(each, one_of=one_of) for name, each in arguments.items()}
        needed = (name for name, each in places.items() if each.required and not each.default and not one_of)
        return places, frozenset(needed)

    def _place(self, given: GraphQLArgument | GraphQLInputField, *, one_of: bool) -> Place:
        place = self._typed(given.type)
        place.default = given.default is not None or given.default_value is not Undefined
        place.one_of = one_of
        place.required |= one_of
        return place

    def _typed(self, type_: Any) -> Place:
        nullable = get_nullable_type(type_)
        items = self._typed(nullable.of_type) if is_list_type(nullable) else None
        return Place(self.inputs[get_named_type(type_).name], items, is_non_null_type(type_))


def _objects(schema: GraphQLSchema, type_: Any) -> frozenset[str]:
    possible: Iterable[GraphQLNamedType] = schema.get_possible_types(type_) if is_abstract_type(type_) else [type_]
    return frozenset(each.name for each in possible)


def _leaf(type_: Any) -> Callable[[ValueNode], bool]:
    """Which literals a scalar or an enumeration takes, for certain."""
    if is_enum_type(type_):
        return lambda node: isinstance(node, EnumValueNode) and node.value in type_.values
    kinds = LITERALS.get(type_)
    if kinds is None:
        return lambda node: _taken(type_, node)
    if type_ is GraphQLInt:
        return lambda node: isinstance(node, IntValueNode) and len(node.value) <= SAFE_DIGITS
    return lambda node: isinstance(node, kinds)


def _taken(type_: GraphQLScalarType, node: ValueNode) -> bool:
    """Whether a scalar of the schema's own takes a literal: it decides itself."""
    if not isinstance(node, (StringValueNode, IntValueNode, FloatValueNode, BooleanValueNode)):
        return False
    errors: list[GraphQLError] = []
    validate_input_literal(node, type_, lambda error, path: errors.append(error))
    return not errors
