"""How a type's field points at its meaning."""

from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

import strawberry

from engine.meanings.fields import (
    METADATA_KEY,
    Column,
    Connection,
    Decimals,
    Entities,
    GlobalId,
    Meaning,
    Nodes,
    Object,
    Objects,
    Reference,
    Representations,
)

EnumType = TypeVar("EnumType", bound=type[Enum])


class FromPlan(Exception):
    """Raised by the bodies of fields, which never run: their values come from the plan."""


def field(meaning: Meaning, description: str, name: str | None = None) -> Any:
    """A field without arguments."""
    return strawberry.field(name=name, description=description, metadata={METADATA_KEY: meaning})


def computed(meaning: Meaning, description: str, name: str | None = None) -> Callable[[Callable[..., Any]], Any]:
    """A field with arguments: decorates a function that declares them."""

    def decorate(declaration: Callable[..., Any]) -> Any:
        return strawberry.field(
            resolver=declaration, name=name, description=description, metadata={METADATA_KEY: meaning}
        )

    return decorate


def mutation(
    description: str, *, authenticated: bool = True, scope: str | None = None
) -> Callable[[Callable[..., Any]], Any]:
    """A mutation's field: decorates the function that makes the change.

    Gateways are told whether it refuses strangers, and whether all but other systems with a scope.
    """
    scopes = [] if scope is None else [[scope]]

    def decorate(change: Callable[..., Any]) -> Any:
        return strawberry.federation.mutation(
            resolver=change, description=description, authenticated=authenticated, requires_scopes=scopes
        )

    return decorate


def subscription(description: str) -> Callable[[Callable[..., Any]], Any]:
    """A subscription's field: decorates the generator of its events."""

    def decorate(events: Callable[..., Any]) -> Any:
        return strawberry.subscription(resolver=events, description=description)

    return decorate


def argument(description: str, name: str | None = None) -> Any:
    """The description of an argument, for use in `Annotated`."""
    return strawberry.argument(description=description, name=name)


def described(enumeration: EnumType, description: str, **values: str) -> EnumType:
    """Publish an enumeration with a description for itself and each of its values."""
    published = strawberry.enum(enumeration, description=description)
    definition: Any = published.__strawberry_definition__  # type: ignore[attr-defined]
    for value in definition.values:
        value.description = values[value.name]
    return published


__all__ = [
    "Column",
    "Connection",
    "Decimals",
    "Entities",
    "FromPlan",
    "GlobalId",
    "Nodes",
    "Object",
    "Objects",
    "Reference",
    "Representations",
    "argument",
    "computed",
    "described",
    "field",
    "mutation",
    "subscription",
]
