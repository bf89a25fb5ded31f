"""Lifting: a document written once more, with variables where it has texts of its own.

A document is lifted as a whole or not at all: each of its texts has to stand where an argument takes any text, and to mean what it
looks like. So whatever else a client writes in their places is as valid, and means what it looks like, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLID,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    StringValueNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_nullable_type,
    visit,
)

from engine.documents.definitions import operations_of
from engine.documents.forms import Form

# A declaration is six times as long as a text: a long list would be known by its form at the price of other documents.
MOST_TEXTS = 20

# What a declaration takes: a dollar, a name, a colon, a type, and that it must be there.
DECLARATION_TOKENS = 5
# And all of them together at most: their parentheses, and what kind of an operation it is.
DECLARED_TOKENS = 3


@dataclass(frozen=True)
class Lifted:
    """A document's text with variables in it, and their names in the order of the texts that they stand for."""

    source: str
    names: tuple[str, ...]

    @classmethod
    def of(cls, schema: GraphQLSchema, tree: DocumentNode, form: Form, most_tokens: int) -> "Lifted | None":
        """Lift the texts of a document of one operation; None where one of them has to stay, or there are too many, or tokens then."""
        assert tree.loc is not None
        if len(form.texts) > MOST_TEXTS:
            return None
        source = tree.loc.source.body
        places = _Places(schema, source, form.texts)
        visit(tree, TypeInfoVisitor(places.types, places))
        tokens = tree.token_count + len(places.found) + DECLARATION_TOKENS * len(form.texts) + DECLARED_TOKENS
        if places.stay or len(places.kinds) < len(form.texts) or tokens > most_tokens:
            return None
        prefix = _unused(source)
        names = tuple(f"{prefix}{number}" for number in range(len(form.texts)))
        declared = " ".join(f"${name}: {places.kinds[number]}!" for number, name in enumerate(names))
        (operation,) = operations_of(tree)
        # Spaces: what stands beside a text may begin where that ends.
        edits = [(start, end, f" ${names[number]} ") for number, start, end in places.found]
        return cls(_edited(source, [*edits, _declaration(source, operation, declared)]), names)

    def values(self, texts: Sequence[str]) -> dict[str, str]:
        """The variables of another document of the form."""
        return dict(zip(self.names, texts, strict=True))


class _Places(Visitor):
    """Where a document has its texts, by their numbers, and of which types they are; `stay` where one cannot be lifted."""

    def __init__(self, schema: GraphQLSchema, source: str, texts: Sequence[str]) -> None:
        super().__init__()
        self.types = TypeInfo(schema)
        self.found: list[tuple[int, int, int]] = []
        self.kinds: dict[int, GraphQLScalarType] = {}
        self.stay = False
        self._source = source
        self._numbers = {text: number for number, text in enumerate(texts)}
        self._fixed = 0

    def enter_string_value(self, node: StringValueNode, *_: Any) -> None:
        """Note where a text is, and its type: one of those that take any text, and the same for all that are equal."""
        assert node.loc is not None
        start, end = node.loc.start, node.loc.end
        type_ = self.types.get_input_type()
        kind = next((each for each in (GraphQLString, GraphQLID) if type_ and get_nullable_type(type_) is each), None)
        number = self._numbers.get(node.value)
        means_it = self._source[start:end] == f'"{node.value}"'
        if self._fixed or number is None or kind is None or not means_it or self.kinds.get(number, kind) is not kind:
            self.stay = True
            return
        self.kinds[number] = kind
        self.found.append((number, start, end))

    def enter_directive(self, *_: Any) -> None:
        """What a directive is given stays as it is."""
        self._fixed += 1

    def leave_directive(self, *_: Any) -> None:
        """See `enter_directive`."""
        self._fixed -= 1

    def enter_variable_definition(self, *_: Any) -> None:
        """No variable stands in the default of another one."""
        self._fixed += 1

    def leave_variable_definition(self, *_: Any) -> None:
        """See `enter_variable_definition`."""
        self._fixed -= 1


def _unused(source: str) -> str:
    """What no name in the document begins with."""
    return next(prefix for number in count() if (prefix := f"text{number}_") not in source)


def _declaration(source: str, operation: OperationDefinitionNode, declared: str) -> tuple[int, int, str]:
    """Where variables are declared beside those that there are."""
    assert operation.loc is not None
    definitions, start = operation.variable_definitions, operation.loc.start
    if definitions:
        last = definitions[-1].loc
        assert last is not None
        return last.end, last.end, f" {declared}"
    if operation.name is not None and operation.name.loc is not None:
        return operation.name.loc.end, operation.name.loc.end, f"({declared})"
    if source[start] == "{":
        return start, start, f"query({declared}) "
    return start + len("query"), start + len("query"), f"({declared})"


def _edited(source: str, edits: Sequence[tuple[int, int, str]]) -> str:
    pieces, at = [], 0
    for start, end, text in sorted(edits):
        pieces += [source[at:start], text]
        at = end
    return "".join([*pieces, source[at:]])
