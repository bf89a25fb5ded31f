"""Documents: parsed and validated once, with the plans that were made for them."""

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    parse,
    specified_rules,
    validate,
)

from engine.errors import LimitError
from engine.limits import Limits

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """A mapping that forgets what was not used for longest when it grows over its maximum."""

    def __init__(self, maximum: int) -> None:
        self.maximum = maximum
        self._items: OrderedDict[Key, Value] = OrderedDict()

    def __len__(self) -> int:
        return len(self._items)

    def get(self, key: Key) -> Value | None:
        """The value, which then counts as used."""
        value = self._items.get(key)
        if value is not None:
            self._items.move_to_end(key)
        return value

    def put(self, key: Key, value: Value) -> None:
        """Keep a value."""
        self._items[key] = value
        if len(self._items) > self.maximum:
            self._items.popitem(last=False)


@dataclass
class Document:
    """A document that is valid for the schema, and its plans by shape."""

    tree: DocumentNode
    operations: dict[str | None, OperationDefinitionNode]
    plans: Recent[Hashable, Any] = field(repr=False)

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """The operation of that name; without a name, the only one."""
        if name is None:
            operations = list(self.operations.values())
            return operations[0] if len(operations) == 1 else None
        return self.operations.get(name)


class InvalidDocument(Exception):
    """A text that does not parse or is not valid; `parsed` tells which."""

    def __init__(self, errors: Sequence[GraphQLError], *, parsed: bool) -> None:
        super().__init__(errors[0].message)
        self.errors = errors
        self.parsed = parsed


@dataclass
class Documents:
    """The valid documents seen lately: bounded in number, each bounded in size and in plans."""

    schema: GraphQLSchema
    rules: Sequence[type[ASTValidationRule]] = ()
    maximum: int = 1_000
    plans_each: int = 50
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        self._known: Recent[str, Document] = Recent(self.maximum)

    def read(self, source: str) -> Document:
        """The document of a text; raises InvalidDocument."""
        document = self._known.get(source)
        if document is None:
            document = self._checked(source)
            self._known.put(source, document)
        return document

    def _checked(self, source: str) -> Document:
        tree = self._parsed(source)
        errors = self._limit_errors(tree) or validate(self.schema, tree, [*specified_rules, *self.rules])
        if errors:
            raise InvalidDocument(errors, parsed=True)
        operations = {
            definition.name.value if definition.name else None: definition
            for definition in tree.definitions
            if isinstance(definition, OperationDefinitionNode)
        }
        return Document(tree, operations, Recent(self.plans_each))

    def _parsed(self, source: str) -> DocumentNode:
        try:
            return parse(source, max_tokens=self.limits.tokens)
        except GraphQLError as error:
            raise InvalidDocument([_limit(error.message) if _is_limit(error) else error], parsed=False) from None

    def _limit_errors(self, tree: DocumentNode) -> list[GraphQLError]:
        """What goes beyond the limits; asked before validation, whose rules would walk through all of it."""
        try:
            self.limits.check(tree)
        except LimitError as error:
            return [_limit(error.message)]
        except RecursionError:
            return [_limit("The document's fragments nest too deeply.")]
        return []


def _limit(message: str) -> GraphQLError:
    return GraphQLError(message, original_error=LimitError(message))


def _is_limit(error: GraphQLError) -> bool:
    """Whether the parser gave up on a document that is too large; it has no other sign for that."""
    return error.message.endswith("Parsing aborted.")
