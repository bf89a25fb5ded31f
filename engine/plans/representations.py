"""Representations: objects of this graph as other graphs name them, by a type and one of its keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, BigInteger, Text

from engine.errors import ArgumentError
from engine.meanings import global_ids
from engine.meanings.arguments import UNSTORABLE, Argument, Arguments
from engine.meanings.fields import ById, Entity, Keys, Representations


class Kind(NamedTuple):
    """A type, and the key by which its objects are named."""

    type: str
    key: str


class Named(NamedTuple):
    """An object that a representation names: the value is the number in a global id, or a text."""

    kind: Kind
    value: int | str


@dataclass(eq=False)
class Representation:
    """What a gateway sent for one object, read once. It is a value, so that the number of them is no shape."""

    given: Any
    _read: Named | str | None = None

    def read(self, entities: Mapping[str, Entity]) -> Named | str:
        """What it names, or why that is nothing."""
        if self._read is None:
            self._read = _named(self.given, entities)
        return self._read


def named_in(arguments: Arguments, meaning: Representations, entities: Mapping[str, Entity]) -> Argument:
    """What the representations name, in order; one that is malformed stands for the error that tells so."""
    given: Argument = getattr(arguments, meaning.argument)

    def read(value: Sequence[Representation]) -> list[Named | ArgumentError]:
        if len(value) > meaning.maximum:
            raise ArgumentError(given.name, f"has more than {meaning.maximum}")
        found = (each.read(entities) for each in value)
        return [
            ArgumentError(f"{given.name}.{index}", each) if isinstance(each, str) else each
            for index, each in enumerate(found)
        ]

    return given.map(read)


def kinds_in(named: Argument, request: Any) -> tuple[Kind, ...]:
    """The types and keys that a request names objects by: there is a statement for each."""
    return tuple(sorted({each.kind for each in named.value(request) if isinstance(each, Named)}))


def places_of(kind: Kind, found: Sequence[Named | ArgumentError]) -> list[int]:
    """Where the objects of a kind stand among all."""
    return [place for place, each in enumerate(found) if isinstance(each, Named) and each.kind == kind]


def keys_of(kind: Kind, named: Argument, entities: Mapping[str, Entity]) -> Keys:
    """Which objects of a kind are wanted, in their order."""
    by = entities[kind.type].keys[kind.key]

    def values(found: Sequence[Named | ArgumentError]) -> list[int | str]:
        return [each.value for each in found if isinstance(each, Named) and each.kind == kind]

    if isinstance(by, ById):
        return Keys(kind.type, "id", named.map(values, ARRAY(BigInteger())))
    column = by.column if by.meant is None else "id"
    return Keys(kind.type, column, named.map(values, ARRAY(Text())), by.meant)


def _named(given: Any, entities: Mapping[str, Entity]) -> Named | str:
    typename = given.get("__typename") if isinstance(given, Mapping) else None
    entity = entities.get(typename) if isinstance(typename, str) else None
    if entity is None or not entity.keys:
        return "needs the __typename of a type with a key"
    key = next((name for name in entity.keys if name in given), None)
    if key is None:
        return f"needs a key of {typename}: {' or '.join(entity.keys)}"
    kind, value = Kind(str(typename), key), given[key]
    if not isinstance(value, str):
        return f"has a {key} that is no string"
    if isinstance(entity.keys[key], ById):
        return _identified(kind, value)
    if UNSTORABLE.search(value):
        return f"has a {key} with NUL characters or lone surrogates"
    return Named(kind, value)


def _identified(kind: Kind, value: str) -> Named | str:
    try:
        return Named(kind, global_ids.key_of(value, kind.type, kind.key))
    except ArgumentError as error:
        return f"has an {kind.key} that {error.reason}"
