"""How an operation is written: plainly, or with all that GraphQL has to say the same in other ways."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLInputObjectType,
    GraphQLList,
    Undefined,
    get_nullable_type,
    is_non_null_type,
)

from tests.engine.operations import NODE_TYPES, ONE_OF, Field, Name, Operation


def literal(value: Any) -> str:
    """A value as GraphQL writes it."""
    if isinstance(value, Name):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {literal(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    return json.dumps(value)


def plain(chain: Sequence[Field], below: str = "") -> str:
    """One way down, to a leaf or to what is asked for below it, with nothing that can be left out."""
    text = below
    for each in reversed(chain):
        given = ", ".join(f"{name}: {literal(value)}" for name, value in each.arguments.items())
        text = f"{each.name}{f'({given})' if given else ''}{text}"
        text = f" {{ ... on {each.on} {{ {text} }} }}" if each.on else f" {{ {text} }}"
    return text


@dataclass
class Disguise:
    """Writes an operation in a way that is hard to see through; `name` sets it apart in its document."""

    random: Random
    name: str
    variables: dict[str, Any] = field(default_factory=dict)
    _declared: list[str] = field(default_factory=list)
    _fragments: list[str] = field(default_factory=list)
    _given: dict[Field, str] = field(default_factory=dict)
    _decoys: int = 0

    def written(self, operation: Operation) -> str:
        """The operation with its fragments; the variables are sent beside it."""
        selections = self._selections(operation.fields, "Query")
        declared = f"({', '.join(self._declared)})" if self._declared else ""
        definitions = [f"query {self.name}{declared} {{ {selections} }}", *self._fragments]
        self.random.shuffle(definitions)
        return "\n".join(definitions)

    def _may(self, chance: float) -> bool:
        return self.random.random() < chance

    def _selections(self, fields: Sequence[Field], typename: str) -> str:
        """The fields in their order, in fragments or not, with others in between that do not count."""
        pieces: list[str] = []
        waiting: list[str] = []
        for each in fields:
            now, later = self._parts(each)
            pieces.append(self._wrapped(now, each.on, typename, each.name))
            waiting += [self._wrapped(part, each.on, typename, each.name) for part in later]
            if self._may(0.1):
                pieces.append(self._decoy(typename))
        return " ".join([*pieces, *waiting])

    def _parts(self, each: Field) -> tuple[str, list[str]]:
        """A field, and what is said of it once more: the rest of what is below, or all again."""
        if len(each.below) > 1 and self._may(0.15):
            cut = self.random.randint(1, len(each.below) - 1)
            # Below an interface the first field tells the type, and stays first.
            return self._field(each, each.below[:cut]), [self._field(each, each.below[cut:])]
        text = self._field(each, each.below)
        return text, [text] if self._may(0.05) else []

    def _field(self, each: Field, below: Sequence[Field]) -> str:
        alias = "" if each.key == each.name else f"{each.key}: "
        selected = f" {{ {self._selections(below, _named(each))} }}" if below else ""
        directive = f" {self._condition()}" if self._may(0.1) else ""
        return f"{alias}{each.name}{self._arguments(each)}{directive}{selected}"

    def _arguments(self, each: Field) -> str:
        """Written once for each field: what is merged must be given the same, to the letter."""
        if each not in self._given:
            given = {name: self._value(each.definitions[name], value) for name, value in each.arguments.items()}
            for name, argument in each.definitions.items():
                if name not in given and not _needs(argument) and self._may(0.05):
                    given[name] = self._variable(str(get_nullable_type(argument.type)), None, given=False)
            text = ", ".join(f"{name}: {value}" for name, value in given.items())
            self._given[each] = f"({text})" if text else ""
        return self._given[each]

    def _value(self, place: Any, value: Any, *, needed: bool = False) -> str:
        """A literal, a variable, or a literal with variables in it."""
        if self._may(0.25):
            return self._variable(f"{get_nullable_type(place.type)}!" if needed else str(place.type), value)
        return self._literal(place.type, value)

    def _literal(self, type_: Any, value: Any) -> str:
        type_ = get_nullable_type(type_)
        if isinstance(value, Mapping) and isinstance(type_, GraphQLInputObjectType):
            fields = (
                f"{name}: {self._value(type_.fields[name], each, needed=type_.name in ONE_OF)}"
                for name, each in value.items()
            )
            return "{" + ", ".join(fields) + "}"
        if isinstance(value, list):
            assert isinstance(type_, GraphQLList)
            if len(value) == 1 and self._may(0.2):
                return self._literal(type_.of_type, value[0])
            return "[" + ", ".join(self._value(_Item(type_.of_type), each) for each in value) + "]"
        return literal(value)

    def _variable(self, type_: str, value: Any, *, given: bool = True) -> str:
        """A variable that is sent, or left to its default, or to nothing at all."""
        name = f"v{len(self._declared)}"
        default = ""
        if given and self._may(0.2):
            default = f" = {literal(value)}"
        elif given:
            self.variables[name] = value
            default = " = null" if not type_.endswith("!") and self._may(0.1) else ""
        self._declared.append(f"${name}: {type_}{default}")
        return f"${name}"

    def _condition(self, *, holds: bool = True) -> str:
        """A directive, or two, by which a selection counts or does not."""
        ways = [("include", holds), ("skip", not holds)]
        name, value = self.random.choice(ways)
        written = f"@{name}(if: {self._boolean(value)})"
        if self._may(0.2):
            other = next(each for each in ways if each[0] != name)
            either = other[1] if holds else self._may(0.5)
            written += f" @{other[0]}(if: {self._boolean(either)})"
        return written

    def _boolean(self, value: bool) -> str:
        return self._variable("Boolean!", value) if self._may(0.4) else literal(value)

    def _wrapped(self, text: str, on: str | None, typename: str, name: str) -> str:
        """A selection in fragments; one that belongs to a type always in one on that type."""
        if on is None and self._may(0.6):
            return text
        wanted = on or typename
        ways = [f"... on {wanted}", ""]
        if on is None:
            ways.append("...")
            if name in ("id", "__typename") and wanted in NODE_TYPES:
                ways.append("... on Node")
        written = self._in_fragment(
            self.random.choice(ways), wanted, text, self._condition if self._may(0.05) else None
        )
        return self._wrapped(written, None, typename, "") if self._may(0.1) else written

    def _in_fragment(self, way: str, typename: str, text: str, condition: Callable[[], str] | None = None) -> str:
        """A selection in an inline fragment of some way, or in a named one where there is none."""
        directive = f" {condition()}" if condition else ""
        return f"{way}{directive} {{ {text} }}" if way else f"...{self._fragment(typename, text)}{directive}"

    def _fragment(self, typename: str, text: str) -> str:
        name = f"F{len(self._fragments)}{self.name}"
        self._fragments.append(f"fragment {name} on {typename} {{ {text} }}")
        return name

    def _decoy(self, typename: str) -> str:
        """What is written and does not count."""
        self._decoys += 1
        text = f"no{self._decoys}: __typename"
        way = self.random.choice(["...", f"... on {typename}", "", None])
        if way is None:
            return f"{text} {self._condition(holds=False)}"
        return self._in_fragment(way, typename, text, lambda: self._condition(holds=False))


@dataclass(frozen=True)
class _Item:
    """A place in a list."""

    type: Any


def _named(each: Field) -> str:
    name = str(each.type_)
    return name.replace("[", "").replace("]", "").replace("!", "")


def _needs(place: Any) -> bool:
    """Whether a place takes no variable that may be left out."""
    return is_non_null_type(place.type) and place.default_value is Undefined
