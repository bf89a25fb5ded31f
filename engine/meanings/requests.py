"""Requests: the values of one execution, and what of them decides over the plan."""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import FieldNode, GraphQLField
from graphql.execution.values import VariableValues, get_argument_values

from engine.meanings.coercion import Fill, filling

# Response keys from the root of an operation down to a field, without list indices.
Path = tuple[str, ...]


@dataclass(eq=False, slots=True)
class Occurrence:
    """A field where it occurs in an operation; it belongs to a plan, and so to the shape of its variables.

    Each is equal to itself only. How its arguments are made is worked out for whoever asks a second time.
    """

    field: GraphQLField
    node: FieldNode
    path: Path
    fill: Fill | None = None
    asked: int = 0

    def arguments(self, variables: VariableValues) -> dict[str, Any]:
        """The arguments of the field where it occurs."""
        if self.fill is not None:
            return self.fill(variables.coerced)
        values = get_argument_values(self.field, self.node, variables)
        if self.asked == 1:
            self.fill = filling(self.field, self.node, variables)
        self.asked += 1
        return values


@dataclass
class Request:
    """The values of one execution: coerced variables, and what the caller shares with all fields.

    `shape` is what of the caller decides over SQL text (its language, whether it is signed in);
    `shared` holds its values (who it is). `given` are the arguments of fields of a borrowed plan, by their paths in the
    operation that it was made for, which has no values of this request. `payload` is what a mutation answers with, once it
    is known.
    """

    variables: VariableValues
    shape: Any
    shared: Mapping[str, Any]
    given: Mapping[Path, dict[str, Any]] = field(default_factory=dict)
    payload: Any = None
    _arguments: dict[Occurrence, dict[str, Any]] = field(default_factory=dict)
    _identities: dict[tuple[Occurrence, frozenset[str]], str] = field(default_factory=dict)
    _sizes: dict[Callable[["Request"], int], int] = field(default_factory=dict)

    def arguments(self, occurrence: Occurrence) -> dict[str, Any]:
        """The coerced arguments of a field where it occurs in the operation."""
        values = self._arguments.get(occurrence)
        if values is None:
            values = self.given.get(occurrence.path)
            if values is None:
                values = occurrence.arguments(self.variables)
            self._arguments[occurrence] = values
        return values

    def size(self, of: Callable[["Request"], int]) -> int:
        """How long a list is at this request, as its function tells. Asked once: there may be very many lists of it."""
        found = self._sizes.get(of)
        if found is None:
            found = self._sizes[of] = of(self)
        return found

    def identity(self, occurrence: Occurrence, leave_out: frozenset[str]) -> str:
        """The text of all of its arguments but some: what makes a list this list. Made once."""
        text = self._identities.get((occurrence, leave_out))
        if text is None:
            given = sorted(self.arguments(occurrence).items())
            text = repr([item for item in given if item[0] not in leave_out and item[1] is not None])
            self._identities[occurrence, leave_out] = text
        return text


# What most variables are, which it pays to know at sight.
SCALARS = frozenset({str, int, float})


def signature(value: Any) -> Any:
    """What of a coerced variable decides over SQL text; hashable.

    Scalars and lists of them are all alike; objects are their present fields.
    """
    if value.__class__ in SCALARS:
        return value.__class__
    if value is None or isinstance(value, (bool, enum.Enum)):
        return value
    if isinstance(value, Mapping):
        return tuple((name, signature(item)) for name, item in value.items())
    if isinstance(value, list) and value and isinstance(value[0], (enum.Enum, Mapping)):
        return ("list", *(signature(item) for item in value))
    return type(value)
