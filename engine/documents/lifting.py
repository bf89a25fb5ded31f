"""Lifting: a document written once more, with variables where it has texts of its own.

Only texts that stand where an argument takes any text are lifted, so that whatever else a client writes there is as valid.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    SKIP,
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


@dataclass(frozen=True)
class Lifted:
    """A document's text with variables in it; `names` has, for each of the texts of its form, the variable that stands for it, or None.

    Where there is none, `texts` tells what alone may stand there.
    """

    source: str
    names: tuple[str | None, ...]
    texts: tuple[str, ...]

    @classmethod
    def of(cls, schema: GraphQLSchema, tree: DocumentNode, form: Form) -> "Lifted":
        """Lift the texts of a document of one operation."""
        places = _Places(schema, form.texts)
        visit(tree, TypeInfoVisitor(places.types, places))
        assert tree.loc is not None
        source = tree.loc.source.body
        prefix = _unused(source)
        names = tuple(f"{prefix}{number}" if places.lifts(number) else None for number in range(len(form.texts)))
        edits = [(start, end, f"${names[number]}") for number, start, end in places.found if names[number]]
        declared = " ".join(f"${name}: {places.kinds[number]}!" for number, name in enumerate(names) if name)
        (operation,) = operations_of(tree)
        if declared:
            edits.append(_declaration(source, operation, declared))
        return cls(_edited(source, edits), names, form.texts)

    def values(self, texts: Sequence[str]) -> dict[str, str] | None:
        """The variables of another text of the form; None where it differs in what is not lifted."""
        values = {}
        for name, own, other in zip(self.names, self.texts, texts, strict=True):
            if name is not None:
                values[name] = other
            elif own != other:
                return None
        return values


@dataclass
class _Places(Visitor):
    """Where a document has its texts, and of which types they are."""

    schema: GraphQLSchema
    texts: Sequence[str]
    found: list[tuple[int, int, int]] = field(default_factory=list)
    kinds: dict[int, GraphQLScalarType | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()
        self.types = TypeInfo(self.schema)
        self._numbers = {text: number for number, text in enumerate(self.texts)}

    def lifts(self, number: int) -> bool:
        """Whether a variable can stand wherever a text does."""
        return self.kinds.get(number) is not None

    def enter_string_value(self, node: StringValueNode, *_: Any) -> None:
        """Note where a text is, and its type if that takes any text, and is the same for all of this text."""
        number = self._numbers.get(node.value)
        if number is None or node.loc is None:
            return
        type_ = self.types.get_input_type()
        kind = next((each for each in (GraphQLString, GraphQLID) if type_ and get_nullable_type(type_) is each), None)
        self.kinds[number] = kind if self.kinds.get(number, kind) is kind else None
        self.found.append((number, node.loc.start, node.loc.end))

    def enter_directive(self, *_: Any) -> Any:
        """What a directive is given stays as it is."""
        return SKIP

    def enter_variable_definition(self, *_: Any) -> Any:
        """No variable stands in the default of another one."""
        return SKIP


def _unused(source: str) -> str:
    """A name that begins none of the document."""
    prefix = "text"
    while prefix in source:
        prefix += "_"
    return prefix


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
    for start, end, text in sorted(edits, reverse=True):
        source = source[:start] + text + source[end:]
    return source
