"""Coercion of variables and arguments, by what is known of an operation before its values.

graphql-core looks at types, nodes and defaults for each request anew. Two things are the same for
all of them, and are made once:

- what the variables of an operation are: where all are leaves, only their values are left to look at;
- what the arguments of a field are made of: constants, and variables as they are. graphql-core makes
  them once of marks instead of values, which shows where each value goes. That depends on which
  variables are there and which are null, and so does a plan.

Whatever is not plain is graphql-core's to coerce, or to refuse.
"""

import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLField,
    GraphQLSchema,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    ValueNode,
    VariableNode,
    get_nullable_type,
    is_leaf_type,
)
from graphql.execution.get_variable_signature import (
    GraphQLVariableSignature,
    get_variable_signature,
)
from graphql.execution.values import (
    VariableValues,
    VariableValueSource,
    get_argument_values,
    get_variable_values,
)

# So many members of an enumeration a list has at most: they decide over SQL text, wherever the list is used. No enumeration has as many.
MOST_MEMBERS = 100
TOO_MANY_MEMBERS = f"has a list of more than {MOST_MEMBERS} members of an enumeration."

# Values of JSON that hold no others.
PLAIN = frozenset({str, int, float, bool})

# From coerced variables to the arguments of a field.
Fill = Callable[[Mapping[str, Any]], dict[str, Any]]


class Variables:
    """The variables of an operation, and how they are coerced."""

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode) -> None:
        self._schema = schema
        self._definitions = operation.variable_definitions or ()
        self._leaves = _leaves(schema, operation)

    def coerced(self, given: dict[str, Any]) -> VariableValues | list[GraphQLError]:
        """The variables from what a client gives, or why they are refused."""
        plainly = self._plainly(given)
        if plainly is not None:
            return plainly
        found = get_variable_values(self._schema, self._definitions, given)
        return found if isinstance(found, list) else self._too_long(found.coerced) or found

    def _too_long(self, coerced: Mapping[str, Any]) -> list[GraphQLError]:
        """The variables that are refused because a list in them is too long."""
        named = {each.variable.name.value: each for each in self._definitions}
        long = [name for name, value in coerced.items() if _most_members(value) > MOST_MEMBERS]
        return [GraphQLError(f"Variable '${name}' {TOO_MANY_MEMBERS}", named[name]) for name in long]

    def _plainly(self, given: Mapping[str, Any]) -> VariableValues | None:
        """Leaves of which each is there; None for anything else."""
        if self._leaves is None:
            return None
        sources, coerced = {}, {}
        for name, coerce, signature in self._leaves:
            value = given.get(name)
            if value.__class__ not in PLAIN:
                return None
            try:
                coerced[name] = coerce(value)
            except Exception:  # noqa: BLE001 - graphql-core tells what is wrong
                return None
            sources[name] = VariableValueSource(signature, value)
        return VariableValues(sources, coerced)


def _most_members(value: Any) -> int:
    """The length of the longest list of an enumeration's members in a coerced value."""
    if isinstance(value, Mapping):
        return max(map(_most_members, value.values()), default=0)
    if isinstance(value, list) and value:
        return len(value) if isinstance(value[0], enum.Enum) else max(map(_most_members, value))
    return 0


Leaf = tuple[str, Callable[[Any], Any], GraphQLVariableSignature]


def _leaves(schema: GraphQLSchema, operation: OperationDefinitionNode) -> Sequence[Leaf] | None:
    """The variables of an operation where all of them are leaves."""
    leaves = []
    for definition in operation.variable_definitions or ():
        signature = get_variable_signature(schema, definition)
        if isinstance(signature, GraphQLError):
            return None
        type_ = get_nullable_type(signature.type)
        if not is_leaf_type(type_):
            return None
        leaves.append((signature.name, type_.coerce_input_value, signature))
    return leaves


class Mark:
    """Stands for the value of a variable."""

    def __init__(self, variable: str) -> None:
        self.variable = variable


def filling(field: GraphQLField, node: FieldNode, variables: VariableValues) -> Fill | None:
    """How the arguments of a field are made, for all values of which as many are there, and as many null.

    None where a scalar of its own makes something of a variable in it: then there are fewer marks than variables.
    """
    marks = {name: None if value is None else Mark(name) for name, value in variables.coerced.items()}
    arguments = get_argument_values(field, node, VariableValues(variables.sources, marks))
    constants: dict[str, Any] = {}
    text = _written(arguments, constants)
    used = [name for each in node.arguments or () for name in _used(each.value) if marks.get(name) is not None]
    if text.count(GIVEN) != len(used):
        return None
    fill: Fill = eval(f"lambda given: {text}", constants)  # noqa: S307 - names by `repr`, nothing else of the document
    return fill


GIVEN = "given["


def _written(value: Any, constants: dict[str, Any]) -> str:
    """The expression of a value with marks in it."""
    if isinstance(value, Mark):
        return f"{GIVEN}{value.variable!r}]"
    if value.__class__ is dict:
        return "{" + ", ".join(f"{key!r}: {_written(each, constants)}" for key, each in value.items()) + "}"
    if value.__class__ is list:
        return f"[{', '.join(_written(each, constants) for each in value)}]"
    name = f"c{len(constants)}"
    constants[name] = value
    return name


def _used(value: ValueNode) -> Iterator[str]:
    """The variables in a literal, each as often as it is there."""
    match value:
        case VariableNode():
            yield value.name.value
        case ListValueNode():
            for each in value.values:
                yield from _used(each)
        case ObjectValueNode():
            for named in value.fields:
                yield from _used(named.value)
