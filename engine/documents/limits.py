"""Static limits of a document: how deep its fields nest, and how much of everything it selects in all.

Each fragment is measured once. Fragments that spread each other twice double at every step: in a
few hundred tokens they stand for more fields than any server can visit one by one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeGuard

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from engine.documents.definitions import fragments_of, operations_of
from engine.errors import Limit, LimitError

# What tells of the schema instead of what it is about.
INTROSPECTION = frozenset({"__schema", "__type", "_service"})


@dataclass(frozen=True)
class Limits:
    """What a document may ask for at most; what a fragment has counts wherever it is spread.

    `root_fields` are those of one operation itself. `cost` is in points (`engine/documents/costs.py`), and
    nothing is answered to whoever asks for more; nor to introspection where that is off.
    """

    tokens: int = 4_000
    depth: int = 20
    fields: int = 1_000
    root_fields: int = 50
    aliases: int = 200
    directives: int = 100
    cost: int = 60_000
    introspection: bool = True

    def check(self, tree: DocumentNode) -> None:
        """Raise LimitError for a document of which an operation goes too far."""
        sizes = Sizes(fragments_of(tree))
        for operation in operations_of(tree):
            self._check(sizes.of_operation(operation))
        if sizes.introspects and not self.introspection:
            raise LimitError(Limit.INTROSPECTION, "This server does not tell its schema: read the published one.")

    def check_cost(self, cost: int) -> None:
        """Raise LimitError for an operation that costs too much, whatever budget is left."""
        if cost > self.cost:
            message = f"The operation costs {cost} points: at most {self.cost} are answered. Ask for shorter lists."
            raise LimitError(Limit.COST, message)

    def _check(self, size: "Size") -> None:
        if size.depth > self.depth:
            raise LimitError(Limit.DEPTH, f"Fields nest {size.depth} deep: at most {self.depth} are answered.")
        for limit, found, most in (
            (Limit.FIELDS, size.fields, self.fields),
            (Limit.ROOT_FIELDS, size.width, self.root_fields),
            (Limit.ALIASES, size.aliases, self.aliases),
            (Limit.DIRECTIVES, size.directives, self.directives),
        ):
            if found > most:
                what = limit.name.lower().replace("_", " ")
                raise LimitError(limit, f"The operation has more than {most} {what}: ask for fewer at once.")


class Size(NamedTuple):
    """How deep a selection goes, and what it has with all fragments spread; `width` is its fields without those below."""

    depth: int = 0
    fields: int = 0
    width: int = 0
    aliases: int = 0
    directives: int = 0


NOTHING, LEAF = Size(), Size(1, 1, 1)


class Sizes:
    """The sizes of selections, those of fragments remembered; `introspects` as soon as one of them does."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self.introspects = False
        self._fragments = fragments
        self._known: dict[str, Size] = {}

    def of_operation(self, operation: OperationDefinitionNode) -> Size:
        """The size of an operation, with the directives of itself and of its variables."""
        variables = operation.variable_definitions or ()
        return _with(self.of(operation.selection_set), operation.directives, *(each.directives for each in variables))

    def of(self, selections: SelectionSetNode) -> Size:
        """The size of what stands between braces."""
        deepest, fields, width, aliases, directives = NOTHING
        leaves = 0
        for each in selections.selections:
            if _is_leaf(each):
                leaves += 1
                aliases += each.alias is not None
                continue
            size = self._selection(each)
            deepest = max(deepest, size.depth)
            fields += size.fields
            width += size.width
            aliases += size.aliases
            directives += size.directives
        return Size(max(deepest, min(leaves, 1)), fields + leaves, width + leaves, aliases, directives)

    def _selection(self, selection: SelectionNode) -> Size:
        match selection:
            case FieldNode():
                return self._field(selection)
            case FragmentSpreadNode():
                return _with(self._fragment(selection.name.value), selection.directives)
            case InlineFragmentNode():
                return _with(self.of(selection.selection_set), selection.directives)
        raise TypeError(selection)

    def _field(self, field: FieldNode) -> Size:
        if field.name.value in INTROSPECTION:
            self.introspects = True
        size = LEAF
        if field.selection_set is not None:
            inner = self.of(field.selection_set)
            size = Size(inner.depth + 1, inner.fields + 1, 1, inner.aliases, inner.directives)
        if field.alias is not None:
            size = size._replace(aliases=size.aliases + 1)
        return _with(size, field.directives)

    def _fragment(self, name: str) -> Size:
        if name not in self._known:
            # A fragment that spreads itself, or is not there, counts nothing: validation refuses it.
            self._known[name] = NOTHING
            if name in self._fragments:
                found = self._fragments[name]
                self._known[name] = _with(self.of(found.selection_set), found.directives)
        return self._known[name]


def _is_leaf(node: SelectionNode) -> TypeGuard[FieldNode]:
    """Whether it is a field that counts as one, and nothing else."""
    return (
        isinstance(node, FieldNode)
        and node.selection_set is None
        and not node.directives
        and node.name.value not in INTROSPECTION
    )


def _with(size: Size, *directives: Sequence[Any] | None) -> Size:
    """A size with the directives that stand beside it."""
    more = sum(len(each) for each in directives if each)
    return size._replace(directives=size.directives + more) if more else size
