"""Documents: parsed and validated once, with the plans that were made for them."""

import sys
from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, fields
from functools import partial
from operator import attrgetter
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    parse,
    validate,
)

from engine.documents.acceptance import Acceptance
from engine.documents.costs import Cost, Costs, Tariff
from engine.documents.definitions import name_of, operations_of
from engine.documents.forms import Form, form_of
from engine.documents.freshness import Freshness, Hint
from engine.documents.invalid import InvalidDocument
from engine.documents.limits import Limits
from engine.documents.rules import RULES
from engine.errors import Limit, LimitError
from engine.meanings.coercion import Variables
from engine.recent import Recent

# What a token of a parsed document takes in memory, with its node and its place. A plan takes about as much.
TOKEN_BYTES = 330


class Plans(Recent[Hashable, Any]):
    """The plans of one document by shape; `grown` is called when there is a new one."""

    def __init__(self, maximum: int, grown: Callable[[], None]) -> None:
        super().__init__(maximum)
        self._grown = grown

    def put(self, key: Hashable, value: Any, weight: int = 0) -> None:
        """Keep the plan of a shape."""
        super().put(key, value, weight)
        self._grown()


@dataclass(eq=False)
class Document:
    """A document that is valid for the schema, and its plans by shape; `is_new` until it was first asked as a query."""

    tree: DocumentNode
    operations: dict[str | None, OperationDefinitionNode]
    plans: Plans = field(repr=False)
    costs: Costs = field(repr=False)
    freshness: Freshness = field(repr=False)
    is_new: bool = True
    _known_costs: dict[int, Cost] = field(default_factory=dict, repr=False)
    _variables: dict[int, Variables] = field(default_factory=dict, repr=False)

    @property
    def weight(self) -> int:
        """How much memory it takes with its plans, in tokens."""
        assert self.tree.loc is not None
        return _text_weight(self.tree.loc.source.body) + self.tree.token_count * (1 + len(self.plans))

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """The operation of that name; without a name, the only one."""
        if name is None:
            operations = list(self.operations.values())
            return operations[0] if len(operations) == 1 else None
        return self.operations.get(name)

    def called(self, operation: OperationDefinitionNode) -> str | None:
        """The name that the client gave to one of its operations."""
        return name_of(operation)

    def cost(self, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> int:
        """The points that one of its operations costs with variables as they were sent; asking is one at least."""
        cost = self._known_costs.get(id(operation))
        if cost is None:
            cost = self._known_costs[id(operation)] = self.costs.of(operation)
        return cost.at(variables) or 1

    def hint(self, operation: OperationDefinitionNode) -> Hint:
        """How long the answer of one of its operations may be kept."""
        return self.freshness.of(self.tree, operation)

    def variables(self, schema: GraphQLSchema, operation: OperationDefinitionNode) -> Variables:
        """The variables of one of the operations."""
        found = self._variables.get(id(operation))
        if found is None:
            found = self._variables[id(operation)] = Variables(schema, operation)
        return found


# All that a document is.
SHARED = attrgetter(*(each.name for each in fields(Document)))


@dataclass(eq=False)
class Likeness(Document):
    """A new document that has the form of another one, whose tree, plans and costs it shares.

    `words` are the aliases of that one as they are here; `whole` reads the text itself, for what has to be told in its words.
    """

    form: Form = field(kw_only=True)
    words: Mapping[str, str] = field(kw_only=True)
    whole: Callable[[], Document] = field(kw_only=True)

    @classmethod
    def of(cls, original: Document, form: Form, theirs: Form, whole: Callable[[], Document]) -> "Likeness":
        """A document of some form, of which the original has its own, `theirs`."""
        words = dict(zip(theirs.aliases, form.aliases, strict=True))
        return cls(*SHARED(original), form=form, words=words, whole=whole)

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """See `Document`. A name that does not begin the text belongs to its form, and is the original's."""
        if self.form.operation is None:
            return super().operation(name)
        return super().operation(None) if name in (None, self.form.operation) else None

    def called(self, operation: OperationDefinitionNode) -> str | None:
        """See `Document`."""
        return self.form.operation or super().called(operation)


@dataclass
class Documents:
    """The valid documents seen lately, and their plans: bounded in number and in memory.

    `weight` bounds the memory of all of them, in tokens. `ways` counts the new documents that
    were known by their form, those that were accepted at sight, and those that were validated in full.
    """

    schema: GraphQLSchema
    maximum: int = 1_000
    plans_each: int = 50
    weight: int = 200_000
    limits: Limits = field(default_factory=Limits)
    tariff: Tariff = field(default_factory=Tariff)
    hints: Mapping[str, Hint] = field(default_factory=dict)
    ways: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._known: Recent[str, Document] = Recent(self.maximum, self.weight)
        # Of each form a text that was read in full, with it; and the texts that were answered as another's likeness.
        self._forms: Recent[Hashable, tuple[str, Form]] = Recent(self.maximum, self.weight // 10)
        self._alike: Recent[str, bool] = Recent(self.maximum, self.weight // 10)
        self._acceptance = Acceptance(self.schema)
        self._freshness = Freshness(self.schema, self.hints)

    def __len__(self) -> int:
        """How many documents are remembered."""
        return len(self._known)

    def read(self, source: str) -> Document:
        """The document of a text; raises InvalidDocument."""
        return self._known.get(source) or self._likeness(source) or self.whole(source)

    def _likeness(self, source: str) -> Likeness | None:
        """A new text as the likeness of another document, if one has its form. Whoever comes back is read in full."""
        if self._alike.get(source):
            return None
        form = form_of(source)
        text, theirs = (form and self._forms.get(form.key)) or (None, None)
        original = text and self._known.get(text)
        if not (form and theirs and original):
            return None
        self._alike.put(source, True, _text_weight(source))
        self.ways["alike"] += 1
        return Likeness.of(original, form, theirs, partial(self.whole, source))

    def whole(self, source: str) -> Document:
        """The document of a text, read in full if it is not known; raises InvalidDocument."""
        document = self._known.get(source)
        if document is None:
            tree = self._checked(source)
            plans = Plans(self.plans_each, partial(self._weigh, source))
            costs = Costs(self.schema, self.tariff, tree)
            document = Document(
                tree, {name_of(each): each for each in operations_of(tree)}, plans, costs, self._freshness
            )
            self._known.put(source, document, document.weight)
            self._keep_form(source, document)
        return document

    def _keep_form(self, source: str, document: Document) -> None:
        """Let a document answer for others of its form: only of one query is that known."""
        queries = [each.operation is OperationType.QUERY for each in document.operations.values()]
        form = form_of(source)
        if queries == [True] and form is not None:
            self._forms.put(form.key, (source, form), _text_weight(source))

    def _weigh(self, source: str) -> None:
        """A document has more plans than before, if it is not forgotten yet."""
        document = self._known.get(source)
        if document is not None:
            self._known.put(source, document, document.weight)

    def _checked(self, source: str) -> DocumentNode:
        tree = self._parsed(source)
        errors = self._limit_errors(tree) or self._errors(tree)
        if errors:
            raise InvalidDocument(errors, parsed=True)
        return tree

    def _parsed(self, source: str) -> DocumentNode:
        try:
            return _unlinked(parse(source, max_tokens=self.limits.tokens))
        except GraphQLError as error:
            raise InvalidDocument([_limit(_told(error)) if _is_limit(error) else error], parsed=False) from None

    def _errors(self, tree: DocumentNode) -> list[GraphQLError]:
        """What is not valid: graphql-core tells, unless it is plain that there is nothing to tell."""
        accepted = self._acceptance.accepts(tree)
        self.ways["accepted" if accepted else "validated"] += 1
        return [] if accepted else validate(self.schema, tree, RULES)

    def _limit_errors(self, tree: DocumentNode) -> list[GraphQLError]:
        """What goes beyond the limits; asked before validation, whose rules would walk through all of it."""
        try:
            self.limits.check(tree)
        except LimitError as error:
            return [_limit(error)]
        except RecursionError:
            return [_limit(LimitError(Limit.DEPTH, "The document's fragments nest too deeply."))]
        return []


def _unlinked(tree: DocumentNode) -> DocumentNode:
    """The tree without the way back from each token to the one before.

    So a document that is forgotten is freed at once. In circles it would wait for the garbage
    collector, which then would have to walk through all documents again and again.
    """
    token = tree.loc.start_token if tree.loc else None
    while token is not None:
        token.prev = None
        token = token.next
    return tree


def _text_weight(source: str) -> int:
    """How much memory a text takes, in tokens; it is kept twice where it is all one string or comment."""
    return 2 * sys.getsizeof(source) // TOKEN_BYTES


def _limit(error: LimitError) -> GraphQLError:
    return GraphQLError(error.message, original_error=error)


def _is_limit(error: GraphQLError) -> bool:
    """Whether the parser gave up on a document that is too large; it has no other sign for that."""
    return error.message.endswith("Parsing aborted.")


def _told(error: GraphQLError) -> LimitError:
    return LimitError(Limit.DEPTH if "nested too deeply" in error.message else Limit.TOKENS, error.message)
